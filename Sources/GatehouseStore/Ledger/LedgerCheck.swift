// SPDX-License-Identifier: Apache-2.0

import GRDB
import GatehouseCore
import GatehouseEngine
import GatehouseProof

/// Makes the ledger's tree anew from the records, while the chain is walked, and compares every leaf, every stored node
/// and every signed root. Keeps the tree's right edge and nothing else. Only the first difference is told: all that
/// follows it differs too. What the records say is checked beside it, one by one: their bookings and their keys.
struct LedgerCheck {
    private(set) var tree = MerkleFrontier()
    private(set) var postings = PostingsCheck()
    private var keys = LedgerKeyCheck()
    private var checkpoints: ArraySlice<StoredCheckpoint> = []
    private var isBroken = false
    private var hasTables = false

    /// What the tree should have stored with one record.
    private struct Expected {
        var leaf: Int64
        var sequence: Sequence
        var nodes: [MerkleNode]
    }

    mutating func begin(_ reader: JournalReader) throws(StoreFault) {
        let (found, signed) = try classifying {
            try reader.queue.read { db in
                // A journal from before there was a ledger.
                guard try db.tableExists("ledger_checkpoint") else { return (false, [StoredCheckpoint]()) }
                return (
                    true,
                    try Row.fetchAll(
                        db, sql: "SELECT \(StoredCheckpoint.columns) FROM ledger_checkpoint ORDER BY size"
                    ).map { try StoredCheckpoint($0) }
                )
            }
        }
        hasTables = found
        checkpoints = signed.drop { $0.size <= 0 }
    }

    mutating func take(_ rows: [JournalRow], _ reader: JournalReader) throws(StoreFault)
        -> [VerificationTrouble]
    {
        var expected: [Expected] = []
        var troubles: [VerificationTrouble] = []
        var words: [VerificationTrouble] = []
        for row in rows where LedgerRows.kinds.contains(row.record.kind) {
            if let trouble = read(row.record) { words.append(trouble) }
            let leaf = tree.size
            expected.append(
                Expected(leaf: leaf, sequence: row.record.sequence, nodes: tree.append(row.ledgerHash)))
            if let signed = checkpoints.first, signed.size == tree.size {
                checkpoints.removeFirst()
                if signed.statement?.root != tree.root {
                    troubles.append(.checkpoint(size: signed.size))
                } else if !keys.allows(signed) {
                    words.append(.checkpointKey(size: signed.size))
                }
            }
        }
        guard !isBroken, !expected.isEmpty else { return words }
        if let first = try firstDifference(expected, reader) { troubles.insert(.ledger(first), at: 0) }
        isBroken = !troubles.isEmpty
        return troubles.prefix(1) + words
    }

    private mutating func read(_ record: StoredRecord) -> VerificationTrouble? {
        if LedgerKeyFact.kinds.contains(record.kind) {
            return keys.take(record) ? nil : .ledgerKey(record.sequence)
        }
        return postings.take(record) ? nil : .unbalanced(record.sequence)
    }

    /// After the last record.
    func finish(_ reader: JournalReader, through head: Int64) throws(StoreFault) -> [VerificationTrouble] {
        guard hasTables, !isBroken else { return [] }
        let (stored, all) = try classifying {
            try reader.queue.read { db in
                (
                    try Int64.fetchOne(
                        db, sql: "SELECT count(*) FROM ledger_leaf WHERE seq <= ?", arguments: [head]) ?? 0,
                    try LedgerRows.size(db)
                )
            }
        }
        // Records go on while this one looks: a checkpoint may be newer than the last that is looked at.
        if let last = checkpoints.last, last.size > all { return [.checkpoint(size: last.size)] }
        return stored == tree.size ? [] : [.ledgerSize(stored, records: tree.size)]
    }

    private func firstDifference(
        _ expected: [Expected], _ reader: JournalReader
    ) throws(StoreFault) -> Sequence? {
        guard hasTables else { return expected.first?.sequence }
        return try classifying {
            try reader.queue.read { db in
                let nodes = LedgerNodes(database: db)
                let leaf = try db.cachedStatement(sql: "SELECT seq FROM ledger_leaf WHERE leaf = ?")
                return try expected.first { one in
                    guard try Int64.fetchOne(leaf, arguments: [one.leaf]) == one.sequence.number else {
                        return true
                    }
                    return try one.nodes.contains { try nodes.node(at: $0.position) != $0.hash }
                }?.sequence
            }
        }
    }
}
