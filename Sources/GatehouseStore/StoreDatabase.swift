// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import GatehouseEngine

/// The one place that opens databases, because how one is opened decides what survives a power cut.
///
/// GRDB's own WAL set-up sets `synchronous = NORMAL` after every hook it offers, and with that the last
/// commits can vanish with the power. So WAL and FULL are set here, after opening and outside a
/// transaction, and read back.
enum StoreDatabase {
    /// Frames in the write-ahead log at which a commit itself checkpoints, when no idle moment came before.
    static let hardCapFrames = 4_000
    static let pageSize = 4_096

    /// - Parameter mayBegin: a database without tables gets them.
    static func openWriter(_ folder: StoreFolder, mayBegin: Bool = true) throws -> DatabaseQueue {
        var configuration = common()
        configuration.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(path: folder.database, configuration: configuration)
        try queue.writeWithoutTransaction { db in
            if !mayBegin { try StoreSchema.checkIsBegun(db) }
            let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
            guard mode == "wal" else {
                throw StoreFault.failed("this file system has no write-ahead log (mode \(mode ?? "none"))")
            }
            try db.execute(sql: "PRAGMA synchronous = FULL")
            guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2 else {
                throw StoreFault.failed("SQLite refused synchronous = FULL: commits would not be durable")
            }
            try db.execute(sql: "PRAGMA wal_autocheckpoint = \(hardCapFrames)")
            try db.execute(sql: "PRAGMA journal_size_limit = \(2 * hardCapFrames * pageSize)")
            // What is deleted is overwritten: a person's data does not linger in free pages.
            try db.execute(sql: "PRAGMA secure_delete = ON")
            try StoreSchema.migrate(db)
        }
        return queue
    }

    /// A connection that only moves pages from the log to the database, so that no commit has to.
    static func openCheckpointer(_ folder: StoreFolder) throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: folder.database, configuration: common())
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0")
        }
        return queue
    }

    /// - Parameter immutable: the medium is read-only and the log empty: SQLite then needs no shared memory.
    static func openReader(_ folder: StoreFolder, immutable: Bool = false) throws -> DatabaseQueue {
        var configuration = common()
        configuration.readonly = true
        let path =
            immutable
            ? URL(fileURLWithPath: folder.database).absoluteString + "?immutable=1" : folder.database
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private static func common() -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(0.2)
        configuration.prepareDatabase { db in
            try db.execute(
                sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY")
        }
        return configuration
    }
}
