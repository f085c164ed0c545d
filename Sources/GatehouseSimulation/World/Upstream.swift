// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine

/// The far end: a line that is cut and dark for hours, a broker that refuses and repeats, and behind it a receiver that
/// knows records by number and counts each once.
struct Upstream {
    /// Nothing gets through.
    var isDark = false
    /// The broker says no to everything.
    var refuses = false
    /// Of a hundred messages so many end the connection, half of them after they arrived.
    var cutsPerHundred = 0
    /// Everything up to here has arrived, but for what the broker never takes.
    private(set) var received: Int64 = 0
    /// Of the connection that stands; 0: none.
    private(set) var connection = 0
    /// The connection on which a message was lost: nothing arrives after it.
    var cut = 0
    /// The connection on which a message was refused: so are those that follow it.
    var refusing = 0
    private var connections = 0

    mutating func connect() -> Int {
        connections += 1
        connection = connections
        return connection
    }

    mutating func hangUp() { connection = 0 }

    /// What the receiver finds wrong with it.
    mutating func arrived(_ number: Int64) -> String? {
        var next = received + 1
        while Self.refusesAlone(next) { next += 1 }
        guard number <= next else { return "upstream got record \(number) after \(received)" }
        received = max(received, number)
        return nil
    }

    /// One in a thousand records is one that this broker never takes.
    static func refusesAlone(_ number: Int64) -> Bool { number % 1000 == 777 }
}
