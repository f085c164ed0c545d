// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import GatehouseProof
import GatehouseStore

/// What a record of money costs by the size of the ledger that it is appended to, and what a proof out of it does. The
/// tree was put into the journal beforehand, all leaves alike, with the lowest two levels only where proofs look.
struct LedgerBench {
    let folder: String
    let size: Int64
    private static let batch = 1_000
    private static let batches = 20
    private static let proofs = 2_000

    func run() throws {
        let journal = try DurableJournal(folder)
        defer { journal.close() }
        let append = try appended(journal)
        let ledger = journal.ledger
        let (inclusion, consistency) = (try proven(ledger), try consistent(ledger))
        GatehouseBench.say(
            "FIGURE size=\(size) append_us=\(StepsBench.text(append)) proof_us=\(StepsBench.text(inclusion)) "
                + "consistency_us=\(StepsBench.text(consistency))")
    }

    /// Microseconds a record, in commits of a thousand.
    private func appended(_ journal: DurableJournal) throws -> Double {
        guard try journal.ledger.standing().size >= size else {
            throw BenchFailure(words: "\(folder) has no ledger of \(size) records")
        }
        try commit(journal)
        let start = ContinuousClock.now
        for _ in 0..<Self.batches { try commit(journal) }
        let taken = ContinuousClock.now - start
        return Double(taken.inNanoseconds) / 1e3 / Double(Self.batch * Self.batches)
    }

    private func commit(_ journal: DurableJournal) throws {
        let first = journal.last.number + 1
        try journal.commit(
            (0..<Int64(Self.batch)).map { number in
                Record(
                    sequence: Sequence(first + number), kind: "chargeDeferred",
                    at: Moment(
                        uptime: Uptime(nanoseconds: first + number),
                        wall: WallTime(milliseconds: 1_778_000_000_000)),
                    boot: "bench", payload: FieldWriter.object { $0.put("stay", first + number) })
            })
    }

    /// Each is checked as a receipt's is; only the making is timed.
    private func proven(_ ledger: LedgerReader) throws -> Double {
        let root = try ledger.root(size: size)
        var taken = Duration.zero
        for number in 0..<Self.proofs {
            let leaf = Self.touched(number, size)
            let start = ContinuousClock.now
            let path = try ledger.inclusionProof(leaf: leaf, size: size)
            taken += ContinuousClock.now - start
            guard
                MerkleVerification.includes(
                    leaf: MerkleHash.leaf([]), index: leaf, size: size, path: path, root: root)
            else { throw BenchFailure(words: "leaf \(leaf) of \(size) is not proven") }
        }
        return Double(taken.inNanoseconds) / 1e3 / Double(Self.proofs)
    }

    private func consistent(_ ledger: LedgerReader) throws -> Double {
        let start = ContinuousClock.now
        for number in 0..<Self.proofs {
            // Sizes whose right edge is in the table: multiples of four leaves.
            _ = try ledger.consistencyProof(from: (Self.touched(number, size) / 4 + 1) * 4, to: size)
        }
        return Double((ContinuousClock.now - start).inNanoseconds) / 1e3 / Double(Self.proofs)
    }

    /// Spread over the tree, as whoever filled it numbers them.
    static func touched(_ number: Int, _ size: Int64) -> Int64 { Int64(number) * 2_654_435_761 % size }
}
