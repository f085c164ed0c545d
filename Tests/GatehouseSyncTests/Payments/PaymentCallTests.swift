// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseSync
import Testing

struct PaymentCallTests {
    static let head = #""sender":"platform","serial":"n-1","sent_ms":1772411415482"#
    private static let whole =
        "{\(head)" + #","way":"dynamic_qr","amount":800,"paid_s":1772411400,"quote":41,"stay":7,"#
        + #""lane":"south","plate":"沪A12345"}"#

    private func read(_ word: PaymentWord, _ members: String) throws(PaymentFault) -> PaymentCall {
        try PaymentCall(word, Array("{\(Self.head)\(members)}".utf8))
    }

    @Test func `a question is for a plate, a lane or a stay`() throws {
        let call = try read(.quote, #","plate":"沪A12345""#)
        #expect(call.sender == "platform" && call.serial == "n-1")
        #expect(call.sentAt == WallTime(milliseconds: 1_772_411_415_482))
        #expect(call.request == .quote(.plate(try #require(Plate("沪A12345")))))
        #expect(try read(.quote, #","lane":"south""#).request == .quote(.lane("south")))
        #expect(try read(.quote, #","stay":7"#).request == .quote(.stay(StayID(7))))
    }

    @Test func `a payment says all that it knows`() throws {
        let call = try PaymentCall(.payment, Array(Self.whole.utf8))
        let notice = PaymentNotice(
            serial: "n-1", way: .dynamicCode, amount: Money(800), paidAt: 1_772_411_400,
            quote: Sequence(41), stay: StayID(7), lane: "south", plate: Plate("沪A12345"))
        #expect(call.request == .payment(notice))
        let least = try read(.payment, #","way":"prepaid","amount":1"#)
        #expect(least.request == .payment(PaymentNotice(serial: "n-1", way: .prepaid, amount: Money(1))))
    }

    @Test func `money for a plate that cannot be read is money all the same`() throws {
        let call = try read(.payment, #","way":"prepaid","amount":1,"plate":"?""#)
        #expect(call.request == .payment(PaymentNotice(serial: "n-1", way: .prepaid, amount: Money(1))))
    }

    @Test func `a cancellation names a payment`() throws {
        #expect(try read(.cancel, #","payment":"4200""#).request == .cancel(payment: "4200"))
    }

    @Test func `what is not in the contract is passed over`() throws {
        #expect(try read(.quote, #","lane":"south","colour":[{"a":null}]"#).request == .quote(.lane("south")))
    }

    @Test(arguments: [
        (PaymentWord.quote, "", "plate"),
        (.quote, #","plate":"?""#, "plate"),
        (.quote, #","plate":"沪A12345","lane":"south""#, "lane"),
        (.quote, #","lane":"two words""#, "lane"),
        (.quote, #","stay":0"#, "stay"),
        (.quote, #","stay":-5"#, "stay"),
        (.quote, #","stay":"7""#, "stay"),
        (.payment, #","way":"prepaid""#, "amount"),
        (.payment, #","way":"prepaid","amount":0"#, "amount"),
        (.payment, #","way":"prepaid","amount":-1"#, "amount"),
        (.payment, #","way":"prepaid","amount":8.00"#, "byte"),
        (.payment, #","way":"prepaid","amount":99999999999999999999"#, "byte"),
        (.payment, #","way":"cash","amount":1"#, "way"),
        (.payment, #","way":"gold","amount":1"#, "way"),
        (.payment, #","way":"prepaid","amount":1,"paid_s":-1"#, "paid_s"),
        (.payment, #","way":"prepaid","amount":1,"paid_s":9223372036854775807"#, "paid_s"),
        (.payment, #","way":"prepaid","amount":1,"quote":-1"#, "quote"),
        (.payment, #","way":"prepaid","amount":1,"stay":0"#, "stay"),
        (.payment, #","way":"prepaid","amount":1,"lane":"""#, "lane"),
        (.cancel, "", "payment"),
        (.cancel, #","payment":"""#, "payment"),
        (.cancel, #","payment":"é""#, "payment"),
    ])
    func `what is wrong is named`(_ word: PaymentWord, _ members: String, _ key: String) {
        let fault = #expect(throws: PaymentFault.self) { try read(word, members) }
        #expect(
            fault?.code == .badRequest && fault?.message.contains(key) == true, "\(String(describing: fault))"
        )
    }

    @Test func `sender, serial and time are in every call, within their bounds`() {
        let serial = String(repeating: "9", count: 128)
        let heads: [(String, Bool)] = [
            (#""sender":"p","serial":"\#(serial)","sent_ms":0"#, true),
            (#""sender":"p","serial":"\#(serial)9","sent_ms":0"#, false),
            (#""sender":"p","serial":"","sent_ms":0"#, false),
            (#""sender":"p","serial":"a b","sent_ms":0"#, false),
            (#""sender":"","serial":"1","sent_ms":0"#, false),
            (#""sender":"\#(String(repeating: "p", count: 33))","serial":"1","sent_ms":0"#, false),
            (#""sender":"p","serial":"1","sent_ms":-1"#, false),
            (#""sender":"p","serial":"1","sent_ms":9223372036854775807"#, false),
            (#""sender":"p","serial":"1""#, false), (#""sender":"p","sent_ms":0"#, false),
            (#""serial":"1","sent_ms":0"#, false), (#""sender":1,"serial":"1","sent_ms":0"#, false),
        ]
        for (head, isGood) in heads {
            let call = try? PaymentCall(.quote, Array(#"{\#(head),"lane":"s"}"#.utf8))
            #expect((call != nil) == isGood, "\(head)")
        }
    }

    @Test func `no prefix and no changed byte traps, and every prefix is refused`() {
        let bytes = Array(Self.whole.utf8)
        for word in PaymentWord.allCases {
            for end in bytes.indices {
                #expect(throws: PaymentFault.self) { try PaymentCall(word, Array(bytes[..<end])) }
            }
            for index in bytes.indices {
                for mask in [1, 0x20, 0x80, 0xFF] as [UInt8] {
                    var changed = bytes
                    changed[index] ^= mask
                    _ = try? PaymentCall(word, changed)
                }
            }
        }
    }

    @Test func `a body may have 16 KiB`() throws {
        let start = "{\(Self.head),\"lane\":\"south\",\"pad\":\""
        func body(_ size: Int) -> [UInt8] {
            Array((start + String(repeating: "x", count: size - start.utf8.count - 2) + "\"}").utf8)
        }
        _ = try PaymentCall(.quote, body(16 << 10))
        #expect(throws: PaymentFault.self) { try PaymentCall(.quote, body((16 << 10) + 1)) }
    }
}
