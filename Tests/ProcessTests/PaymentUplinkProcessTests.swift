// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseSimulation
import GatehouseTwins
import Glibc
import Testing

/// The payment channel over MQTT, at the real daemon and a real broker.
@Suite(.serialized) struct PaymentUplinkProcessTests {
    private static let root = "gatehouse/demo/demo-gateway"

    @Test
    func `a car is quoted and paid for over the broker, once, and also where nobody waits for the answer`()
        throws
    {
        let folder = NSTemporaryDirectory() + "gatehouse-broker-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let broker = try Broker(folder: folder)
        let uplink = "uplink: {broker: 'mqtt://127.0.0.1:\(broker.port)', no_subscribers: accepted}\n"
        try ChargingSite.with("mqtt: true", extra: uplink) { site, platform in
            let quote = try waiting(for: "a quote", within: .seconds(30)) {
                try platform.send(
                    platform.quote(#""plate":"沪A12345""#), mqtt: broker.port, root: Self.root, patience: 2)
            }
            let number = try Fields(Array(quote.utf8)).integer("quote")
            let payment = try platform.payment("4200", amount: 500, ",\"quote\":\(number)")
            let answer = try #require(try platform.send(payment, mqtt: broker.port, root: Self.root))
            #expect(try Fields(Array(answer.utf8)).string("use") == "stay")
            #expect(try platform.send(payment, mqtt: broker.port, root: Self.root) == answer)
            try platform.tell(try platform.payment("4201", amount: 100), mqtt: broker.port, root: Self.root)
            try waiting(for: "the second payment", within: .seconds(10)) {
                try ChargingSite.settled(site) == ["4200 stay", "4201 unmatched"] ? true : nil
            }
            // Who does not sign gets no answer at a place of his choice.
            var forged = try platform.quote(#""lane":"south""#)
            forged.signature = String(repeating: "0", count: 64)
            #expect(try platform.send(forged, mqtt: broker.port, root: Self.root, patience: 2) == nil)
        }
        broker.kill(SIGKILL)
    }

    @Test func `a provider at the broker is asked with our signature, and the arm rises when it has paid`()
        throws
    {
        let folder = NSTemporaryDirectory() + "gatehouse-broker-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let broker = try Broker(folder: folder)
        let uplink = "uplink: {broker: 'mqtt://127.0.0.1:\(broker.port)', no_subscribers: accepted}\n"
        try ChargingSite.with("mqtt: true", charging: ", collect: {ways: [plate_bound]}", extra: uplink) {
            site, platform in
            let listener = try broker.subscribe("\(Self.root)/collect", ["-F", "{%E %P}%p"])
            _ = try waiting(for: "the channel", within: .seconds(30)) {
                try platform.send(
                    platform.quote(#""plate":"沪A12345""#), mqtt: broker.port, root: Self.root, patience: 2)
            }
            try ChargingSite.arrive(site)
            let line = try waiting(for: "an order", within: .seconds(15)) { listener.lines.first }
            let parts = line.dropFirst().split(separator: "}", maxSplits: 1)
            let body = String(try #require(parts.last))
            let signature = String(try #require(parts.first).drop { $0 != ":" }.dropFirst())
            #expect(try platform.isSigned("collect", body, by: signature))
            // The broker keeps it no longer than the order's time, 45 s.
            let seconds = try #require(parts.first.flatMap { Int($0.prefix { $0.isNumber }) })
            #expect((1...45).contains(seconds))
            let provider = CollectingPlatform(platform, .pays)
            let order = try #require(CollectingPlatform.order(body))
            #expect(order.action == "ask" && order.way == "plate_bound" && order.plate == "沪A12345")
            let call = try #require(try provider.answer(order))
            let answer = try #require(try platform.send(call, mqtt: broker.port, root: Self.root))
            #expect(try Fields(Array(answer.utf8)).string("use") == "stay")
            try waiting(for: "the arm to be up", within: .seconds(10)) {
                site.south.with { $0.barrier.isUp } ? true : nil
            }
        }
        broker.kill(SIGKILL)
    }
}
