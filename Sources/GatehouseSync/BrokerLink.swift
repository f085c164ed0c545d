// SPDX-License-Identifier: Apache-2.0

internal import CMosquitto
internal import GatehouseCore

/// One connection at a time to the broker, by libmosquitto. Belongs to the thread that waits on it; only `ring` may
/// come from another.
@safe final class BrokerLink: @unchecked Sendable {
    enum Event: Hashable, Sendable {
        case connected(window: Int)
        /// `fault`: what kept it from coming about.
        case ended(String, fault: UplinkFault? = nil)
        case answered(Sequence, PublishAnswer)
        /// Of a letter of this number.
        case posted(Int, PublishAnswer)
        case received(BrokerCall)
        /// nil: the broker took the subscription.
        case subscribed(refused: String?)
    }

    private let settings: BrokerSettings
    private let window: Int
    private let handle: OpaquePointer
    private var sequences: [Int32: Sequence] = [:]
    /// Letters of `Postbox` that the broker has not confirmed.
    private var letters: [Int32: Int] = [:]
    /// Answers of the library itself, before anything was sent.
    private var local: [Event] = []

    /// nil without the library, memory or descriptors.
    init?(_ settings: BrokerSettings, window: Int) {
        guard let handle = unsafe gh_mqtt_new() else { return nil }
        self.settings = settings
        self.window = window
        unsafe self.handle = unsafe handle
        let texts = [
            (GH_MQTT_HOST, settings.host), (GH_MQTT_CLIENT_ID, settings.clientID),
            (GH_MQTT_USERNAME, settings.username), (GH_MQTT_PASSWORD, settings.password),
            (GH_MQTT_AUTHORITY, settings.authority), (GH_MQTT_CERTIFICATE, settings.certificate),
            (GH_MQTT_KEY, settings.key),
        ]
        for (which, text) in texts {
            if let text { unsafe gh_mqtt_set_text(handle, which, text) }
        }
    }

    deinit { unsafe gh_mqtt_free(handle) }

    func ring() { unsafe gh_mqtt_ring(handle) }

    func open() {
        sequences = [:]
        letters = [:]
        local = []
        let error = unsafe gh_mqtt_open(
            handle, Int32(clamping: settings.port), settings.usesTLS, Int32(clamping: settings.keepAlive),
            Int32(clamping: window))
        if error != 0 { local.append(failed(error)) }
    }

    func close() {
        unsafe gh_mqtt_close(handle)
        sequences = [:]
        letters = [:]
        local = []
    }

    func publish(_ sequence: Sequence, _ payload: [UInt8]) {
        var message: Int32 = 0
        let error = unsafe gh_mqtt_publish(handle, settings.topic, payload, payload.count, &message)
        if error == 0 {
            sequences[message] = sequence
        } else if gh_mqtt_is_of_message(error) {
            let why = "\(Self.words(error: error)), \(payload.count) bytes"
            local.append(.answered(sequence, .refusedAlone(why)))
        } else {
            local.append(.ended(Self.words(error: error)))
        }
    }

    /// Where the connection is gone it is lost: whoever waits for it asks again.
    func answer(_ answer: BrokerAnswer) { _ = say(answer, for: 0) }

    /// - Parameter seconds: that the broker keeps it for who is away.
    func post(_ number: Int, _ answer: BrokerAnswer, for seconds: UInt32) {
        let (error, message) = say(answer, for: seconds)
        if error == 0 {
            letters[message] = number
        } else if gh_mqtt_is_of_message(error) {
            local.append(.posted(number, .refusedAlone(Self.words(error: error))))
        } else {
            local.append(.ended(Self.words(error: error)))
        }
    }

    private func say(_ answer: BrokerAnswer, for seconds: UInt32) -> (error: Int32, message: Int32) {
        let correlation = answer.correlation ?? []
        var message: Int32 = 0
        let error = unsafe correlation.withUnsafeBufferPointer { bytes in
            unsafe gh_mqtt_answer(
                handle, answer.topic, answer.payload, answer.payload.count,
                answer.correlation == nil ? nil : bytes.baseAddress, UInt16(clamping: bytes.count),
                answer.signature, seconds, &message)
        }
        return (error, message)
    }

