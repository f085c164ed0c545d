// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Pairs closings of a lane's open relay with the records that commanded them, one to one, in order.
package struct OpeningLedger: Hashable, Sendable {
    package struct Excuse: Hashable, Sendable {
        package var number: Int64
        package var why: String
    }

    package private(set) var matched = 0
    /// Closings that no record explains.
    package private(set) var unrecorded: [Uptime] = []
    /// Commands that the relay never saw and nothing explains.
    package private(set) var unexplained: [Int64] = []
    /// Commands that were not carried out, with what the records or the killing say about it.
    package private(set) var excused: [Excuse] = []

    /// The longest life of an open and its exchange on the bus.
    private static let life = Duration.seconds(4)
    /// Records are stamped before the bytes go; the two clocks are read a moment apart.
    private static let tolerance = Duration.milliseconds(50)
    private static let pulse = Duration.seconds(1)

    package init(edges: [Uptime], commands: [TwinRecord], records: [TwinRecord], killedAt: [Uptime]) {
        var free = edges
        for command in commands {
            let index = free.firstIndex {
                $0 + Self.tolerance >= command.uptime && $0 - command.uptime <= Self.life
            }
            if let index {
                free.remove(at: index)
                matched += 1
            } else if let why = Self.excuse(command, edges, records, killedAt) {
                excused.append(Excuse(number: command.number, why: why))
            } else {
                unexplained.append(command.number)
            }
        }
        unrecorded = free
    }

    private static func excuse(
        _ command: TwinRecord, _ edges: [Uptime], _ records: [TwinRecord], _ killedAt: [Uptime]
    ) -> String? {
        if let why = command.whyNotCarriedOut(records, killedAt) { return why }
        let isClosed = edges.contains { $0 < command.uptime && command.uptime - $0 <= pulse }
        return isClosed ? "already closed" : nil
    }
}

extension TwinRecord {
    /// Of a recorded command: what the records or the killing say about its never having reached the relay.
    func whyNotCarriedOut(_ records: [TwinRecord], _ killedAt: [Uptime]) -> String? {
        let outcome = records.first { $0.kind == "commandPerformed" && $0.number("command") == number }
        if let said = outcome?.text("outcome"), said != "confirmed", said != "done" { return said }
        let isKilled = killedAt.contains { $0 > uptime && $0 - uptime <= .seconds(1) }
        return isKilled ? "killed" : nil
    }
}
