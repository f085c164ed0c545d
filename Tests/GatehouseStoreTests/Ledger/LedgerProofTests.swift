// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import GatehouseProof
@testable import GatehouseStore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LedgerProofTests {
    @Test func `every record of money proves itself under every later checkpoint`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        let signer = try ledgerSigner()
        let ledger = open.journal.reader.ledger
        var maker = RecordMaker()
        for batch in [4, 9, 30] {
            await open.commit(maker.mixed(batch))
            _ = try await open.sign(signer)
        }
        let checkpoints = try ledger.checkpoints(limit: 9)
        #expect(checkpoints.count == 3)
        let newest = try #require(checkpoints.first)
        for record in try ledger.records(after: Sequence(0), limit: 99) {
            let leaf = try #require(try ledger.leaf(of: record.sequence))
            for checkpoint in checkpoints where checkpoint.size > leaf {
                let proof = try #require(
                    try ledger.proof(of: record.sequence, under: checkpoint, until: newest))
                let json = FieldWriter.object { $0.put("proof", json: proof.json ?? []) }
                let read = try Receipt(json).proof
                #expect(read.consistencySize == (checkpoint.size < newest.size ? newest.size : nil))
                #expect(try read.verify(checkpointFile: newest.note, key: signer.key).count == 4)
            }
        }
    }

    @Test func `what is not about money has no proof`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        var maker = RecordMaker()
        await open.commit(maker.mixed(3))
        let checkpoint = try await open.sign(try ledgerSigner())
        let ledger = open.journal.reader.ledger
        #expect(try ledger.proof(of: Sequence(1), under: checkpoint, until: checkpoint) == nil)
        #expect(try ledger.proof(of: Sequence(77), under: checkpoint, until: checkpoint) == nil)
        #expect(throws: StoreFault.self) { try ledger.inclusionProof(leaf: 5, size: 1) }
        #expect(throws: StoreFault.self) { try ledger.consistencyProof(from: 0, to: 1) }
    }

    @Test func `a ledger that did not grow is not signed again, another key signs it`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        let signer = try ledgerSigner()
        let now = WallTime(milliseconds: 5)
        let ledger = open.journal.reader.ledger
        #expect(try !ledger.standing().isGrown)
        var maker = RecordMaker()
        await open.commit(maker.mixed(9))
        #expect(try ledger.standing().isGrown)
        let first = try await open.sign(signer)
        #expect(try await open.journal.signCheckpoint(by: signer, at: now) == first)
        #expect(try !ledger.standing().isGrown)
        let other = try await open.sign(try ledgerSigner(9))
        #expect(other.size == first.size && other.note != first.note)
        #expect(try ledger.checkpoint(covering: 1, by: signer.key) == nil)
        #expect(try ledger.checkpoint(covering: 1, by: try ledgerSigner(9).key) == other)
    }

    @Test func `a ledger that does not continue what was signed is not signed`() async throws {
        let folder = try TemporaryFolder()
        let signer = try ledgerSigner()
        var maker = RecordMaker()
        let open = try OpenJournal(folder)
        await open.commit(maker.mixed(9))
        _ = try await open.sign(signer)
        open.journal.close()
        try folder.tamper("UPDATE ledger_node SET hash = zeroblob(32) WHERE level = 0 AND idx = 2")
        let again = try OpenJournal(folder)
        await again.commit(maker.mixed(9))
        await #expect(throws: StoreFault.self) { try await again.sign(signer) }
        again.journal.close()
    }
}
