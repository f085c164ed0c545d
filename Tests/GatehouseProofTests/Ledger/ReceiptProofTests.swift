// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseProof
import Testing

@Suite struct ReceiptProofTests {
    private let ledger: SampleLedger
    private let receipt: ReceiptProof
    private let key: NoteKey

    init() throws {
        ledger = try SampleLedger(records: 23)
        receipt = try #require(try ledger.receipt(6, size: 13, until: 23))
        key = ledger.signer.key
    }

    @Test func `a receipt verifies alone`() throws {
        let own = try Checkpoint(note: receipt.checkpoint, keys: [key])
        #expect(
            try receipt.verify(key: key) == [
                .checkpointSigned(own), .recordIncluded(leaf: receipt.leafHash, index: 6, size: 13),
            ])
    }

    @Test func `every record verifies at every size, to every later checkpoint`() throws {
        for size in Int64(1)...23 {
            for index in 0..<Int(size) {
                let later = size + Int64(index) % (24 - size)
                let receipt = try #require(try ledger.receipt(index, size: size, until: later))
                let checks = try receipt.verify(checkpointFile: try ledger.checkpoint(later), key: key)
                #expect(checks.count == 4)
                #expect(
                    checks.last
                        == (later == size ? .sameTree(size: size) : .treeContinued(from: size, to: later)))
            }
        }
    }

    @Test func `a record whose payload was deleted has no receipt`() throws {
        var record = ledger.records[0]
        record.payload = nil
        #expect(
            ReceiptProof(record: record, salt: [], leaf: 0, size: 1, path: [], checkpoint: []) == nil)
    }

    @Test func `a changed record is not in the ledger`() throws {
        var changed = [ReceiptProof](repeating: receipt, count: 9)
        changed[0].payload[20] ^= 1
        changed[1].salt[0] ^= 1
        changed[2].sequence = Sequence(8)
        changed[3].at.wall = changed[3].at.wall + .milliseconds(1)
        changed[4].boot = ""
        changed[5].leaf = 7
        changed[6].path.removeLast()
        changed[7].path.append(Digest(of: []))
        changed[8].at.quality = .synchronised
        let root = try ledger.table.root(size: 13)
        for other in changed {
            #expect(
                throws: ReceiptFault.notIncluded(
                    leaf: other.leafHash, index: other.leaf, size: 13, root: root)
            ) { try other.verify(key: key) }
        }
    }

    /// Salt ‖ payload has no border of its own.
    @Test func `a byte does not move from the payload into the salt`() throws {
        var moved = receipt
        moved.salt.append(moved.payload.removeFirst())
        #expect(moved.leafHash == receipt.leafHash)
        #expect(throws: ReceiptFault.badSalt(bytes: 17, expected: 16)) { try moved.verify(key: key) }
    }

    @Test func `a size that is not the checkpoint's is refused`() throws {
        var other = receipt
        other.size = 14
        #expect(throws: ReceiptFault.sizeMismatch(stated: 14, checkpoint: 13)) { try other.verify(key: key) }
    }

    @Test func `a checkpoint by another key is refused, the receipt's and the given one`() throws {
        let stranger = try sampleSigner(seed: 9).key
        #expect(throws: ReceiptFault.checkpoint(.note(.notSigned(by: [stranger.label])))) {
            try receipt.verify(key: stranger)
        }
        let forged = try SampleLedger(records: 23, seed: 9).checkpoint(23)
        #expect(throws: ReceiptFault.givenCheckpoint(.note(.notSigned(by: [key.label])))) {
            try receipt.verify(checkpointFile: forged, key: key)
        }
    }

    @Test func `after a rotation both keys are given`() throws {
        let later = try SampleLedger(records: 23, seed: 9)
        let keys = try KeyRotation.keys(
            trusting: [key], through: [try KeyRotation.note(from: ledger.signer, to: later.signer).bytes])
        let checks = try receipt.verify(checkpointFile: try later.checkpoint(23), keys: keys)
        #expect(checks.last == .treeContinued(from: 13, to: 23))
    }

    @Test func `a forked ledger is noticed`() throws {
        let fork = NodeTable(numbered(23))
        func forged(_ size: Int64) throws -> [UInt8] {
            try Checkpoint(origin: SampleLedger.origin, size: size, root: try fork.root(size: size))
                .signed(by: ledger.signer).bytes
        }
        let root = try ledger.table.root(size: 13)
        #expect(
            throws: ReceiptFault.forked(size: 13, root: root, given: try fork.root(size: 13))
        ) { try receipt.verify(checkpointFile: try forged(13), key: key) }
        #expect(
            throws: ReceiptFault.notConsistent(
                from: 13, root: root, to: 23, given: try fork.root(size: 23))
        ) { try receipt.verify(checkpointFile: try forged(23), key: key) }
    }

    @Test func `a checkpoint that the receipt does not lead to is refused`() throws {
        #expect(throws: ReceiptFault.givenCheckpointOlder(size: 12, receipt: 13)) {
            try receipt.verify(checkpointFile: try ledger.checkpoint(12), key: key)
        }
        var bare = receipt
        bare.consistency = nil
        #expect(throws: ReceiptFault.otherCheckpoint(leadsTo: 13, given: 23)) {
            try bare.verify(checkpointFile: try ledger.checkpoint(23), key: key)
        }
        let fault = #expect(throws: ReceiptFault.otherCheckpoint(leadsTo: 23, given: 20)) {
            try receipt.verify(checkpointFile: try ledger.checkpoint(20), key: key)
        }
        #expect(fault?.isOfAnotherTime == true)
        #expect(
            fault.map { "\($0)" }
                == "consistency: this receipt leads to the checkpoint over 23 records, the given one is over 20"
        )
    }

    @Test func `a receipt that does not say where it leads is tried, and verifies where it does`() throws {
        var old = receipt
        old.consistencySize = nil
        #expect(try old.verify(checkpointFile: try ledger.checkpoint(23), key: key).count == 4)
        let fault = #expect(throws: ReceiptFault.self) {
            try old.verify(checkpointFile: try ledger.checkpoint(20), key: key)
        }
        #expect(fault?.isOfAnotherTime == false)
    }

    /// What nobody signed believes nobody: it decides what is said and never that something holds.
    @Test func `a size that is not where it leads verifies nothing`() throws {
        var other = receipt
        other.consistencySize = 20
        for size in [20, 23] as [Int64] {
            #expect(throws: ReceiptFault.self) {
                try other.verify(checkpointFile: try ledger.checkpoint(size), key: key)
            }
        }
    }

    @Test func `a fault names its step`() throws {
        var other = receipt
        other.leaf = -1
        let error = #expect(throws: ReceiptFault.self) { try other.verify(key: key) }
        #expect(error.map { "\($0)".hasPrefix("inclusion: ") } == true)
    }
}
