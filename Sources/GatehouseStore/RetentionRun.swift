// SPDX-License-Identifier: Apache-2.0

import GRDB
package import GatehouseCore
package import GatehouseEngine
import GatehouseProof

/// Where retention got to: cursors beside the journal's others.
private enum RetentionCursor {
    static let resume = "retention"
    static let wall = "retention.wall"
    static let uptime = "retention.uptime"
    static let boot = "retention.boot"
    static let count = "retention.count"
    static let left = "retention.left"
}

private enum PayloadRows {
    private static let header = "seq, kind, format, wall, uptime, boot, clock_quality, payload_hash, hash"

    /// Takes payload and salt out of a record; false when there was nothing to take. The row is deleted and
    /// put back without them, inside one transaction, because SQLite joins half-empty pages only when rows
    /// are deleted: an update in place would give no space back, ever.
    static func delete(_ sequence: Sequence, _ db: Database) throws -> Bool {
        let found = try db.cachedStatement(
            sql: """
                SELECT \(header) FROM journal
                WHERE seq = ? AND payload IS NOT NULL AND kind <> '\(PayloadsDeleted.kind)'
                """)
        guard let row = try Row.fetchOne(found, arguments: [sequence.number]) else { return false }
        try db.cachedStatement(sql: "DELETE FROM journal WHERE seq = ?").execute(
            arguments: [sequence.number])
        try db.cachedStatement(
            sql: "INSERT INTO journal (\(header)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: StatementArguments(row.databaseValues))
        return true
    }
}

extension Journal {
    /// Payloads deleted in one transaction.
    private static let chunk = 200

    /// What may go now; nil when nothing may, or not yet. Reads only.
    /// - Parameter boot: the boot that `now.uptime` belongs to.
    package func planRetention(
        _ policy: RetentionPolicy, now: Moment, boot: String
    ) async throws(StoreFault) -> RetentionPlan? {
        try await read { reader throws(StoreFault) in
            try reader.planRetention(policy, now: now, boot: boot)
        }
    }

    /// Deletes the plan's payloads: to be called when the plan's record is committed. Seals first, unless a
    /// seal later than all of them is there, so that the state can be folded without them, then works in bounded transactions between the commits. Safe to
    /// repeat, and to be cut off at any point. Returns how many payloads are gone.
    @discardableResult
    package func execute(_ plan: RetentionPlan) async throws(StoreFault) -> Int {
        try await walkingAlone { () throws(StoreFault) in try await delete(plan) }
    }

    private func delete(_ plan: RetentionPlan) async throws(StoreFault) -> Int {
        let newest = try await read { reader throws(StoreFault) in try reader.seals().first }
        if newest.map({ $0.sequence < plan.sequences.last ?? Sequence(0) }) ?? true {
            try await seal(at: plan.at.wall)
        }
        var count = 0
        var rest = plan.sequences[...]
        while !rest.isEmpty {
            let chunk = Array(rest.prefix(Self.chunk))
            rest = rest.dropFirst(chunk.count)
            count += try await write { db in
                try chunk.count { try PayloadRows.delete($0, db) }
            }
        }
        if plan.reason != .request { try await note(plan) }
        return count
    }

    private func note(_ plan: RetentionPlan) async throws(StoreFault) {
        try await write { db in
            var values = [(RetentionCursor.resume, plan.resumeAfter.number)]
            if let day = plan.day { values.append((RetentionCursor.left, day.left)) }
            if let day = plan.day, day.isNew {
                let number = try Int64.fetchOne(
                    db, sql: "SELECT number FROM boot WHERE id = ?", arguments: [plan.boot])
                values += [
                    (RetentionCursor.wall, plan.at.wall.milliseconds),
                    (RetentionCursor.uptime, plan.at.uptime.nanoseconds),
                    (RetentionCursor.boot, number ?? 0), (RetentionCursor.count, day.count),
                ]
            }
            for (name, value) in values {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO cursor (name, value) VALUES (?, ?)",
                    arguments: [name, value])
            }
        }
    }
}

