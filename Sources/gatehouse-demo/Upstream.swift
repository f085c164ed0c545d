// SPDX-License-Identifier: Apache-2.0

import GatehouseTwins
import Glibc

/// The company's broker, a real mosquitto on this machine, and somebody who keeps what arrives there.
final class Upstream: Sendable {
    private let broker: Broker
    private let subscriber: Subscriber

    /// As the demonstration's site names itself.
    static let source = "demo/demo-gateway"
    /// All its topics stand below this.
    static let root = "gatehouse/\(source)"

    /// A session of a subscriber outlives an orderly end of the broker, as it does at any real one.
    init(folder: String) throws {
        broker = try Broker(
            folder: folder,
            settings: "allow_anonymous true\npersistence true\npersistence_location \(folder)/")
        subscriber = try broker.subscribe("\(Self.root)/records")
    }

    /// Another one who listens there.
    func subscribe(_ topic: String, _ options: [String]) throws -> Subscriber {
        try broker.subscribe("\(Self.root)/\(topic)", options)
    }

    /// For the site file.
    var section: String { "uplink: {broker: 'mqtt://\(address)'}\n" }

    var port: UInt16 { broker.port }

    var address: String { "127.0.0.1:\(port)" }

    var lines: [String] { subscriber.lines }

    var last: Int64 { subscriber.numbers.last ?? 0 }

    func goAway() { broker.kill(SIGTERM) }

    func comeBack() throws { try broker.start() }

    func close() {
        subscriber.stop()
        broker.kill(SIGKILL)
    }
}
