// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import GatehouseCore
import GatehouseEngine
import GatehouseProof
@testable import GatehouseStore

/// RFC 9162 §2.1.1 word for word, over all leaves.
func naiveRoot(_ leaves: ArraySlice<Digest>) -> Digest {
    guard let first = leaves.first else { return Digest(of: []) }
    guard leaves.count > 1 else { return first }
    var power = 1
    while power * 2 < leaves.count { power *= 2 }
    let middle = leaves.startIndex + power
    return Digest(of: [1], naiveRoot(leaves[..<middle]).bytes, naiveRoot(leaves[middle...]).bytes)
}

func ledgerSigner(_ seed: UInt8 = 7) throws -> NoteSigner {
    try NoteSigner(name: "gatehouse.estate.gateway", seed: [UInt8](repeating: seed, count: 32))
}

extension OpenJournal {
    /// Of the records of money, hashed anew from the journal's rows.
    func leaves() throws -> [Digest] {
        try journal.reader.rows(after: 0, through: .max, limit: 10_000)
            .filter { MoneyFact.kinds.contains($0.record.kind) }
            .map { LedgerLeaf.hash(header: RecordHash.header(of: $0.record), payloadHash: $0.payloadHash) }
    }

    func count(_ table: String) throws -> Int {
        try journal.reader.queue.read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? -1
        }
    }

    func sign(_ signer: NoteSigner) async throws -> StoredCheckpoint {
        try await journal.signCheckpoint(by: signer, at: WallTime(milliseconds: 1_778_000_000_000))
    }
}

extension RecordMaker {
    /// Every third one is about money.
    mutating func mixed(_ count: Int) -> [Record] {
        (0..<count).map { $0 % 3 == 1 ? note("paymentSettled") : set("k\($0 % 5)", "\($0)") }
    }
}

/// A record of a kind with the payload that a test needs.
func record(_ number: Int64, _ kind: String, _ payload: String, at wall: Int64) -> Record {
    Record(
        sequence: Sequence(number), kind: kind,
        at: Moment(uptime: Uptime(nanoseconds: number), wall: WallTime(milliseconds: wall)),
        boot: "boot-1", payload: Array(payload.utf8))
}
