// SPDX-License-Identifier: Apache-2.0

/// A request of somebody else over the broker (MQTT 5, 4.10, request/response). Nothing of it is believed yet.
package struct BrokerCall: Hashable, Sendable {
    package var topic: String
    package var payload: [UInt8]
    /// Where its sender wants the answer; nil: nowhere.
    package var responseTopic: String?
    /// Comes back with the answer, as it was.
    package var correlation: [UInt8]?
    /// The user property `signature`.
    package var signature: String?

    package init(
        topic: String, payload: [UInt8], responseTopic: String? = nil, correlation: [UInt8]? = nil,
        signature: String? = nil
    ) {
        self.topic = topic
        self.payload = payload
        self.responseTopic = responseTopic
        self.correlation = correlation
        self.signature = signature
    }

    /// nil where no answer is wanted.
    package func answer(_ payload: [UInt8], signature: String? = nil) -> BrokerAnswer? {
        responseTopic.map {
            BrokerAnswer(topic: $0, payload: payload, correlation: correlation, signature: signature)
        }
    }
}

/// What we say to others over the broker beside the records: the answer to a call, or a call of our own.
package struct BrokerAnswer: Hashable, Sendable {
    package var topic: String
    package var payload: [UInt8]
    package var correlation: [UInt8]?
    /// The user property `signature`.
    package var signature: String?

    package init(
        topic: String, payload: [UInt8], correlation: [UInt8]? = nil, signature: String? = nil
    ) {
        self.signature = signature
        self.topic = topic
        self.payload = payload
        self.correlation = correlation
    }
}

/// Takes the calls of others. On the uplink's thread: it hands over and returns.
package protocol BrokerCalls: Sendable {
    func received(_ call: BrokerCall)
    /// Of one topic, once per connection; nil: it is subscribed.
    func subscribed(refused why: String?)
    /// What the broker did with something that we said unasked.
    func posted(_ answer: PublishAnswer)
}
