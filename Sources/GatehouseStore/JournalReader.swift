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
            found += try fetch(above: low, through: high, kinds, limit - found.count)
            low = high
        }
        return found
    }

    /// The record before the newest `count` of the kinds named or of all; 0 when there are no more than those.
    package func start(ofNewest count: Int, kinds: [String] = []) throws(StoreFault) -> Sequence {
        var high = try self.count()
        guard !kinds.isEmpty else { return Sequence(max(0, high - Int64(max(0, count)))) }
        var left = max(0, count)
        while high > 0, left > 0 {
            let low = max(0, high - Self.window)
            let found = try numbers(above: low, through: high, kinds, newest: left)
            left -= found.count
            if left == 0, let first = found.last { return Sequence(first - 1) }
            high = low
        }
        return Sequence(high)
    }

    package func record(_ sequence: Sequence) throws(StoreFault) -> StoredRecord? {
        guard sequence.number > 0 else { return nil }
        return try fetch(above: sequence.number - 1, through: sequence.number, [], 1).first
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
                // Row by row: fetching all at once copies each first.
                let cursor = try Row.fetchCursor(statement, arguments: [sequence, through, limit])
                var rows: [JournalRow] = []
                while let row = try cursor.next() { rows.append(try JournalRow(row)) }
                return rows
            }
        }
    }

    private func fetch(
        above low: Int64, through high: Int64, _ kinds: [String], _ limit: Int
    ) throws(StoreFault) -> [StoredRecord] {
        let sql = """
            SELECT \(JournalRow.columns) FROM \(JournalRow.source)
            WHERE j.seq > ? AND j.seq <= ?\(Self.filter(kinds)) ORDER BY j.seq LIMIT ?
            """
        return try classifying {
            try queue.read { db in
                try Row.fetchAll(db, sql: sql, arguments: Self.arguments(low, high, kinds, limit))
                    .map { try JournalRow($0).record }
            }
        }
    }

    private func numbers(
        above low: Int64, through high: Int64, _ kinds: [String], newest limit: Int
    ) throws(StoreFault) -> [Int64] {
        let sql = """
            SELECT j.seq FROM journal j WHERE j.seq > ? AND j.seq <= ?\(Self.filter(kinds))
            ORDER BY j.seq DESC LIMIT ?
            """
        return try classifying {
            try queue.read { db in
                try Int64.fetchAll(db, sql: sql, arguments: Self.arguments(low, high, kinds, limit))
            }
        }
    }

    private static func filter(_ kinds: [String]) -> String {
        let marks = [String](repeating: "?", count: kinds.count).joined(separator: ",")
        return kinds.isEmpty ? "" : " AND j.kind IN (\(marks))"
    }

    private static func arguments(
        _ low: Int64, _ high: Int64, _ kinds: [String], _ limit: Int
    ) -> StatementArguments {
        StatementArguments([low, high]) + StatementArguments(kinds) + StatementArguments([limit])
    }
}
