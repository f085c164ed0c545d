// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine

/// Days without anybody upstream.
extension Simulation {
    /// The link goes after an hour and is back for the last hours, in which all that waits has to get through.
    func planLink() {
        guard options.offlineDays != nil else { return }
        agenda.plan(.link(isUp: false), at: .zero + .seconds(3600))
        agenda.plan(.link(isUp: true), at: faultsEnd + .seconds(-7200))
    }

    func link(isUp: Bool) {
        say("link", isUp ? "is back" : "is away")
        upstream.isDark = !isUp
    }

    /// The books of each day, and that nothing grows without an end.
    func dayEnds() {
        agenda.plan(.dayEnds, at: now + .seconds(86_400))
        checkers.report(checkers.money.dayEnds(), at: now)
        say("books", "balance, \(disk.last) records, \(unsent) unsent")
        let inFlight = gateway?.engine.recordsInFlight ?? 0
        let queues = [
            ("the agenda", agenda.count, 20_000), ("records in flight", inFlight, RecordBatch.maximumRecords),
            ("payments untold", payments.outstanding.count, 500),
            ("replies awaited", payments.awaited.count, 500),
        ]
        for (name, count, limit) in queues where count > limit {
            checkers.report("L1", "\(name): \(count), more than \(limit) at the end of a day", at: now)
        }
        settleEscapes()
    }

    /// Durable and not confirmed upstream.
    var unsent: Int64 { disk.last - disk.cursor.number }

    /// When a month's link is back, everything has arrived once: the receiver takes records in order only.
    func isAllUpstream() -> Bool {
        guard options.offlineDays != nil else { return true }
        let due = disk.durable.last {
            $0.at < now + .seconds(-120) && !Upstream.refusesAlone($0.record.sequence.number)
        }
        return upstream.received >= due?.record.sequence.number ?? 0
    }
}
