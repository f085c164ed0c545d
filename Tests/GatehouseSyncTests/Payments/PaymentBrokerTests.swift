// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseEngine
import GatehouseSync
import GatehouseTwins
import Synchronization
import Testing

/// Calls over the uplink's connection at a real broker, by clients of another make.
@Suite struct PaymentBrokerTests {
    private static let root = "gatehouse/ming/gate"

    private func with(
        settings: String = "allow_anonymous true", _ body: (Desk, Broker, PaymentPlatform) throws -> Void
    ) throws {
        let folder = NSTemporaryDirectory() + "gatehouse-payments-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let broker = try Broker(folder: folder, settings: settings)
        let key = "0123456789abcdef0123456789abcdef"
        let desk = try Desk(port: broker.port, root: Self.root, key: key)
        defer { desk.stop() }
        try waiting(for: "the subscriptions", within: .seconds(20)) {
            desk.subscriptions >= 5 ? true : nil
        }
        try body(desk, broker, PaymentPlatform(key: key, folder: folder))
    }

    @Test func `a call is answered where its sender waits, with its correlation data`() throws {
        try with { desk, broker, platform in
            let call = try platform.quote(#""plate":"沪A12345""#)
            let answer = try platform.send(call, mqtt: broker.port, root: Self.root)
            #expect(answer?.trimmingCharacters(in: .newlines) == #"{"quote":1}"#)
            let got = try #require(desk.calls.first)
            #expect(got.topic == "\(Self.root)/quote" && got.payload == Array(call.body.utf8))
            #expect(got.signature == call.signature)
            #expect(got.correlation?.starts(with: Array("k-".utf8)) == true)
            #expect(desk.words == [.quote])
        }
    }

    @Test func `a call without a response topic arrives, as often as it is sent`() throws {
        try with { desk, broker, platform in
            let call = try platform.payment("4200", amount: 800)
            for _ in 0..<3 { try platform.tell(call, mqtt: broker.port, root: Self.root) }
            try waiting(for: "three calls", within: .seconds(20)) { desk.calls.count == 3 ? true : nil }
            #expect(Set(desk.calls).count == 1 && desk.words == [.payment, .payment, .payment])
            #expect(desk.calls[0].responseTopic == nil && desk.calls[0].correlation == nil)
        }
    }

    @Test func `after the broker was away it calls us again`() throws {
        try with { desk, broker, platform in
            broker.kill(SIGKILL)
            try broker.start()
            try waiting(for: "the subscriptions anew", within: .seconds(30)) {
                desk.subscriptions >= 10 ? true : nil
            }
            let call = try platform.quote(#""lane":"south""#)
            #expect(try platform.send(call, mqtt: broker.port, root: Self.root) != nil)
        }
    }

    @Test func `a call that the broker kept from before we came is not heard`() throws {
        try with { desk, broker, platform in
            let call = try platform.payment("4200", amount: 800)
            try platform.tell(call, mqtt: broker.port, root: Self.root, isRetained: true)
            try waiting(for: "it once", within: .seconds(20)) { desk.calls.count == 1 ? true : nil }
            desk.restart()
            try waiting(for: "the subscriptions anew", within: .seconds(30)) {
                desk.subscriptions >= 10 ? true : nil
            }
            #expect(
                try platform.send(
                    try platform.quote(#""lane":"south""#), mqtt: broker.port, root: Self.root) != nil)
            #expect(desk.words == [.payment, .quote])
        }
    }

    @Test func `a body that is far too large is not taken, and the next one is`() throws {
        try with { desk, broker, platform in
            let pad = String(repeating: "x", count: 200_000)
            let large = try platform.signed("quote", #"{"pad":"\#(pad)"}"#)
            try platform.tell(large, mqtt: broker.port, root: Self.root)
            let call = try platform.quote(#""lane":"south""#)
            #expect(try platform.send(call, mqtt: broker.port, root: Self.root) != nil)
            #expect(desk.words == [.quote])
        }
    }

    @Test func `a call of ours has our signature beside it`() throws {
        try with { desk, broker, platform in
            let options = ["-F", "{%P}%p"]
            let listener = try broker.subscribe("\(Self.root)/collect", options)
            let body = #"{"order":44,"action":"ask"}"#
            desk.say(body)
            let line = try waiting(for: "the order", within: .seconds(20)) { listener.lines.first }
            let parts = line.dropFirst().split(separator: "}", maxSplits: 1)
            #expect(parts.last.map(String.init) == body)
            let signature = String(try #require(parts.first).drop { $0 != ":" }.dropFirst())
            #expect(try platform.isSigned("collect", body, by: signature), "\(line)")
        }
    }

    @Test func `an order that nobody took is not told after its end`() throws {
        try with { desk, broker, _ in
            let (topic, name) = ("\(Self.root)/collect", ["-i", "late"])
            try broker.subscribe(topic, name).stop()
            desk.say(#"{"order":1}"#, for: .seconds(1))
            desk.say(#"{"order":2}"#, for: .seconds(600))
            try waiting(for: "the broker to have both", within: .seconds(20)) {
                desk.posted == [.accepted, .accepted] ? true : nil
            }
            // A broker counts whole seconds.
            let over = TwinClock.uptime() + .seconds(3)
            try waiting(for: "the end of the first", within: .seconds(20)) {
                TwinClock.uptime() > over ? true : nil
            }
            let late = try broker.subscribe(topic, name)
            try waiting(for: "the second", within: .seconds(20)) { late.lines.isEmpty ? nil : true }
            #expect(late.lines == [#"{"order":2}"#])
        }
    }

    @Test func `an order that nobody hears is said again to who comes in time`() throws {
        try with { desk, broker, _ in
            desk.say(#"{"order":1}"#)
            try waiting(for: "the broker's word", within: .seconds(20)) {
                desk.posted.first == .noSubscribers ? true : nil
            }
            let listener = try broker.subscribe("\(Self.root)/collect")
            try waiting(for: "the order", within: .seconds(20)) { listener.lines.isEmpty ? nil : true }
            try waiting(for: "the broker's word", within: .seconds(20)) {
                desk.posted.last == .accepted ? true : nil
            }
            #expect(listener.lines == [#"{"order":1}"#])
        }
    }

    @Test func `an order that was said while the broker was away comes when it is back`() throws {
        try with { desk, broker, _ in
            broker.kill(SIGKILL)
            desk.say(#"{"order":1}"#)
            try broker.start()
            let listener = try broker.subscribe("\(Self.root)/collect")
            try waiting(for: "the order", within: .seconds(30)) { listener.lines.isEmpty ? nil : true }
            #expect(Set(listener.lines) == [#"{"order":1}"#])
        }
    }

    @Test func `records and answers share the connection and do not get in each other's way`() throws {
        try with { desk, broker, platform in
            let subscriber = try broker.subscribe("\(Self.root)/records")
            desk.append(400)
            let call = try platform.quote(#""lane":"south""#)
            #expect(try platform.send(call, mqtt: broker.port, root: Self.root) != nil)
            try waiting(for: "all records", within: .seconds(30)) {
                Set(subscriber.numbers).count == 400 ? true : nil
            }
        }
    }
}

/// Answers each signed call with its number, on a thread that is not the uplink's.
private final class Desk: BrokerCalls, UplinkListener {
    private struct State: Sendable {
        var calls: [BrokerCall] = []
        var words: [PaymentWord] = []
        var subscriptions = 0
        var said: Int64 = 0
        var posted: [PublishAnswer] = []
        var records = 0
        var running: (uplink: Uplink, ended: DispatchSemaphore)?
    }

    private let state = Mutex(State())
    private let port: UInt16
    private let topics: PaymentTopics
    private let key: PaymentKey
    private let answers = DispatchQueue(label: "answers")

    init(port: UInt16, root: String, key: String) throws {
        self.port = port
        topics = PaymentTopics(besides: "\(root)/records")
        self.key = try #require(PaymentKey(file: Array(key.utf8)))
        start()
    }

    var calls: [BrokerCall] { state.withLock { $0.calls } }
    var words: [PaymentWord] { state.withLock { $0.words } }
    var posted: [PublishAnswer] { state.withLock { $0.posted } }
    var subscriptions: Int { state.withLock { $0.subscriptions } }

    private func start() {
        var broker = BrokerSettings(
            host: "127.0.0.1", port: Int(port), usesTLS: false, clientID: "test-\(port)",
            topic: "gatehouse/ming/gate/records")
        broker.calls = topics.calls
        var settings = OutboxPump.Settings()
        settings.shortestRetry = .milliseconds(2)
        settings.longestRetry = .milliseconds(50)
        settings.acceptsNoSubscribers = true
        let uplink = Uplink(
            broker, settings, message: CloudEvent(site: "ming", gateway: "gate"),
            journal: CountedJournal { [self] in state.withLock { $0.records } }, listener: self, calls: self,
            clock: { TwinClock.uptime() })
        guard let uplink else { return }
        let ended = DispatchSemaphore(value: 0)
        state.withLock { $0.running = (uplink, ended) }
        Thread.detachNewThread {
            uplink.run()
            ended.signal()
        }
    }

    func stop() {
        let old = state.withLock { state in
            defer { state.running = nil }
            return state.running
        }
        old?.uplink.stop()
        _ = old?.ended.wait(timeout: .now() + 10)
    }

    func restart() {
        stop()
        start()
    }

    func append(_ count: Int) {
        let (uplink, last) = state.withLock { state in
            state.records += count
            return (state.running?.uplink, state.records)
        }
        uplink?.durable(through: Sequence(Int64(last)))
    }

    func say(_ body: String, for life: Duration = .seconds(60)) {
        let bytes = Array(body.utf8)
        let subject = state.withLock { state in
            state.said += 1
            return state.said
        }
        state.withLock { $0.running }?.uplink.post(
            BrokerAnswer(
                topic: topics.topic(.collect), payload: bytes, signature: key.signature(of: .collect, bytes)),
            of: subject, until: TwinClock.uptime() + life)
    }

    func posted(_ answer: PublishAnswer) { state.withLock { $0.posted.append(answer) } }

    func received(_ call: BrokerCall) {
        guard let word = topics.word(of: call.topic),
            key.isValid(call.signature ?? "", of: word, call.payload)
        else { return }
        let number = state.withLock { state in
            state.calls.append(call)
            state.words.append(word)
            return state.calls.count
        }
        guard let answer = call.answer(Array(#"{"\#(word.rawValue)":\#(number)}"#.utf8)) else { return }
        answers.async { [self] in state.withLock { $0.running }?.uplink.answer(answer) }
    }

    func subscribed(refused why: String?) {
        if why == nil { state.withLock { $0.subscriptions += 1 } }
    }

    func raise(_ fault: UplinkFault, _ detail: String) {}
    func clear(_ fault: UplinkFault) {}
    func changed(_ status: UplinkStatus) {}
    func setAside(_ sequence: Sequence, _ why: String, _ isDurable: @escaping @Sendable (Bool) -> Void) {
        isDurable(true)
    }
}

/// So many records, all alike.
private struct CountedJournal: OutboxJournal {
    let count: @Sendable () -> Int

    func outbox(after: Sequence, limit: Int) throws(StoreFault) -> [OutboxRecord] {
        let end = min(Int64(count()), after.number + Int64(limit))
        guard after.number < end else { return [] }
        return (after.number + 1...end).map { number in
            OutboxRecord(
                record: StoredRecord(
                    sequence: Sequence(number), kind: "plateRead", format: 1,
                    at: Moment(uptime: Uptime(nanoseconds: 5), wall: WallTime(milliseconds: 0)), boot: "b",
                    payload: Array("{}".utf8)), salt: [1], hash: [2])
        }
    }

    func outboxCursor() throws(StoreFault) -> Sequence { Sequence(0) }

    func moveOutboxCursor(to sequence: Sequence, _ isDurable: @escaping @Sendable (Bool) -> Void) {
        isDurable(true)
    }
}
