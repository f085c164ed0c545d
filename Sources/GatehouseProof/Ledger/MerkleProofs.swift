// SPDX-License-Identifier: Apache-2.0

/// Roots and proofs out of stored nodes, each with a number of look-ups that grows with the height of the
/// tree. They follow the definitions of RFC 9162 §2.1 with the recursion unrolled: a range that is not
/// a complete subtree is one complete subtree on its left and a smaller range on its right.
extension MerkleNodeSource {
    /// MTH(D[n]) of RFC 9162 §2.1.1: what the root was when the tree had `size` leaves.
    package func root(size: Int64) throws(MerkleFault) -> Digest {
        try checkSize(size)
        return size == 0 ? MerkleHash.empty : try hash(of: 0..<size)
    }

    /// PATH(m, D[n]) of RFC 9162 §2.1.3.1: the siblings from the leaf up to the root.
    package func inclusionProof(leaf: Int64, size: Int64) throws(MerkleFault) -> [Digest] {
        try checkSize(size)
        guard (0..<size).contains(leaf) else { throw .noSuchLeaf(index: leaf, size: size) }
        var range = 0..<size
        var path: [Digest] = []
        while range.width > 1 {
            let (left, right) = range.halves
            if left.contains(leaf) {
                path.append(try hash(of: right))
                range = left
            } else {
                path.append(try hash(of: left))
                range = right
            }
        }
        return path.reversed()
    }

    /// PROOF(m, D[n]) of RFC 9162 §2.1.4.1; empty for two equal sizes.
    package func consistencyProof(from first: Int64, to second: Int64) throws(MerkleFault) -> [Digest] {
        try checkSize(second)
        guard first >= 1, first <= second else { throw .noSuchStep(from: first, to: second) }
        var range = 0..<second
        var path: [Digest] = []
        while range.upperBound != first {
            let (left, right) = range.halves
            if first <= left.upperBound {
                path.append(try hash(of: right))
                range = left
            } else {
                path.append(try hash(of: left))
                range = right
            }
        }
        // A verifier knows the first tree's root: it is left out where it would be the whole answer.
        if range.lowerBound > 0 { path.append(try hash(of: range)) }
        return path.reversed()
    }

    /// The lower bound is a multiple of the largest complete subtree that fits, as all ranges here are.
    private func hash(of range: Range<Int64>) throws(MerkleFault) -> Digest {
        var rest = range
        var lefts: [Digest] = []
        while !rest.isComplete {
            let (left, right) = rest.halves
            lefts.append(try complete(left))
            rest = right
        }
        var hash = try complete(rest)
        for left in lefts.reversed() { hash = MerkleHash.node(left, hash) }
        return hash
    }

    private func complete(_ range: Range<Int64>) throws(MerkleFault) -> Digest {
        let level = range.width.trailingZeroBitCount
        let position = MerklePosition(level: level, index: range.lowerBound >> level)
        guard let hash = try node(at: position) else { throw .nodeMissing(position) }
        return hash
    }

    private func checkSize(_ size: Int64) throws(MerkleFault) {
        let limit = MerkleFrontier.maximumSize
        guard (0...limit).contains(size) else { throw .noSuchSize(size, limit: limit) }
    }
}

extension Range<Int64> {
    fileprivate var width: Int64 { upperBound - lowerBound }

    fileprivate var isComplete: Bool { width & (width - 1) == 0 }

    /// Split after the largest power of two that is smaller than the width, which is at least 2.
    fileprivate var halves: (left: Range<Int64>, right: Range<Int64>) {
        let power = Int64(1) << (63 - (width - 1).leadingZeroBitCount)
        let middle = lowerBound + power
        return (lowerBound..<middle, middle..<upperBound)
    }
}
