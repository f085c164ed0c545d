// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import GatehouseCore
import GatehouseEngine
import GatehouseProof

/// A point inside a commit where a test makes the disk fail or stall.
package enum JournalStep: Hashable, Sendable {
    case begin
    /// After the n-th record of the transaction, from 1.
    case inserted(Int)
    case beforeCommit
    /// The transaction is durable, nobody knows yet.
    case afterCommit
}

/// Puts batches of records into the database: prepared statements, hashes made inside the transaction.
/// Lives on the journal's writer thread.
struct JournalWriter {
    private let database: DatabaseQueue
    private let hook: (@Sendable (JournalStep) throws -> Void)?
    private(set) var last: ChainEnd
    private var boots: [String: Int64] = [:]
    private var salts = SaltSource()
    /// An earlier commit ended in an error. Its records may be durable all the same: look before writing.
    private var isDoubtful = false

    struct ChainEnd: Sendable {
        var sequence: Int64
        var hash: Digest
        /// The ledger as it is with that record. Copied with the rest, and so forgotten with a commit that failed.
        var ledger = MerkleFrontier()
    }

    init(
        _ database: DatabaseQueue, last: ChainEnd, hook: (@Sendable (JournalStep) throws -> Void)?
    ) {
        self.database = database
        self.last = last
        self.hook = hook
    }

    /// One durable transaction. Records already in the journal (a commit whose answer was lost) are left
    /// out. After an error nothing is known to be durable beyond `last`; call again with the same records.
    mutating func commit(_ records: [Record]) throws(StoreFault) {
        do {
            var end = last
            try database.writeWithoutTransaction { db in
                do {
                    try commit(records, &end, db)
                } catch {
                    if db.isInsideTransaction { try? db.rollback() }
                    throw error
                }
            }
            isDoubtful = false
            last = end
        } catch {
            isDoubtful = true
            boots = [:]
            throw StoreFault(error, at: database.path)
        }
    }

    private mutating func commit(_ records: [Record], _ end: inout ChainEnd, _ db: Database) throws {
        try hook?(.begin)
        try db.cachedStatement(sql: "BEGIN IMMEDIATE").execute()
        if isDoubtful { end = try lookAgain(db) }
        var count = 0
        for record in records where record.sequence.number > end.sequence {
            try insert(record, &end, db)
            for change in record.changes { try apply(change, db) }
            count += 1
            try hook?(.inserted(count))
        }
        try hook?(.beforeCommit)
        try db.cachedStatement(sql: "COMMIT").execute()
        try hook?(.afterCommit)
    }

    private func lookAgain(_ db: Database) throws -> ChainEnd {
        var found = try Self.chainEnd(db) ?? ChainEnd(sequence: 0, hash: .genesis)
        guard found.sequence >= last.sequence else {
            throw StoreFault.corrupt(
                "records \(found.sequence + 1) to \(last.sequence) were durable and are gone")
        }
        found.ledger = try LedgerRows.tree(db)
        return found
    }

    private mutating func insert(_ record: Record, _ end: inout ChainEnd, _ db: Database) throws {
        let salt = salts.next()
        let payloadHash = RecordHash.payload(salt: salt, payload: record.payload)
        let header = RecordHash.header(of: record)
        let hash = RecordHash.chain(previous: end.hash, header: header, payload: payloadHash)
        let boot = try bootNumber(record.boot, db)
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO journal (seq, kind, format, wall, uptime, boot, clock_quality, payload, salt,
                    payload_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        statement.setUncheckedArguments([
            record.sequence.number, record.kind, record.format, record.at.wall.milliseconds,
            record.at.uptime.nanoseconds, boot, Int64(record.at.quality.code), Data(record.payload),
            Data(salt), Data(payloadHash.bytes), Data(hash.bytes),
        ])
        try statement.execute()
        if LedgerRows.kinds.contains(record.kind) {
            let leaf = LedgerLeaf.hash(header: header, payloadHash: payloadHash)
            try LedgerRows.append(leaf, of: record.sequence.number, to: &end.ledger, db)
        }
        end.sequence = record.sequence.number
        end.hash = hash
    }

    private func apply(_ change: ProjectionChange, _ db: Database) throws {
        let key = Data(change.row.key.utf8)
        let statement: GRDB.Statement
        if let value = change.value {
            statement = try db.cachedStatement(
                sql: """
                    INSERT INTO projection (tbl, key, value) VALUES (?, ?, ?)
                    ON CONFLICT (tbl, key) DO UPDATE SET value = excluded.value
                    """)
            statement.setUncheckedArguments([change.row.table.rawValue, key, Data(value)])
        } else {
            statement = try db.cachedStatement(sql: "DELETE FROM projection WHERE tbl = ? AND key = ?")
            statement.setUncheckedArguments([change.row.table.rawValue, key])
        }
        try statement.execute()
    }

    /// A boot id is 36 characters; its number costs one or two bytes in every row.
    private mutating func bootNumber(_ id: String, _ db: Database) throws -> Int64 {
        if let known = boots[id] { return known }
        try db.execute(sql: "INSERT OR IGNORE INTO boot (id) VALUES (?)", arguments: [id])
        guard
            let number = try Int64.fetchOne(db, sql: "SELECT number FROM boot WHERE id = ?", arguments: [id])
        else { throw StoreFault.corrupt("table boot does not keep its rows") }
        boots[id] = number
        return number
    }

    /// Without its ledger.
    static func chainEnd(_ db: Database) throws -> ChainEnd? {
        let sql = "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1"
        guard let row = try Row.fetchOne(db, sql: sql) else { return nil }
        guard let hash = (row.value(1) as Data?).flatMap({ Digest($0) }) else {
            throw StoreFault.corrupt("the last record has no hash")
        }
        return ChainEnd(sequence: row.value(0) ?? 0, hash: hash)
    }
}
