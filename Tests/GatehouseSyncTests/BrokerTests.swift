// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseEngine
import GatehouseSync
import GatehouseTwins
import Synchronization
import Testing

/// The uplink at a real broker, over a real socket, with a journal in memory.
private final class Site: Sendable {
    let folder: String
    let journal: MemoryJournal
    let listener = Listener()
    private let running = Mutex<(uplink: Uplink, ended: DispatchSemaphore)?>(nil)

    init(records: Int, bytes: Int = 200) throws {
        folder = NSTemporaryDirectory() + "gatehouse-uplink-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        journal = MemoryJournal(records, bytes)
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func start(
        port: UInt16, change: (inout BrokerSettings, inout OutboxPump.Settings) -> Void = { _, _ in }
    ) throws {
        var broker = BrokerSettings(
            host: "127.0.0.1", port: Int(port), usesTLS: false, clientID: "test-\(port)",
            topic: "gatehouse/ming/gate/records")
        var settings = OutboxPump.Settings()
        settings.shortestRetry = .milliseconds(2)
        settings.longestRetry = .milliseconds(50)
        settings.answerWithin = .seconds(2)
        change(&broker, &settings)
        let uplink = Uplink(
            broker, settings, message: CloudEvent(site: "ming", gateway: "gate"), journal: journal,
            listener: listener, clock: { TwinClock.uptime() })
        guard let uplink else { throw TwinError("no uplink") }
        uplink.durable(through: Sequence(Int64(journal.count)))
        let ended = DispatchSemaphore(value: 0)
        running.withLock { $0 = (uplink, ended) }
        Thread.detachNewThread {
            uplink.run()
            ended.signal()
        }
    }

    func append(_ count: Int) {
        journal.append(count)
        running.withLock { $0 }?.uplink.durable(through: Sequence(Int64(journal.count)))
    }

    func replay(after number: Int64) { running.withLock { $0 }?.uplink.replay(after: Sequence(number)) }

    func stop() {
        let old = running.withLock { running in
            defer { running = nil }
            return running
        }
        old?.uplink.stop()
        _ = old?.ended.wait(timeout: .now() + 10)
    }
}

private final class MemoryJournal: OutboxJournal {
    private struct State: Sendable {
        var payloads: [[UInt8]] = []
        var cursor = Sequence(0)
    }

    private let state: Mutex<State>
    private let bytes: Int

    init(_ count: Int, _ bytes: Int) {
        self.bytes = bytes
        state = Mutex(State())
        append(count)
    }

    var count: Int { state.withLock { $0.payloads.count } }
    var cursor: Int64 { state.withLock { $0.cursor.number } }

