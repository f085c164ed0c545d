// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
package import GatehouseCore
package import GatehouseEngine
package import GatehouseProof

/// What the process starts from. Cheap whatever the length of the journal: the projections and the last
/// records are read, never the rest.
package struct JournalOpening: Sendable {
    package var end: JournalEnd
    /// When the last record happened, and in whose boot; nil before the first.
    package var lastRecord: StoredRecord?
    /// In key order of the table; none for who has them already.
    package var rows: [ProjectionRow]
    /// The last process closed the journal itself. A new journal counts as clean.
    package var wasClosedCleanly: Bool
    package var isNew: Bool
    /// How far upstream acknowledged, and the other cursors, by name.
    package var cursors: [String: Int64]

    package var lastSequence: Sequence { end.sequence }
}

/// Where a journal ends: two that end alike hold the same past, since the hash is that of all of it.
package struct JournalEnd: Hashable, Sendable {
    /// 0 before the first record.
    package var sequence = Sequence(0)
    package var hash = Digest.genesis

    package init() {}

    init(_ newest: JournalRow?) {
        guard let newest else { return }
        (sequence, hash) = (newest.record.sequence, newest.hash)
    }
}

/// Whether the last process ended in order: a cursor that is set last and removed first.
enum CleanMark {
    static let name = "closed"

    static func set(_ queue: DatabaseQueue) throws {
        try queue.writeWithoutTransaction { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO cursor (name, value) SELECT ?, ifnull(max(seq), 0) FROM journal",
                arguments: [name])
        }
    }

    static func isSet(_ db: Database) throws -> Bool {
        try Int64.fetchOne(db, sql: "SELECT value FROM cursor WHERE name = ?", arguments: [name]) != nil
    }

    static func remove(_ db: Database) throws {
        try db.execute(sql: "DELETE FROM cursor WHERE name = ?", arguments: [name])
    }
}

extension Journal {
    /// Records before the last whose chain is checked at every start.
    private static let tail = 32

    /// Opens or makes the journal in `folder`. Never replaces what it cannot read: a damaged journal is
    /// `.corrupt` with advice, and the folder stays as it is.
    /// - Parameters:
    ///   - mayBegin: a folder without a journal gets one. No, when there was one already: somebody may be putting it
    ///     back.
    ///   - readsRows: no, for a process that has them from `look`: it tries often, and they may be many.
    package static func open(
        _ folder: String, mayBegin: Bool = true, readsRows: Bool = true, hook: Hook? = nil,
        onResult: @escaping @Sendable (JournalResult) -> Void
    ) throws(StoreFault) -> (journal: Journal, opening: JournalOpening) {
        let folder = StoreFolder(path: folder)
        if !mayBegin { try folder.refuseLoss(traces: true) }
        try folder.make()
        // A database is begun by us only after the lock: one without is somebody's copy.
        let isOurs = folder.has(folder.lock) || !folder.has(folder.database)
        let lock = try StoreLock(folder, .alone)
        try folder.refuseLoss(traces: lock.hasTraces)
        let hasLog = folder.size(of: folder.writeAheadLog) > 0
        if hasLog { lock.excuse() }
        if !isOurs { lock.noteFound() }
        return try classifying(at: folder.path) {
            let isNew = folder.size(of: folder.database) == 0
            let writer = try StoreDatabase.openWriter(folder, mayBegin: isOurs && !lock.hasTraces)
            let (opening, ledger) = try writer.writeWithoutTransaction { db in
                let newest = try newest(db, limit: tail)
                try check(tail: newest.reversed())
                let opening = try read(db, newest: newest.first, isNew: isNew, readsRows: readsRows)
                // A process that is killed leaves a log.
                guard hasLog || opening.wasClosedCleanly || lock.isExcused || newest.isEmpty else {
                    throw StoreFault.corrupt(
                        "journal.db ends at record \(opening.lastSequence.number) and was not closed there, but "
                            + "journal.db-wal with what followed is missing. Put both files back from one copy, or "
                            + "move the folder away to start anew.")
                }
                let ledger = try LedgerRows.tree(db)
                try CleanMark.remove(db)
                return (opening, ledger)
            }
            let parts = Parts(
                folder: folder, lock: lock, writer: writer,
                checkpointer: try StoreDatabase.openCheckpointer(folder),
                reader: JournalReader(try StoreDatabase.openReader(folder)),
                last: JournalWriter.ChainEnd(
                    sequence: opening.end.sequence.number, hash: opening.end.hash, ledger: ledger),
                hook: hook)
            lock.sign()
            return (Journal(parts, onResult: onResult), opening)
        }
    }

    /// What can be read of a journal that does not open; nil when that is nothing. Writes nothing and takes no
    /// lock. The chain is not checked: of a damaged journal the rows count, if all of them can be read, because
    /// residents must come home while it is being mended.
    package static func look(into path: String) -> JournalOpening? {
        let folder = StoreFolder(path: path)
        guard folder.size(of: folder.database) > 0 else { return nil }
        // SQLite wants shared memory beside a log, which a read-only medium may not have and an empty log not need.
        for immutable in folder.size(of: folder.writeAheadLog) == 0 ? [false, true] : [false] {
            guard let queue = try? StoreDatabase.openReader(folder, immutable: immutable) else { continue }
            defer { try? queue.close() }
            // Apart: an error of damage spoils the transaction that met it.
            let last = try? queue.read { db in try newest(db, limit: 1).first }
            let found = try? queue.read { db in
                try StoreSchema.checkIsOurs(db)
                return try read(db, newest: last ?? nil, isNew: false)
            }
            if let found { return found }
        }
        return nil
    }

    private static func newest(_ db: Database, limit: Int) throws -> [JournalRow] {
        let sql = "SELECT \(JournalRow.columns) FROM \(JournalRow.source) ORDER BY j.seq DESC LIMIT \(limit)"
        return try Row.fetchAll(db, sql: sql).map { try JournalRow($0) }
    }

    private static func read(
        _ db: Database, newest: JournalRow?, isNew: Bool, readsRows: Bool = true
    ) throws -> JournalOpening {
        let wasClean = try CleanMark.isSet(db)
        var cursors: [String: Int64] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT name, value FROM cursor") {
            if let name = row.value(0) as String?, name != CleanMark.name { cursors[name] = row.value(1) }
        }
        return JournalOpening(
            end: JournalEnd(newest), lastRecord: newest?.record,
            rows: readsRows ? try ProjectionRow.fetchAll(db) : [],
            wasClosedCleanly: wasClean || isNew, isNew: isNew, cursors: cursors)
    }

    private static func check(tail rows: [JournalRow]) throws {
        guard let first = rows.first else { return }
        var previous = first.record.sequence.number == 1 ? Digest.genesis : nil
        var expected = first.record.sequence.number
        for row in rows {
            let number = row.record.sequence.number
            guard number == expected, row.payloadMatches,
                previous.map({ row.expectedHash(after: $0) == row.hash }) ?? true
            else {
                throw StoreFault.corrupt(
                    "the chain breaks at record \(number). Nothing was changed: keep the folder for the "
                        + "investigation, run `gatehouse verify --offline` on it, restore from a backup")
            }
            previous = row.hash
            expected += 1
        }
    }
}
