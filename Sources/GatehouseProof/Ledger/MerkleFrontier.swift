// SPDX-License-Identifier: Apache-2.0

/// The right edge of a growing tree (RFC 9162 §2.1): all that is needed to append a leaf and to say the root.
/// It holds the complete subtrees that no larger one contains, one for each set bit of the size, so a
/// tree of a million leaves is twenty hashes in memory.
package struct MerkleFrontier: Hashable, Sendable {
    /// Far beyond any journal, and far from an overflow.
    package static let maximumSize = Int64(1) << 56

    package private(set) var size: Int64 = 0
    /// The largest subtree first.
    private var peaks: [Digest] = []

    package init() {}

    /// As it was when the tree had `size` leaves.
    package init(size: Int64, from source: some MerkleNodeSource) throws(MerkleFault) {
        for position in try Self.peaks(of: size) {
            guard let hash = try source.node(at: position) else { throw .nodeMissing(position) }
            peaks.append(hash)
        }
        self.size = size
    }

    /// Takes the hash of a leaf (`MerkleHash.leaf`). Gives back the nodes that are complete by it and shall
    /// be stored, the leaf itself first: two a leaf on average, as many as the tree is high at most.
    package mutating func append(_ leaf: Digest) -> [MerkleNode] {
        var hash = leaf
        var position = MerklePosition(level: 0, index: size)
        var nodes = [MerkleNode(position: position, hash: hash)]
        // Like the carry when one is added to a number: two subtrees of a height are one of the next.
        while !position.index.isMultiple(of: 2), let left = peaks.popLast() {
            hash = MerkleHash.node(left, hash)
            position = MerklePosition(level: position.level + 1, index: position.index >> 1)
            nodes.append(MerkleNode(position: position, hash: hash))
        }
        peaks.append(hash)
        size += 1
        return nodes
    }

    /// The root of the tree as it is now.
    package var root: Digest {
        guard var hash = peaks.last else { return MerkleHash.empty }
        for peak in peaks.dropLast().reversed() { hash = MerkleHash.node(peak, hash) }
        return hash
    }

    /// Where the peaks of a tree of this size are, the largest first.
    package static func peaks(of size: Int64) throws(MerkleFault) -> [MerklePosition] {
        guard (0...maximumSize).contains(size) else { throw .noSuchSize(size, limit: maximumSize) }
        var positions: [MerklePosition] = []
        for level in stride(from: 56, through: 0, by: -1) where (size >> level) & 1 == 1 {
            positions.append(MerklePosition(level: level, index: (size >> level) - 1))
        }
        return positions
    }
}
