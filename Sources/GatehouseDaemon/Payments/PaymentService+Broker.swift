// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseSync

/// Over the uplink's broker, on the uplink's thread: whoever is at the broker may send here, only who signs is answered.
/// Nobody gets a word of ours sent to a topic of his choice without the key.
extension PaymentService: BrokerCalls {
    func received(_ call: BrokerCall) {
        guard let topics, let word = topics.word(of: call.topic) else { return }
        guard isSigned(word, call.payload, by: call.signature) else { return noteStranger("MQTT") }
        receive(word, call.payload) { [gateway] reply in
            // What wants no answer, or wants it where we say nothing, is done all the same.
            guard let answer = call.answer(reply.body, signature: reply.signature),
                topics.mayAnswer(at: answer.topic)
            else { return }
            gateway.uplink.answer(answer)
        }
    }

    func subscribed(refused why: String?) {
        guard let why else { return clear(.callsRefused) }
        raise(
            .callsRefused, .warning,
            "the broker lets nobody call us: \(why); look at the rights of uplink.username")
    }
}
