// SPDX-License-Identifier: Apache-2.0

import GRDB
import GatehouseEngine

/// The tables, as numbered steps that are never edited once released: a later need is a later step.
///
/// `journal` has no secondary index: each would cost pages in every commit, and the journal is read by
/// number. `prev` is not a column: it is the hash of the row before, and rows are never deleted.
/// `key` is a BLOB of UTF-8: compared by bytes, and a NUL in a name from upstream does not end it.
enum StoreSchema {
    /// "GHJ1": tells our file from another program's.
    static let applicationID = 0x4748_4A31

    static let steps: [String] = [
        """
        CREATE TABLE journal (
            seq INTEGER PRIMARY KEY,
            kind TEXT NOT NULL, format INTEGER NOT NULL,
            wall INTEGER NOT NULL, uptime INTEGER NOT NULL, boot INTEGER NOT NULL,
            clock_quality INTEGER NOT NULL,
            payload BLOB, salt BLOB, payload_hash BLOB NOT NULL, hash BLOB NOT NULL);
        CREATE TABLE boot (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
        CREATE TABLE projection (
            tbl TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (tbl, key)
        ) WITHOUT ROWID;
        CREATE TABLE seal (
            seq INTEGER PRIMARY KEY, wall INTEGER NOT NULL, hash BLOB NOT NULL, bytes INTEGER NOT NULL);
        CREATE TABLE seal_part (
            seq INTEGER NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (seq, part));
        CREATE TABLE cursor (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        """,
        """
        CREATE TABLE ledger_leaf (leaf INTEGER PRIMARY KEY, seq INTEGER NOT NULL UNIQUE);
        CREATE TABLE ledger_node (
            level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, idx)
        ) WITHOUT ROWID;
        CREATE TABLE ledger_checkpoint (size INTEGER PRIMARY KEY, wall INTEGER NOT NULL, note BLOB NOT NULL);
        """,
    ]
    /// The step that brought the ledger.
    private static let ledgerStep = 2

    /// Before anything is written: a file without tables is no journal.
    static func checkIsBegun(_ db: Database) throws {
        guard try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0 > 0 else {
            throw StoreFault.corrupt(
                "journal.db holds no journal: it is a copy that was made without journal.db-wal, or was not finished. "
                    + "Put both files back from one copy, or move the folder away to start anew.")
        }
    }

    static func migrate(_ db: Database) throws {
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let owner = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        guard owner == applicationID || (owner == 0 && tables == 0) else {
            throw StoreFault.corrupt("journal.db belongs to another program; it was left alone")
        }
        try checkVersion(version)
        guard version < steps.count else { return }
        try db.inTransaction(.immediate) {
            for step in steps[version...] { try db.execute(sql: step) }
            if version > 0, version < ledgerStep { try LedgerRows.takeUp(db) }
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: "PRAGMA user_version = \(steps.count)")
            return .commit
        }
    }

    static func checkIsOurs(_ db: Database) throws {
        guard try Int.fetchOne(db, sql: "PRAGMA application_id") == applicationID else {
            throw StoreFault.corrupt("journal.db belongs to another program; it was left alone")
        }
        try checkVersion(Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0)
    }

    static func checkVersion(_ version: Int) throws {
        guard version <= steps.count else {
            throw StoreFault.failed(
                "journal.db has format \(version), this program knows \(steps.count): "
                    + "it was written by a newer Gatehouse; install that version again")
        }
    }
}
