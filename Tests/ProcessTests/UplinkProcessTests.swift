// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseSimulation
import GatehouseTwins
import Testing

/// The real daemon, a real broker and a subscriber of another make.
@Suite(.serialized) struct UplinkProcessTests {
    /// A folder for the broker that outlives the site in it.
    private func with(
        settings: String = "allow_anonymous true", extra: String = "",
        _ body: (TwinSite, Broker, Subscriber) throws -> Void
    ) throws {
        let folder = NSTemporaryDirectory() + "gatehouse-broker-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let broker = try Broker(folder: folder, settings: settings)
        let subscriber = try broker.subscribe()
        let change = { (text: String) in
            text.replacingOccurrences(of: "at: 127.0.0.1}", with: "at: 127.0.0.1, plates_per_minute: 600}")
                + "\nuplink: {broker: 'mqtt://127.0.0.1:\(broker.port)'\(extra)}\n"
        }
        try TestSite.with(change: change) { site in try body(site, broker, subscriber) }
        broker.kill(SIGKILL)
    }

    private func read(_ site: TwinSite, _ round: Int, _ count: Int) throws {
        for number in 0..<count {
            let digits = String(10_000 + round * 100 + number)
            site.northCamera.send(PlateCameraModel.Sight(plate: "京B" + digits))
            try waiting(for: "the camera's answer", within: .seconds(10)) {
                site.northCamera.isIdle ? true : nil
            }
        }
    }

    /// Everything in the journal has arrived: in order, without a gap, with the bytes that are stored.
    private func complete(_ site: TwinSite, _ subscriber: Subscriber) throws {
        let records = try site.records()
        let last = try #require(records.last?.number)
        try waiting(for: "record \(last) upstream", within: .seconds(90)) {
            subscriber.numbers.contains(last) ? true : nil
        }
        var seen: Set<Int64> = []
        let first = subscriber.numbers.filter { seen.insert($0).inserted }
        #expect(first == Array(1...(first.last ?? 1)))
        // What came again came with the same bytes.
        #expect(Set(subscriber.lines).count == first.count)
    }

    @Test func `kill -9 of the daemon, over and over: upstream gets every record in order`() throws {
        try with { site, _, subscriber in
            for round in 0..<5 {
                try site.startDaemon()
                try read(site, round, 15)
                try waiting(for: "something upstream", within: .seconds(20)) {
                    subscriber.numbers.count > round * 15 ? true : nil
                }
                try site.killDaemon()
            }
            try site.startDaemon()
            try complete(site, subscriber)
            let status = try site.gatehouse("status")
            #expect(status.output.contains("uplink up"), "\(status.output)")
        }
    }

    @Test func `kill -9 of the broker, over and over: upstream gets every record in order`() throws {
        try with { site, broker, subscriber in
            try site.startDaemon()
            for round in 0..<5 {
                try read(site, round, 10)
                broker.kill(SIGKILL)
                try read(site, round + 50, 10)
                try broker.start()
            }
            try complete(site, subscriber)
        }
    }

    @Test func `a password comes as a credential, and one that is missing is a fault that says how`() throws {
        try with(extra: ", username: gate, password: uplink-password") { site, _, subscriber in
            try site.startDaemon()
            try waiting(for: "the fault", within: .seconds(10)) {
                try site.gatehouse("faults").output.contains("LoadCredential=uplink-password") ? true : nil
            }
            #expect(subscriber.numbers.isEmpty)
        }
    }
}
