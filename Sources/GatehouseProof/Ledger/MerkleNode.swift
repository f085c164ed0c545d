// SPDX-License-Identifier: Apache-2.0

/// Names a complete subtree: at `level` it has 2^level leaves, from leaf `index` · 2^level on. Level 0 are
/// the leaves. Such a subtree never changes once its last leaf is there, so its hash may be stored for good.
package struct MerklePosition: Hashable, Sendable {
    package let level: Int
    package let index: Int64

    package init(level: Int, index: Int64) {
        self.level = level
        self.index = index
    }
}

/// A complete subtree with its hash: what a store appends, and never changes.
package struct MerkleNode: Hashable, Sendable {
    package let position: MerklePosition
    package let hash: Digest

    package init(position: MerklePosition, hash: Digest) {
        self.position = position
        self.hash = hash
    }
}

/// Where the nodes lie. The tree does not care how they are stored.
package protocol MerkleNodeSource {
    /// nil: no such node is stored. A store that cannot be read throws `unreadable`.
    func node(at position: MerklePosition) throws(MerkleFault) -> Digest?
}

/// Why the tree gave no answer.
package enum MerkleFault: Error, Hashable, Sendable {
    /// The tree of this size has no such leaf: they are 0 to size − 1.
    case noSuchLeaf(index: Int64, size: Int64)
    /// A tree has 0 to `limit` leaves.
    case noSuchSize(Int64, limit: Int64)
    /// A consistency proof leads from a tree that is not empty to one that is not smaller (RFC 9162
    /// §2.1.4.1).
    case noSuchStep(from: Int64, to: Int64)
    /// The store lacks a node that a tree of the asked size has.
    case nodeMissing(MerklePosition)
    case unreadable(MerklePosition, reason: String)
}

extension MerkleFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noSuchLeaf(let index, let size): "leaf \(index) is not in a tree of \(size) leaves"
        case .noSuchSize(let size, let limit): "a tree of \(size) leaves, the limits are 0 and \(limit)"
        case .noSuchStep(let from, let to): "there is no consistency proof from \(from) to \(to) leaves"
        case .nodeMissing(let at): "node \(at.index) of level \(at.level) is missing"
        case .unreadable(let at, let reason):
            "node \(at.index) of level \(at.level) cannot be read: \(reason)"
        }
    }
}
