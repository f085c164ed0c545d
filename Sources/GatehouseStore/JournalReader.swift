// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
package import GatehouseCore
package import GatehouseEngine

/// Reads for diagnostics on a connection of their own. Transactions are short: they never hold up a
/// commit, and a checkpoint only for their own length. Calls block, most for a few milliseconds; from
/// tasks use `Journal.read`.
package final class JournalReader: Sendable {
    /// Most records that one call returns.
    package static let maximumLimit = 1_000

    let queue: DatabaseQueue

    init(_ queue: DatabaseQueue) { self.queue = queue }

    func close() throws { try queue.close() }

    /// Records looked at in one transaction: a search for a rare kind must not keep the log from being
    /// emptied while it walks through years.
    private static let window: Int64 = 5_000

    /// Ascending from the record after `sequence`, of the kinds named or of all.
    package func records(
        after sequence: Sequence, kinds: [String] = [], limit: Int
    ) throws(StoreFault) -> [StoredRecord] {
        let end = try count()
        let limit = min(max(0, limit), Self.maximumLimit)
        var found: [StoredRecord] = []
        var low = max(0, sequence.number)
        while low < end, found.count < limit {
            let high = min(low + Self.window, end)
            found += try fetch(above: low, through: high, "ASC", kinds, limit - found.count)
            low = high
        }
        return found
    }

    /// Newest first, from the record before `sequence`; nil starts at the end.
    package func records(
        before sequence: Sequence? = nil, kinds: [String] = [], limit: Int
    ) throws(StoreFault) -> [StoredRecord] {
        let limit = min(max(0, limit), Self.maximumLimit)
        var found: [StoredRecord] = []
        var high = min(try count(), max(1, sequence?.number ?? .max) - 1)
        while high > 0, found.count < limit {
            let low = max(0, high - Self.window)
            found += try fetch(above: low, through: high, "DESC", kinds, limit - found.count)
            high = low
        }
        return found
    }

    package func record(_ sequence: Sequence) throws(StoreFault) -> StoredRecord? {
        guard sequence.number > 0 else { return nil }
        return try fetch(above: sequence.number - 1, through: sequence.number, "ASC", [], 1).first
    }

    /// How many records there are: the number of the last, since there are no gaps.
    package func count() throws(StoreFault) -> Int64 {
        try classifying {
            try queue.read { db in try Int64.fetchOne(db, sql: "SELECT max(seq) FROM journal") ?? 0 }
        }
    }

    package func rows() throws(StoreFault) -> [ProjectionRow] {
        try classifying { try queue.read { db in try ProjectionRow.fetchAll(db) } }
    }

    /// Those of the keys that have a row, in one transaction.
    package func rows(_ keys: [ProjectionKey]) throws(StoreFault) -> [ProjectionRow] {
        try classifying {
            try queue.read { db in
                let statement = try db.cachedStatement(
                    sql: "SELECT tbl, key, value FROM projection WHERE tbl = ? AND key = ?")
                return try keys.compactMap { key in
                    let arguments: StatementArguments = [key.table.rawValue, Data(key.key.utf8)]
                    return try Row.fetchOne(statement, arguments: arguments).map(ProjectionRow.read)
                }
            }
        }
    }

    /// The first record at or after a civil time, for `events --since`; nil when all are older. A bisection:
    /// records stand in the order of their making, so where the clock was stepped back the answer is the
    /// first place found that separates before from after.
    package func firstSequence(since time: WallTime) throws(StoreFault) -> Sequence? {
        try classifying {
            try queue.read { db in
                var low: Int64 = 1
                let last = try Int64.fetchOne(db, sql: "SELECT max(seq) FROM journal") ?? 0
                let end = min(last, .max - 1) + 1
                var high = end
                while low < high {
                    let middle = low + (high - low) / 2
                    let wall = try Int64.fetchOne(
                        db, sql: "SELECT wall FROM journal WHERE seq = ?", arguments: [middle])
                    if let wall, wall < time.milliseconds { low = middle + 1 } else { high = middle }
                }
                return low < end ? Sequence(low) : nil
            }
        }
    }

    package func cursor(_ name: String) throws(StoreFault) -> Int64? {
        try classifying {
            try queue.read { db in
                try Int64.fetchOne(db, sql: "SELECT value FROM cursor WHERE name = ?", arguments: [name])
            }
        }
    }

    /// Hashed rows in ascending order, for verification.
    func rows(after sequence: Int64, through: Int64, limit: Int) throws(StoreFault) -> [JournalRow] {
        try classifying {
            try queue.read { db in
                let statement = try db.cachedStatement(
                    sql: """
                        SELECT \(JournalRow.columns) FROM \(JournalRow.source)
                        WHERE j.seq > ? AND j.seq <= ? ORDER BY j.seq LIMIT ?
                        """)
                return try Row.fetchAll(statement, arguments: [sequence, through, limit]).map {
                    try JournalRow($0)
                }
            }
        }
    }

    private func fetch(
        above low: Int64, through high: Int64, _ order: String, _ kinds: [String], _ limit: Int
    ) throws(StoreFault) -> [StoredRecord] {
        let marks = [String](repeating: "?", count: kinds.count).joined(separator: ",")
        let filter = kinds.isEmpty ? "" : " AND j.kind IN (\(marks))"
        let sql = """
            SELECT \(JournalRow.columns) FROM \(JournalRow.source)
            WHERE j.seq > ? AND j.seq <= ?\(filter) ORDER BY j.seq \(order) LIMIT ?
            """
        return try classifying {
            try queue.read { db in
                let arguments =
                    StatementArguments([low, high]) + StatementArguments(kinds) + StatementArguments([limit])
                return try Row.fetchAll(db, sql: sql, arguments: arguments).map { try JournalRow($0).record }
            }
        }
    }
}
