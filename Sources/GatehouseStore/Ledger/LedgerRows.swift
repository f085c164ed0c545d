// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import GatehouseCore
import GatehouseEngine
import GatehouseProof

/// The ledger's tree (RFC 9162 §2.1) in the journal's own database: records of money and of its keys are its leaves, in their order,
/// and are so in the transaction that writes them. A tree that lags behind its records could be signed without them.
///
/// Only complete subtrees are stored. They never change, so each row is written once: fewer than two for a leaf.
enum LedgerRows {
    /// Money, and whose signature is under it. A look-up for each record of the journal, so no array is walked for it.
    static let kinds = Set(MoneyFact.kinds + LedgerKeyFact.kinds)

    static func append(
        _ hash: Digest, of sequence: Int64, to tree: inout MerkleFrontier, _ db: Database
    ) throws {
        let leaf = try db.cachedStatement(sql: "INSERT INTO ledger_leaf (leaf, seq) VALUES (?, ?)")
        leaf.setUncheckedArguments([tree.size, sequence])
        try leaf.execute()
        let node = try db.cachedStatement(
            sql: "INSERT INTO ledger_node (level, idx, hash) VALUES (?, ?, ?)")
        for new in tree.append(hash) {
            node.setUncheckedArguments([new.position.level, new.position.index, Data(new.hash.bytes)])
            try node.execute()
        }
    }

    static func size(_ db: Database) throws -> Int64 {
        // A damaged file may hold any number, and a trap is no answer.
        1 &+ (try Int64.fetchOne(db, sql: "SELECT max(leaf) FROM ledger_leaf") ?? -1)
    }

    /// What the next leaf is appended to.
    static func tree(_ db: Database) throws -> MerkleFrontier {
        do {
            return try MerkleFrontier(size: size(db), from: LedgerNodes(database: db))
        } catch let fault as MerkleFault { throw StoreFault(fault) }
    }

    /// A journal from before there was a ledger: its records of money become leaves now, once.
    static func takeUp(_ db: Database) throws {
        var tree = MerkleFrontier()
        let marks = [String](repeating: "?", count: kinds.count).joined(separator: ",")
        let cursor = try Row.fetchCursor(
            db,
            sql: "SELECT \(JournalRow.columns) FROM \(JournalRow.source) WHERE j.kind IN (\(marks)) "
                + "ORDER BY j.seq", arguments: StatementArguments(kinds.sorted()))
        while let row = try cursor.next() {
            let row = try JournalRow(row)
            try append(row.ledgerHash, of: row.record.sequence.number, to: &tree, db)
        }
    }
}

/// The stored nodes as the proofs of `GatehouseProof` ask for them; valid inside one transaction.
struct LedgerNodes: MerkleNodeSource {
    let database: Database

    func node(at position: MerklePosition) throws(MerkleFault) -> Digest? {
        do {
            let statement = try database.cachedStatement(
                sql: "SELECT hash FROM ledger_node WHERE level = ? AND idx = ?")
            let found = try Row.fetchOne(statement, arguments: [position.level, position.index])
            return found.flatMap { ($0.value(0) as Data?).flatMap { Digest($0) } }
        } catch { throw .unreadable(position, reason: "\(error)") }
    }
}

extension JournalRow {
    /// Of its leaf, if its kind has one. Stays what it is when the payload is deleted.
    var ledgerHash: Digest {
        LedgerLeaf.hash(header: RecordHash.header(of: record), payloadHash: payloadHash)
    }
}

extension StoreFault {
    init(_ fault: MerkleFault) {
        switch fault {
        case .noSuchLeaf, .noSuchStep: self = .failed("the ledger: \(fault)")
        case .noSuchSize, .nodeMissing, .unreadable:
            self = .corrupt(
                "the ledger: \(fault). Nothing was changed: keep the folder for the investigation, run "
                    + "`gatehouse verify --offline` on it, restore from a backup")
        }
    }
}
