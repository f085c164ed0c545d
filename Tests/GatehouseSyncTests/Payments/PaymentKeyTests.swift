// SPDX-License-Identifier: Apache-2.0

import GatehouseSync
import Testing

/// Vectors computed by OpenSSL (`openssl dgst -sha256 -mac HMAC`) and by Python's hmac, which agree.
struct PaymentKeyTests {
    private static let file = Array("0123456789abcdef0123456789abcdef".utf8)
    private static let vectors: [(PaymentWord, String, String)] = [
        (
            .quote, #"{"sender":"platform","serial":"q-1","sent_ms":1772411415482,"plate":"沪A12345"}"#,
            "50b9a41b2f39a8584b3d2492ab85ba3d992ef0bac9c93ec8a2e60feb518cb228"
        ),
        (
            .payment,
            #"{"sender":"platform","serial":"4200001234202603021234567890","sent_ms":1772411415482,"#
                + #""way":"prepaid","amount":800,"paid_s":1772411400,"quote":41}"#,
            "0f0c550c13345fdf1e2cf01efa73ff9469c4d9f9113ec0f2ac4a7f51278fea85"
        ),
        (
            .cancel,
            #"{"sender":"platform","serial":"c-1","sent_ms":1772411415482,"payment":"4200001234202603021234567890"}"#,
            "e7f5b322386aac6343ba07522f613e5a97e81f86613c6c9aa1f6369bfe5c1a82"
        ),
        (
            .collection,
            #"{"sender":"platform","serial":"s-1","sent_ms":1772411415482,"order":44,"state":"refused","reason":"NO_BALANCE"}"#,
            "35b005efbaa4d45d68508a1f3207b5a2f81d10e44279d8bfba18b8eda2bf36c8"
        ),
        (
            .collect,
            #"{"sender":"gate-1","serial":"44-ask-1772411400000-1","sent_ms":1772411400000,"order":44,"asked_ms":1772411400000,"action":"ask","#
                + #""way":"scanned_code","amount":800,"currency":"CNY","stay":7,"quote":41,"lane":"south","#
                + #""plate":"沪A12345","until_ms":1772411445000,"code":"134567890123456789"}"#,
            "2e9c2d5521567d95f2232a344b6ab442703bac32e85f74b42f4a967fffc65d5c"
        ),
        (.quote, "", "1f5306b38fc088ab89eb30eb0a1ab3aa1978ace7b3c72865fbb9429a552d19c3"),
    ]

    private func key() throws -> PaymentKey { try #require(PaymentKey(file: Self.file)) }

    @Test func `signatures are those of other programs`() throws {
        for (word, body, signature) in Self.vectors {
            #expect(try key().signature(of: word, Array(body.utf8)) == signature)
            #expect(try key().isValid(signature, of: word, Array(body.utf8)))
        }
    }

    @Test func `a signature holds for its word and for no other`() throws {
        for (word, body, signature) in Self.vectors {
            for other in PaymentWord.allCases where other != word {
                #expect(try !key().isValid(signature, of: other, Array(body.utf8)))
            }
        }
    }

    @Test func `a reply is signed for its call, its serial and its bytes, and for nothing else`() throws {
        let body = Array(#"{"orders":[],"next":4}"#.utf8)
        let signature = "f9f6971c05aa8368058ad8e09d3f7d27edb53bb5a2a49f3a6a0b1eb023a54ba6"
        #expect(try key().signature(ofReplyTo: .orders, serial: "o-1", body) == signature)
        #expect(try key().signature(ofReplyTo: .orders, serial: "o-2", body) != signature)
        #expect(try key().signature(ofReplyTo: .payment, serial: "o-1", body) != signature)
        #expect(try key().signature(ofReplyTo: .orders, serial: "o-1", body + [0x20]) != signature)
        // No call could be sent by it.
        #expect(try !key().isValid(signature, of: .orders, body))
        #expect(try !key().isValid(signature, of: .collect, body))
        let reply = PaymentReply(orders: [], revision: 4)
        #expect(reply.signature == nil)
        #expect(try reply.signed(by: key(), to: .orders, serial: "o-1").signature == signature)
    }

    @Test func `one changed byte of body or signature, and it does not hold`() throws {
        let (word, text, signature) = Self.vectors[0]
        let key = try key()
        let body = Array(text.utf8)
        for index in body.indices {
            var changed = body
            changed[index] ^= 1
            #expect(!key.isValid(signature, of: word, changed))
        }
        for index in signature.indices {
            var changed = signature
            changed.replaceSubrange(index...index, with: signature[index] == "0" ? "1" : "0")
            #expect(!key.isValid(changed, of: word, body))
        }
    }

    @Test func `what is no 64 lower-case digits is no signature`() throws {
        let (word, text, signature) = Self.vectors[0]
        let forms = [
            "", " ", "0", String(signature.dropLast()), signature + "0", signature + "\n",
            signature.uppercased(), " " + signature, String(repeating: "沪", count: 64),
            String(repeating: "g", count: 64), String(repeating: "0", count: 100_000),
        ]
        for form in forms { #expect(try !key().isValid(form, of: word, Array(text.utf8))) }
    }

    @Test func `a key has 32 bytes, and a line end of the file is none of them`() throws {
        #expect(PaymentKey(file: []) == nil)
        #expect(PaymentKey(file: Array(Self.file.dropLast())) == nil)
        #expect(PaymentKey(file: Array(Self.file.dropLast()) + [0x0A]) == nil)
        let (word, text, signature) = Self.vectors[0]
        let edited = try #require(PaymentKey(file: Self.file + [0x0A]))
        #expect(edited.isValid(signature, of: word, Array(text.utf8)))
        let other = try #require(PaymentKey(file: Self.file + [0x0D, 0x0A]))
        #expect(!other.isValid(signature, of: word, Array(text.utf8)))
    }
}
