// SPDX-License-Identifier: Apache-2.0

import GatehouseSync
import Testing

struct PaymentTopicsTests {
    @Test func `calls stand beside the records`() {
        let topics = PaymentTopics(besides: "gatehouse/ming/gate/records")
        #expect(
            topics.calls == [
                "gatehouse/ming/gate/quote", "gatehouse/ming/gate/payment", "gatehouse/ming/gate/cancel",
                "gatehouse/ming/gate/collection", "gatehouse/ming/gate/orders",
            ])
        // What we say ourselves is nobody's call.
        #expect(topics.topic(.collect) == "gatehouse/ming/gate/collect")
        #expect(topics.word(of: "gatehouse/ming/gate/collect") == nil)
        #expect(topics.word(of: "gatehouse/ming/gate/cancel") == .cancel)
        for other in ["gatehouse/ming/gate/records", "gatehouse/ming/gate/", "quote", ""] {
            #expect(topics.word(of: other) == nil)
        }
        #expect(PaymentTopics(besides: "gate").topic(.quote) == "gate/quote")
        #expect(PaymentTopics(besides: "/gate").topic(.quote) == "/gate/quote")
    }

    @Test func `nothing is answered among our own topics, the broker's, or where no topic is`() {
        let topics = PaymentTopics(besides: "gatehouse/ming/gate/records")
        #expect(topics.mayAnswer(at: "platform/replies/1"))
        let not =
            topics.calls + [
                "gatehouse/ming/gate/collect",
                "gatehouse/ming/gate/records", "$SYS/x", "", "a/#", "a/+/b", "a\u{0}", "a\n",
                String(repeating: "a", count: 257),
            ]
        for topic in not { #expect(!topics.mayAnswer(at: topic), "\(topic)") }
    }

    @Test func `a path is a word`() {
        #expect(PaymentWord(path: "/payment") == .payment)
        for path in ["", "/", "payment", "//payment", "/payment/", "/Payment", "/records", "/collect"] {
            #expect(PaymentWord(path: path) == nil)
        }
    }
}
