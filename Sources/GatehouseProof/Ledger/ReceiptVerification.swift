// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A step of the verification that held, with what it held for.
package enum ReceiptCheck: Hashable, Sendable {
    /// The receipt's own checkpoint is signed by a key that was given.
    case checkpointSigned(Checkpoint)
    /// The record as shown is this leaf of that checkpoint's tree.
    case recordIncluded(leaf: Digest, index: Int64, size: Int64)
    /// The checkpoint that was given is signed by a key that was given.
    case givenCheckpointSigned(Checkpoint)
    /// Both checkpoints are of the same size and have the same root.
    case sameTree(size: Int64)
    /// The tree of the given checkpoint begins with all leaves of the receipt's.
    case treeContinued(from: Int64, to: Int64)
}

/// The first step that failed.
package enum ReceiptFault: Error, Hashable, Sendable {
    /// With a salt of another length a byte could move between salt and payload.
    case badSalt(bytes: Int, expected: Int)
    case checkpoint(CheckpointFault)
    case sizeMismatch(stated: Int64, checkpoint: Int64)
    /// Record, index and path do not lead to the root.
    case notIncluded(leaf: Digest, index: Int64, size: Int64, root: Digest)
    case givenCheckpoint(CheckpointFault)
    /// Two signed checkpoints of one ledger of which only one can be true: the ledger was forked.
    case forked(size: Int64, root: Digest, given: Digest)
    /// A checkpoint from before the receipt's says nothing about the receipt.
    case givenCheckpointOlder(size: Int64, receipt: Int64)
    /// The given checkpoint is later than the receipt's and not the one that it has a way to.
    case otherCheckpoint(leadsTo: Int64, given: Int64)
    case notConsistent(from: Int64, root: Digest, to: Int64, given: Digest)
    /// The record stands in the ledger, and nobody can read what it says.
    case unreadableRecord(FieldError)
    /// Beside a proof that holds stands something else than what it proves; as JSON.
    case shownOtherwise(member: String, shown: String, proven: String?)

    /// Receipt and checkpoint may both be true; the one says nothing about the other.
    package var isOfAnotherTime: Bool {
        switch self {
        case .givenCheckpointOlder, .otherCheckpoint: true
        default: false
        }
    }
}

extension ReceiptProof {
    /// Needs nothing but the receipt, keys that one trusts, and, if there is one, a checkpoint from another
    /// source than the receipt: only that one tells a ledger that shows everybody the same from one that does
    /// not.
    package func verify(
        checkpointFile: [UInt8]? = nil, keys: [NoteKey]
    ) throws(ReceiptFault) -> [ReceiptCheck] {
        guard salt.count == RecordHash.saltSize else {
            throw .badSalt(bytes: salt.count, expected: RecordHash.saltSize)
        }
        let own: Checkpoint
        do { own = try Checkpoint(note: checkpoint, keys: keys) } catch { throw .checkpoint(error) }
        guard own.size == size else { throw .sizeMismatch(stated: size, checkpoint: own.size) }
        let hash = leafHash
        guard
            MerkleVerification.includes(leaf: hash, index: leaf, size: size, path: path, root: own.root)
        else { throw .notIncluded(leaf: hash, index: leaf, size: size, root: own.root) }
        let checks = [
            ReceiptCheck.checkpointSigned(own), .recordIncluded(leaf: hash, index: leaf, size: size),
        ]
        guard let checkpointFile else { return checks }
        let given: Checkpoint
        do {
            given = try Checkpoint(note: checkpointFile, keys: keys)
        } catch {
            throw .givenCheckpoint(error)
        }
        guard given.origin.utf8.elementsEqual(own.origin.utf8) else {
            throw .givenCheckpoint(.otherOrigin(given.origin, key: own.origin))
        }
        return checks + [.givenCheckpointSigned(given), try compare(own, with: given)]
    }

    package func verify(
        checkpointFile: [UInt8]? = nil, key: NoteKey
    ) throws(ReceiptFault) -> [ReceiptCheck] {
        try verify(checkpointFile: checkpointFile, keys: [key])
    }

    private func compare(_ own: Checkpoint, with given: Checkpoint) throws(ReceiptFault) -> ReceiptCheck {
        guard given.size >= own.size else { throw .givenCheckpointOlder(size: given.size, receipt: own.size) }
        if given.size == own.size {
            guard given.root == own.root else {
                throw .forked(size: own.size, root: own.root, given: given.root)
            }
            return .sameTree(size: own.size)
        }
        let leadsTo = consistency == nil ? own.size : consistencySize ?? given.size
        guard let consistency, leadsTo == given.size else {
            throw .otherCheckpoint(leadsTo: leadsTo, given: given.size)
        }
        guard
            MerkleVerification.isConsistent(
                from: own.size, root: own.root, to: given.size, root: given.root, path: consistency)
        else {
            throw .notConsistent(from: own.size, root: own.root, to: given.size, given: given.root)
        }
        return .treeContinued(from: own.size, to: given.size)
    }
}
