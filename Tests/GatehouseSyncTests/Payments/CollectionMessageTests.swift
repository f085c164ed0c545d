// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseSync
import Testing

/// Orders on the wire, byte for byte, as docs/payment-channel.md has them.
struct CollectionMessageTests {
    static func request(
        _ number: Int64 = 44, _ action: CollectionRequest.Action = .ask, way: PaymentWay = .scannedCode,
        code: String? = "134567890123456789"
    ) -> CollectionRequest {
        let order = CollectionOrder(
            stay: StayID(7), quote: Sequence(41), lane: "south", way: way, amount: Money(800),
            currency: "CNY", askedAt: WallTime(milliseconds: 1_772_411_400_000), plate: Plate("沪A12345"),
            mark: "13…/18",
            until: WallTime(milliseconds: 1_772_411_445_000))
        return CollectionRequest(
            number: Sequence(number), action: action, order: order, code: code.flatMap { PaymentCode($0) })
    }

    private static let members =
        #""order":44,"asked_ms":1772411400000,"action":"ask","way":"scanned_code","amount":800,"#
        + #""currency":"CNY","stay":7,"quote":41,"#
        + #""lane":"south","plate":"沪A12345","until_ms":1772411445000,"code":"134567890123456789"}"#

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private func read(_ word: PaymentWord, _ members: String) throws(PaymentFault) -> PaymentCall {
        try PaymentCall(word, Array("{\(PaymentCallTests.head)\(members)}".utf8))
    }

    @Test func `an order at the broker`() {
        let body = Self.request().body(
            sender: "gate-1", count: 1, at: WallTime(milliseconds: 1_772_411_400_000))
        #expect(
            text(body)
                == #"{"sender":"gate-1","serial":"44-ask-1772411400000-1","sent_ms":1772411400000,"#
                + Self.members)
    }

    @Test func `an order at the broker lasts as long as what it asks for`() {
        let asked = WallTime(milliseconds: 1_772_411_400_000)
        #expect(Self.request().life(at: asked) == .seconds(45))
        #expect(Self.request().life(at: asked + .milliseconds(44_500)) == .milliseconds(500))
        var long = Self.request(way: .plateBound, code: nil)
        long.order.until = asked + .seconds(7 * 86_400)
        #expect(long.life(at: asked) == .seconds(7 * 86_400))
        var shown = Self.request()
        shown.order.until = long.order.until
        #expect(shown.life(at: asked) == OrderBoard.codeLife, "a code is gone before")
        let late = asked + .seconds(3600)
        for action in [CollectionRequest.Action.query, .reverse] {
            #expect(Self.request(44, action, code: nil).life(at: late) == .seconds(300))
        }
    }

    @Test func `orders at the desk`() {
        let reply = PaymentReply(orders: [Self.request()], revision: 3)
        #expect(reply.status == 200)
        #expect(text(reply.body) == #"{"orders":[{"# + Self.members + #"],"next":3}"#)
        #expect(text(PaymentReply(orders: [], revision: 0).body) == #"{"orders":[],"next":0}"#)
    }

    @Test func `how an order stands`() throws {
        let call = try read(.collection, #","order":44,"state":"refused","reason":"NO_BALANCE""#)
        let answer = CollectionAnswer(order: Sequence(44), state: .refused, reason: "NO_BALANCE")
        #expect(call.request == .collection(answer))
        #expect(
            text(PaymentReply(collection: answer.order, answer.state, Sequence(50)).body)
                == #"{"record":50,"order":44,"state":"refused"}"#)
        let least = try read(.collection, #","order":44,"state":"pending""#)
        #expect(least.request == .collection(CollectionAnswer(order: Sequence(44), state: .pending)))
        let full = try read(.collection, #","order":44,"asked_ms":1772411400000,"state":"pending""#)
        let askedAt = WallTime(milliseconds: 1_772_411_400_000)
        #expect(
            full.request
                == .collection(CollectionAnswer(order: Sequence(44), askedAt: askedAt, state: .pending)))
    }

    @Test func `whoever comes says what for`() throws {
        #expect(try read(.orders, "").request == .orders(OrderQuery()))
        let call = try read(.orders, #","after":3,"wait_s":20,"ways":["etc"]"#)
        #expect(call.request == .orders(OrderQuery(after: 3, wait: 20, ways: [.etc])))
    }

    @Test func `a payment names its order`() throws {
        let call = try read(.payment, #","way":"etc","amount":800,"order":44,"asked_ms":1772411400000"#)
        guard case .payment(let notice) = call.request else { return #expect(Bool(false), "no payment") }
        #expect(notice.order == Sequence(44))
        #expect(notice.orderAskedAt == WallTime(milliseconds: 1_772_411_400_000))
    }

    @Test(arguments: [
        (PaymentWord.collection, #","state":"refused""#, "order"),
        (.collection, #","order":0,"state":"refused""#, "order"),
        (.collection, #","order":44"#, "state"),
        (.collection, #","order":44,"asked_ms":-1,"state":"refused""#, "asked_ms"),
        (.payment, #","way":"etc","amount":1,"order":4,"asked_ms":"1""#, "asked_ms"),
        (.collection, #","order":44,"state":"paid""#, "state"),
        (.collection, #","order":44,"state":"refused","reason":"a\nb""#, "reason"),
        (.collection, #","order":44,"state":"refused","reason":7"#, "reason"),
        (.orders, #","wait_s":21"#, "wait_s"), (.orders, #","wait_s":-1"#, "wait_s"),
        (.orders, #","after":-1"#, "after"), (.orders, #","ways":"etc""#, "ways"),
        (.orders, #","ways":["cash"]"#, "ways"), (.payment, #","way":"etc","amount":1,"order":0"#, "order"),
        (.collect, #","order":44"#, "collect"),
    ])
    func `what is wrong is named`(_ word: PaymentWord, _ members: String, _ key: String) {
        let fault = #expect(throws: PaymentFault.self) { try read(word, members) }
        #expect(
            fault?.code == .badRequest && fault?.message.contains(key) == true, "\(String(describing: fault))"
        )
    }

    @Test func `a reason has its bound`() throws {
        let long = String(repeating: "x", count: 256)
        _ = try read(.collection, #","order":44,"state":"refused","reason":"\#(long)""#)
        #expect(throws: PaymentFault.self) {
            try read(.collection, #","order":44,"state":"refused","reason":"\#(long)x""#)
        }
    }
}
