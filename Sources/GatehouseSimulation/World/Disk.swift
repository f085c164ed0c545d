// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine

/// The journal's disk: one transaction at a time, of all that waits; durable is exactly what a commit made so.
/// It keeps what the gateway wrote, record by record and row by row, for recovery and for the checkers.
struct Disk {
    enum Trouble: Equatable {
        case none
        case fails(StoreFault)
        /// Commits take until then.
        case stalls(until: Uptime)
        /// The transaction is durable, its answer is an error.
        case doubts
    }

    struct Durable {
        var record: Record
        var at: Uptime
    }

    var trouble = Trouble.none
    /// How far the far end confirmed, as a power cut leaves it.
    var cursor = Sequence(0)
    private(set) var durable: [Durable] = []
    private(set) var rows = Table<ProjectionKey, [UInt8]>()
    private(set) var waiting: [Record] = []
    private(set) var writing: [Record] = []
    /// Voids the end of a commit that a crash interrupted.
    private(set) var generation = 0

    var isBusy: Bool { !writing.isEmpty }
    var last: Int64 { durable.last?.record.sequence.number ?? 0 }

    mutating func submit(_ records: [Record]) { waiting += records }

    /// Takes all that waits into a transaction.
    mutating func begin() -> Bool {
        guard writing.isEmpty, !waiting.isEmpty else { return false }
        writing = waiting
        waiting = []
        return true
    }

    /// The end of the transaction: what the writer tells and what became durable by it.
    mutating func end(at now: Uptime) -> (result: JournalResult, new: ArraySlice<Durable>) {
        let before = durable.count
        let last = last
        switch trouble {
        case .fails(let fault):
            waiting = writing + waiting
            writing = []
            return (.commitFailed(after: last, fault), [])
        case .doubts:
            store(at: now)
            waiting = writing + waiting
            writing = []
            return (.commitFailed(after: last, .failed("disk I/O error")), durable[before...])
        case .none, .stalls:
            store(at: now)
            let through = writing.last?.sequence.number ?? self.last
            writing = []
            return (.committed(through: through), durable[before...])
        }
    }

    /// Process or power gone: the transaction under way is whole or not at all.
    mutating func crash(completes: Bool, at now: Uptime) -> ArraySlice<Durable> {
        let before = durable.count
        if completes, trouble == .none { store(at: now) }
        waiting = []
        writing = []
        generation += 1
        return durable[before...]
    }

    private mutating func store(at now: Uptime) {
        let known = last
        for record in writing where record.sequence.number > known {
            durable.append(Durable(record: record, at: now))
            for change in record.changes {
                if let value = change.value { rows[change.row] = value } else { rows.remove(change.row) }
            }
        }
    }
}