extension JournalReader {
    func planRetention(
        _ policy: RetentionPolicy, now: Moment, boot: String
    ) throws(StoreFault) -> RetentionPlan? {
        let start = Sequence(try cursor(RetentionCursor.resume) ?? 0)
        var scan: RetentionScan
        var day: RetentionDay?
        if let bound = policy.maximumBytes, try usedBytes() > bound {
            scan = RetentionScan(policy, excess: try usedBytes() - bound, last: try count(), from: start)
        } else {
            let today = try today(policy, now, boot, after: start)
            guard today.left > 0 else { return nil }
            day = today
            scan = RetentionScan(
                policy, oldThrough: try lastOld(policy, now, after: start),
                limit: min(policy.step, Int(clamping: today.left)), from: start)
        }
        var after = start
        scanning: while true {
            let records = try records(after: after, limit: Self.maximumLimit)
            guard let last = records.last else { break }
            for record in records where !scan.take(record) { break scanning }
            after = last.sequence
        }
        guard !scan.sequences.isEmpty else { return nil }
        day?.left -= Int64(scan.sequences.count)
        return RetentionPlan(
            sequences: scan.sequences, reason: scan.reason, resumeAfter: scan.resumeAfter, day: day,
            at: now, boot: boot)
    }

    private func today(
        _ policy: RetentionPolicy, _ now: Moment, _ boot: String, after start: Sequence
    ) throws(StoreFault) -> RetentionDay {
        let count = try count()
        let before = try cursor(RetentionCursor.count) ?? count
        guard try isDue(policy, now, boot) else {
            return RetentionDay(left: try cursor(RetentionCursor.left) ?? 0, count: before, isNew: false)
        }
        let share = (count - start.number) / 100 * Int64(policy.share)
        return RetentionDay(
            left: max(Int64(policy.floor), share, 2 * (count - before)), count: count, isNew: true)
    }

    /// The last record that is old enough: before the first that can be believed and is not.
    private func lastOld(
        _ policy: RetentionPolicy, _ now: Moment, after start: Sequence
    ) throws(StoreFault) -> Sequence {
        guard now.quality == .synchronised else { return start }
        let cutoff = now.wall.milliseconds &- policy.maximumAge.inMilliseconds
        let believable = "clock_quality <> \(ClockQuality.doubtful.code) AND wall <= \(now.wall.milliseconds)"
        let end = try count()
        var young = end + 1
        var low = start.number
        while low < end {
            let found = try classifying {
                try queue.read { [low] db in
                    try Int64.fetchOne(
                        db,
                        sql:
                            "SELECT seq FROM journal WHERE seq > ? AND seq <= ? AND wall >= ? AND \(believable) "
                            + "ORDER BY seq LIMIT 1", arguments: [low, low + 20_000, cutoff])
                }
            }
            if let found {
                young = found
                break
            }
            low += 20_000
        }
        let last = try classifying {
            try queue.read { [young] db in
                try Int64.fetchOne(
                    db,
                    sql: "SELECT seq FROM journal WHERE seq > ? AND seq < ? AND \(believable) "
                        + "ORDER BY seq DESC LIMIT 1", arguments: [start.number, young])
            }
        }
        return last.map { Sequence($0) } ?? start
    }

    /// Whether the interval has passed on both clocks that can be compared.
    private func isDue(_ policy: RetentionPolicy, _ now: Moment, _ boot: String) throws(StoreFault) -> Bool {
        guard let wall = try cursor(RetentionCursor.wall),
            let uptime = try cursor(RetentionCursor.uptime), let number = try cursor(RetentionCursor.boot)
        else { return true }
        let sameBoot = try classifying {
            try queue.read { db in
                try Int64.fetchOne(db, sql: "SELECT number FROM boot WHERE id = ?", arguments: [boot])
                    == number
            }
        }
        let sinceWall = now.wall - WallTime(milliseconds: wall)
        if sameBoot {
            let sinceUptime = now.uptime - Uptime(nanoseconds: uptime)
            return sinceUptime >= policy.interval && (sinceWall >= policy.interval || sinceWall < .zero)
        }
        return sinceWall >= policy.interval || sinceWall < .zero
    }

    /// Pages in use, in bytes: the file without its free pages.
    package func usedBytes() throws(StoreFault) -> Int64 {
        try classifying {
            try queue.read { db in
                let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                let free = try Int64.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
                return (pages - free) * (try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
            }
        }
    }
}
