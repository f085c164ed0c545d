// SPDX-License-Identifier: Apache-2.0

import GRDB
package import GatehouseCore
package import GatehouseEngine
package import GatehouseProof

/// Questions to the ledger, on the journal's reading connection. Each is one short transaction.
package struct LedgerReader: Sendable {
    let queue: DatabaseQueue

    /// Where the ledger stands, and what was signed of it last.
    package struct Standing: Hashable, Sendable {
        package var size: Int64
        package var root: Digest
        package var newest: StoredCheckpoint?
        /// Of a ledger whose records name its key; who signs has it.
        package var keys: LedgerKeys
        /// The tree of today begins with the one that was signed last.
        var continuesNewest: Bool

        /// There is something that was not signed before.
        package var isGrown: Bool { size > newest?.size ?? 0 || !continuesNewest }

        /// Whose signatures the ledger has, as far as anything tells.
        package var signedBy: (name: String, label: String)? {
            if let key = keys.current.flatMap({ try? NoteKey($0) }) { return (key.name, key.label) }
            return newest?.signature.map { ($0.name, $0.label) }
        }
    }

    package func standing() throws(StoreFault) -> Standing {
        try asking { db, nodes in
            let size = try LedgerRows.size(db)
            let newest = try Self.checkpoints(db, "ORDER BY size DESC LIMIT 1").first
            var isContinued = true
            if let newest {
                isContinued =
                    try newest.size <= size && newest.statement?.root == nodes.root(size: newest.size)
            }
            return Standing(
                size: size, root: try nodes.root(size: size), newest: newest,
                keys: try LedgerKeys(rows: ProjectionRow.fetchAll(db, of: .ledgerKey)),
                continuesNewest: isContinued)
        }
    }

    package func root(size: Int64) throws(StoreFault) -> Digest {
        try asking { _, nodes in try nodes.root(size: size) }
    }

    /// nil: the record is not about money, or there is none of that number.
    package func leaf(of record: Sequence) throws(StoreFault) -> Int64? {
        try asking { db, _ in
            try Int64.fetchOne(
                db, sql: "SELECT leaf FROM ledger_leaf WHERE seq = ?", arguments: [record.number])
        }
    }

    package func inclusionProof(leaf: Int64, size: Int64) throws(StoreFault) -> [Digest] {
        try asking { _, nodes in try nodes.inclusionProof(leaf: leaf, size: size) }
    }

    package func consistencyProof(from first: Int64, to second: Int64) throws(StoreFault) -> [Digest] {
        try asking { _, nodes in try nodes.consistencyProof(from: first, to: second) }
    }

    /// Newest first.
    package func checkpoints(limit: Int) throws(StoreFault) -> [StoredCheckpoint] {
        try asking { db, _ in try Self.checkpoints(db, "ORDER BY size DESC LIMIT \(max(0, limit))") }
    }

    /// Over at least so many leaves, the smallest that this key signed.
    package func checkpoint(
        covering size: Int64, by key: NoteKey
    ) throws(StoreFault) -> StoredCheckpoint? {
        try asking { db, _ in
            let sql =
                "SELECT \(StoredCheckpoint.columns) FROM ledger_checkpoint WHERE size >= ? ORDER BY size"
            let cursor = try Row.fetchCursor(db, sql: sql, arguments: [size])
            while let row = try cursor.next() {
                let found = try StoredCheckpoint(row)
                if found.isSigned(by: key) { return found }
            }
            return nil
        }
    }

    /// Records of money after this one, in their order: found by their leaves, however long the journal is.
    package func records(after: Sequence, limit: Int) throws(StoreFault) -> [StoredRecord] {
        let sql = """
            SELECT \(JournalRow.columns) FROM ledger_leaf l CROSS JOIN journal j ON j.seq = l.seq
            LEFT JOIN boot b ON b.number = j.boot WHERE l.seq > ? ORDER BY l.seq LIMIT ?
            """
        return try asking { db, _ in
            try Row.fetchAll(
                db, sql: sql, arguments: [after.number, min(max(0, limit), JournalReader.maximumLimit)]
            ).map { try JournalRow($0).record }
        }
    }

    /// What shows that a record is in the tree of `checkpoint`, and that the tree of `later` begins with that one; nil
    /// when there is nothing to show.
    package func proof(
        of record: Sequence, under checkpoint: StoredCheckpoint, until later: StoredCheckpoint
    ) throws(StoreFault) -> ReceiptProof? {
        try asking { db, nodes in
            let sql = "SELECT \(JournalRow.columns) FROM \(JournalRow.source) WHERE j.seq = ?"
            guard let found = try Row.fetchOne(db, sql: sql, arguments: [record.number]) else { return nil }
            let row = try JournalRow(found)
            let leaf = try Int64.fetchOne(
                db, sql: "SELECT leaf FROM ledger_leaf WHERE seq = ?", arguments: [record.number])
            guard let leaf, let salt = row.salt else { return nil }
            let isLater = later.size > checkpoint.size
            return ReceiptProof(
                record: row.record, salt: salt, leaf: leaf, size: checkpoint.size,
                path: try nodes.inclusionProof(leaf: leaf, size: checkpoint.size),
                checkpoint: checkpoint.note,
                consistency: isLater
                    ? try nodes.consistencyProof(from: checkpoint.size, to: later.size) : nil,
                consistencySize: isLater ? later.size : nil)
        }
    }

    private static func checkpoints(_ db: Database, _ rest: String) throws -> [StoredCheckpoint] {
        try Row.fetchAll(db, sql: "SELECT \(StoredCheckpoint.columns) FROM ledger_checkpoint \(rest)").map {
            try StoredCheckpoint($0)
        }
    }

    private func asking<Value>(
        _ question: (Database, LedgerNodes) throws -> Value
    ) throws(StoreFault) -> Value {
        do {
            return try queue.read { db in try question(db, LedgerNodes(database: db)) }
        } catch let fault as MerkleFault {
            throw StoreFault(fault)
        } catch { throw StoreFault(error) }
    }
}

extension JournalReader {
    package var ledger: LedgerReader { LedgerReader(queue: queue) }
}