    /// A clean start has no subscriptions: each connection makes its own.
    private func subscribe() {
        for topic in settings.calls {
            let error = unsafe gh_mqtt_subscribe(handle, topic)
            if error != 0 { local.append(.subscribed(refused: Self.words(error: error))) }
        }
    }

    /// Until something happened, at most `timeout`; nil: no limit.
    func wait(_ timeout: Duration?) -> [Event] {
        if local.isEmpty {
            let limit = timeout.map { Int32(clamping: max(0, ($0.inNanoseconds + 999_999) / 1_000_000)) }
            unsafe gh_mqtt_wait(handle, limit ?? -1)
        }
        var events = local
        local = []
        var event = gh_mqtt_event()
        while unsafe gh_mqtt_take(handle, &event) {
            let reason = event.reason
            switch event.kind {
            case GH_MQTT_CONNECTED:
                subscribe()
                events.append(.connected(window: Int(event.maximum)))
            case GH_MQTT_SUBSCRIBED:
                let refusal = reason >= 0x80 ? Self.words(reason: reason) : nil
                events.append(.subscribed(refused: refusal))
            case GH_MQTT_RECEIVED:
                if let message = unsafe gh_mqtt_take_message(handle) {
                    unsafe events.append(.received(Self.call(message)))
                }
            case GH_MQTT_REFUSED:
                events.append(
                    .ended(
                        "refused: \(Self.words(reason: reason))", fault: Self.isOfLogin(reason) ? .login : nil
                    ))
            case GH_MQTT_ENDED:
                events.append(reason > 0 ? .ended(Self.words(reason: reason)) : failed(event.error))
            case GH_MQTT_ACKNOWLEDGED:
                if let sequence = sequences.removeValue(forKey: event.message) {
                    events.append(.answered(sequence, Self.answer(reason)))
                } else if let letter = letters.removeValue(forKey: event.message) {
                    events.append(.posted(letter, Self.answer(reason)))
                }
            default: break
            }
        }
        return events
    }

    /// Copies and frees.
    private static func call(_ message: UnsafeMutablePointer<gh_mqtt_message>) -> BrokerCall {
        defer { unsafe gh_mqtt_message_free(message) }
        let one = unsafe message.pointee
        return unsafe BrokerCall(
            topic: String(cString: one.topic),
            payload: Array(UnsafeRawBufferPointer(start: one.payload, count: one.size)),
            responseTopic: one.response_topic.map { unsafe String(cString: $0) },
            correlation: one.correlation.map {
                unsafe Array(UnsafeRawBufferPointer(start: $0, count: Int(one.correlation_size)))
            },
            signature: one.signature.map { unsafe String(cString: $0) })
    }

    private func failed(_ error: Int32) -> Event {
        let complaint = unsafe String(cString: gh_mqtt_complaint(handle))
        let words = Self.words(error: error)
        let fault: UplinkFault? =
            switch unsafe gh_mqtt_failed_at(handle) {
            case GH_MQTT_CAUSE_ADDRESS: .address
            case GH_MQTT_CAUSE_CERTIFICATE: .certificate
            default: nil
            }
        return .ended(complaint.isEmpty ? words : complaint, fault: fault)
    }

    /// CONNACK reason codes (MQTT 5, 3.2.2.2): bad user name or password, not authorized, banned, bad method.
    private static func isOfLogin(_ reason: Int32) -> Bool { [0x86, 0x87, 0x8A, 0x8C].contains(reason) }

    /// PUBACK reason codes (MQTT 5, 3.4.2.1).
    private static func answer(_ reason: Int32) -> PublishAnswer {
        switch reason {
        case 0: .accepted
        case 0x10: .noSubscribers
        case 0x95, 0x99: .refusedAlone(words(reason: reason))
        default: .refused(words(reason: reason))
        }
    }

    private static func words(reason: Int32) -> String {
        let text = unsafe String(cString: gh_mqtt_reason_text(reason))
        return "\(text) (0x\(String(reason, radix: 16)))"
    }

    private static func words(error: Int32) -> String {
        unsafe String(cString: gh_mqtt_error_text(error))
    }
}
