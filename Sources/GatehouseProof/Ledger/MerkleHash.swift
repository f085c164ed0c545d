// SPDX-License-Identifier: Apache-2.0

/// The hashes of the ledger's tree (RFC 9162 §2.1.1). The byte in front keeps leaves and inner nodes apart:
/// without it two inner hashes could be passed off as the input of a leaf.
package enum MerkleHash {
    /// Of a tree without leaves: SHA-256 of nothing.
    package static let empty = Digest(of: [])

    package static func leaf(_ input: [UInt8]) -> Digest { Digest(of: [0x00], input) }

    package static func node(_ left: Digest, _ right: Digest) -> Digest {
        Digest(of: [0x01], left.bytes, right.bytes)
    }
}