    func append(_ count: Int) {
        state.withLock { state in
            for _ in 0..<count {
                let number = state.payloads.count + 1
                let pad = String(repeating: "x", count: bytes)
                state.payloads.append(Array(#"{"plate":"沪A\#(10000 + number)","pad":"\#(pad)"}"#.utf8))
            }
        }
    }

    func enlarge(_ number: Int, to size: Int) {
        state.withLock {
            $0.payloads[number - 1] = Array(#"{"pad":"\#(String(repeating: "y", count: size))"}"#.utf8)
        }
    }

    func payload(_ number: Int64) -> String {
        state.withLock { String(decoding: $0.payloads[Int(number) - 1], as: UTF8.self) }
    }

    func outbox(after: Sequence, limit: Int) throws(StoreFault) -> [OutboxRecord] {
        state.withLock { state in
            let end = min(state.payloads.count, Int(after.number) + limit)
            guard Int(after.number) < end else { return [] }
            return (Int(after.number) + 1...end).map { number in
                OutboxRecord(
                    record: StoredRecord(
                        sequence: Sequence(Int64(number)), kind: "plateRead", format: 1,
                        at: Moment(
                            uptime: Uptime(nanoseconds: 5), wall: WallTime(milliseconds: 1_772_411_415_482)),
                        boot: "b", payload: state.payloads[number - 1]), salt: [1, 255], hash: [0xAB])
            }
        }
    }

    func outboxCursor() throws(StoreFault) -> Sequence { state.withLock { $0.cursor } }

    func moveOutboxCursor(to sequence: Sequence, _ isDurable: @escaping @Sendable (Bool) -> Void) {
        state.withLock { $0.cursor = sequence }
        isDurable(true)
    }
}

private final class Listener: UplinkListener {
    private struct State: Sendable {
        var raised: [UplinkFault] = []
        var cleared: [UplinkFault] = []
        var asides: [Int64] = []
        var status: UplinkStatus?
    }

    private let state = Mutex(State())

    var raised: [UplinkFault] { state.withLock { $0.raised } }
    var cleared: [UplinkFault] { state.withLock { $0.cleared } }
    var asides: [Int64] { state.withLock { $0.asides } }
    var status: UplinkStatus? { state.withLock { $0.status } }
    var trouble: String { status?.trouble ?? "" }

    func raise(_ fault: UplinkFault, _ detail: String) { state.withLock { $0.raised.append(fault) } }
    func clear(_ fault: UplinkFault) { state.withLock { $0.cleared.append(fault) } }
    func changed(_ status: UplinkStatus) { state.withLock { $0.status = status } }

    func setAside(_ sequence: Sequence, _ why: String, _ isDurable: @escaping @Sendable (Bool) -> Void) {
        state.withLock { $0.asides.append(sequence.number) }
        isDurable(true)
    }
}

/// First arrivals, in their order.
private func distinct(_ numbers: [Int64]) -> [Int64] {
    var seen: Set<Int64> = []
    return numbers.filter { seen.insert($0).inserted }
}

@Suite(.serialized) struct BrokerTests {
    private func arrived(_ count: Int, at subscriber: Subscriber, within: Duration = .seconds(60)) throws {
        try waiting(for: "\(count) records upstream", within: within) {
            Set(subscriber.numbers).count >= count ? true : nil
        }
        #expect(distinct(subscriber.numbers) == Array(1...Int64(count)), "in order and without a gap")
    }

    @Test func `a backlog goes upstream in order, once, with the stored bytes`() throws {
        let site = try Site(records: 1500)
        let broker = try Broker(folder: site.folder)
        let subscriber = try broker.subscribe()
        try site.start(port: broker.port)
        try arrived(1500, at: subscriber)
        #expect(subscriber.numbers.count == 1500)
        let line = try #require(subscriber.lines.first { $0.contains(#""sequence":"700""#) })
        #expect(
            line == #"{"specversion":"1.0","id":"ming/gate/700","source":"/ming/gate","#
                + #""type":"gatehouse.plateRead","time":"2026-03-02T00:30:15.482Z","sequence":"700","#
                + #""recordformat":1,"boot":"b","uptime":"5","clockquality":"synchronised","salt":"01ff","#
                + #""hash":"ab","datacontenttype":"application/json","data":\#(site.journal.payload(700))}"#)
        site.append(1)
        try arrived(1501, at: subscriber)
        site.stop()
        #expect(site.journal.cursor == 1501)
    }

    @Test func `a broker that is killed over and over loses nothing`() throws {
        let site = try Site(records: 100)
        let broker = try Broker(folder: site.folder)
        let subscriber = try broker.subscribe()
        try site.start(port: broker.port)
        for _ in 0..<8 {
            site.append(300)
            try waiting(for: "some records", within: .seconds(20)) {
                site.listener.status.map { $0.acknowledged.number > 0 } ?? false ? true : nil
            }
            broker.kill(SIGKILL)
            site.append(50)
            try broker.start()
        }
        try arrived(100 + 8 * 350, at: subscriber)
    }

    @Test func `a line that flaps a thousand times loses nothing and breaks no order`() throws {
        let site = try Site(records: 4000)
        let broker = try Broker(folder: site.folder)
        let subscriber = try broker.subscribe()
        let peer = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "Peers/flapping.py").path
        let output = TextFile("\(site.folder)/flapping")
        let proxy = try output.appending { out in
            try ChildProgram.start(
                "/usr/bin/env", ["python3", peer, "\(broker.port)", "1000", "7"], output: out, errors: out)
        }
        defer { proxy.kill(SIGKILL) }
        let port = try waiting(for: "the line", within: .seconds(10)) {
            output.text.split(separator: "\n").first.flatMap { UInt16($0) }
        }
        try site.start(port: port) { _, settings in settings.longestRetry = .milliseconds(5) }
        try waiting(for: "a thousand cuts", within: .seconds(100)) {
            // Something is always on its way.
            if let status = site.listener.status, status.durable.number - status.acknowledged.number < 500 {
                site.append(500)
            }
            return output.text.contains("cut 1000") ? true : nil
        }
        try arrived(site.journal.count, at: subscriber)
    }

    @Test func `a broker that stands still and goes on again gets all`() throws {
        let site = try Site(records: 1000)
        let broker = try Broker(folder: site.folder)
        let subscriber = try broker.subscribe()
        try site.start(port: broker.port) { _, settings in
            settings.window = 5
            settings.answerWithin = .milliseconds(300)
        }
        try waiting(for: "the first records", within: .seconds(20)) {
            site.listener.status.map { $0.acknowledged > Sequence(0) } ?? false ? true : nil
        }
        broker.kill(SIGSTOP)
        site.append(500)
        try waiting(for: "the link to be left", within: .seconds(20)) {
            site.listener.trouble.contains("in time") ? true : nil
        }
        broker.kill(SIGCONT)
        try arrived(1500, at: subscriber)
    }

    @Test func `a broker that does not know us says so, and gets all when it does`() throws {
        let site = try Site(records: 10)
        let broker = try Broker(folder: site.folder, settings: "allow_anonymous false")
        try site.start(port: broker.port)
        try waiting(for: "the refusal", within: .seconds(20)) {
            site.listener.trouble.contains("authori") ? true : nil
        }
        #expect(site.journal.cursor == 0)
    }

    @Test func `a topic that is not allowed is a fault, and allowed again nothing is missing`() throws {
        let site = try Site(records: 10)
        let rules = TextFile("\(site.folder)/acl")
        try rules.write("topic read gatehouse/#\n")
        let broker = try Broker(
            folder: site.folder, settings: "allow_anonymous true\nacl_file \(rules.path)")
        let subscriber = try broker.subscribe()
        try site.start(port: broker.port)
        try waiting(for: "the fault", within: .seconds(20)) {
            site.listener.raised == [.refused] ? true : nil
        }
        #expect(site.journal.cursor == 0 && subscriber.numbers.isEmpty)
        try rules.write("topic readwrite gatehouse/#\n")
        broker.kill(SIGHUP)
        try waiting(for: "all of them", within: .seconds(60)) {
            Set(subscriber.numbers).count == 10 ? true : nil
        }
        #expect(site.listener.cleared == [.refused])
    }

    @Test func `records that nobody upstream listens to wait for somebody`() throws {
        let site = try Site(records: 10)
        let broker = try Broker(folder: site.folder)
        try site.start(port: broker.port)
        try waiting(for: "the fault", within: .seconds(20)) {
            site.listener.raised == [.noSubscribers] ? true : nil
        }
        #expect(site.listener.status?.acknowledged == Sequence(0))
        let subscriber = try broker.subscribe()
        try arrived(10, at: subscriber)
    }

    @Test func `a record that is too large for the broker is set aside and the others go on`() throws {
        let site = try Site(records: 20)
        site.journal.enlarge(7, to: 5000)
        let broker = try Broker(
            folder: site.folder, settings: "allow_anonymous true\nmessage_size_limit 2000")
        let subscriber = try broker.subscribe()
        try site.start(port: broker.port)
        try waiting(for: "the others", within: .seconds(20)) {
            site.listener.status?.acknowledged == Sequence(20) ? true : nil
        }
        #expect(distinct(subscriber.numbers) == Array(1...20).filter { $0 != 7 })
        #expect(Set(site.listener.asides) == [7])
        site.stop()
        #expect(site.journal.cursor == 20)
    }

    @Test func `a broker that lost its memory is given everything again`() throws {
        let site = try Site(records: 30)
        let broker = try Broker(folder: site.folder)
        let first = try broker.subscribe()
        try site.start(port: broker.port)
        try arrived(30, at: first)
        let second = try broker.subscribe()
        site.replay(after: 10)
        try waiting(for: "the replay", within: .seconds(20)) { second.numbers.count >= 20 ? true : nil }
        #expect(second.numbers == Array(11...30))
    }

    @Test func `a password that is wrong, a broker that is not there: the first try says which`() throws {
        let site = try Site(records: 5)
        let users = "\(site.folder)/users"
        let made = try ChildProgram.run(
            "/usr/bin/mosquitto_passwd", ["-b", "-c", users, "gate", "right"], scratch: site.folder)
        #expect(made.isSuccess, "\(made.errors)")
        let broker = try Broker(
            folder: site.folder, settings: "allow_anonymous false\npassword_file \(users)")
        let subscriber = try broker.subscribe("gatehouse/#", ["-u", "gate", "-P", "right"])
        broker.kill(SIGTERM)
        try site.start(port: broker.port) { broker, _ in
            broker.username = "gate"
            broker.password = "wrong"
        }
        try waiting(for: "the address", within: .seconds(20)) {
            site.listener.raised == [.address] ? true : nil
        }
        #expect(site.listener.trouble == "Connection refused")
        try broker.start()
        try waiting(for: "the login", within: .seconds(20)) {
            site.listener.raised == [.address, .login] ? true : nil
        }
        #expect(site.listener.cleared == [.address] && site.listener.trouble.hasPrefix("refused: Not auth"))
        site.stop()
        try site.start(port: broker.port) { broker, _ in
            broker.username = "gate"
            broker.password = "right"
        }
        try arrived(5, at: subscriber)
    }

    @Test func `a name that nobody knows and files that are not there are said at once`() throws {
        let site = try Site(records: 1)
        try site.start(port: 1883) { broker, _ in broker.host = "broker.invalid" }
        try waiting(for: "the name", within: .seconds(40)) {
            site.listener.raised == [.address] ? true : nil
        }
        site.stop()
        try site.start(port: 8883) { broker, _ in
            broker.usesTLS = true
            broker.authority = "/nowhere.pem"
        }
        try waiting(for: "the file", within: .seconds(20)) {
            site.listener.raised == [.address, .certificate] ? true : nil
        }
    }

    @Test func `over TLS a broker that the authority signed is believed and no other`() throws {
        let site = try Site(records: 5)
        for name in ["ours", "others"] {
            let made = try ChildProgram.run(
                "/usr/bin/openssl",
                [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "\(site.folder)/\(name).key",
                    "-out", "\(site.folder)/\(name).pem",
                ], scratch: site.folder)
            #expect(made.isSuccess, "\(made.errors)")
        }
        let broker = try Broker(
            folder: site.folder,
            settings:
                "allow_anonymous true\ncertfile \(site.folder)/ours.pem\nkeyfile \(site.folder)/ours.key"
        )
        let subscriber = try broker.subscribe("gatehouse/#", ["--cafile", "\(site.folder)/ours.pem"])
        try site.start(port: broker.port) { broker, _ in
            broker.usesTLS = true
            broker.authority = "\(site.folder)/others.pem"
        }
        try waiting(for: "the refusal", within: .seconds(20)) {
            site.listener.raised == [.certificate] ? true : nil
        }
        #expect(site.listener.trouble.contains("certificate verify failed"), "\(site.listener.trouble)")
        #expect(subscriber.numbers.isEmpty)
        site.stop()
        try site.start(port: broker.port) { broker, _ in
            broker.usesTLS = true
            broker.authority = "\(site.folder)/ours.pem"
        }
        try arrived(5, at: subscriber)
    }
}
