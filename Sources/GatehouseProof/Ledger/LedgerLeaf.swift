// SPDX-License-Identifier: Apache-2.0

/// What a record is in the ledger's tree: its header (`RecordHash`, "GHR1") and the salted hash of its
/// payload.
///
///     leaf input = header ‖ payload_hash
///     leaf hash  = SHA-256(0x00 ‖ leaf input)      RFC 9162 §2.1.1
///
/// The header says its own length, so no two records share an input. The payload is in it under 16 random
/// bytes: who has the tree, or all leaf hashes, cannot try number plates against them; and a record whose
/// payload was deleted keeps its leaf.
package enum LedgerLeaf {
    package static func input(header: [UInt8], payloadHash: Digest) -> [UInt8] {
        header + payloadHash.bytes
    }

    package static func hash(header: [UInt8], payloadHash: Digest) -> Digest {
        MerkleHash.leaf(input(header: header, payloadHash: payloadHash))
    }
}
