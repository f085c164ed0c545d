// SPDX-License-Identifier: Apache-2.0

/// The other side of the proofs: needs no tree, only roots that one trusts. Whatever is put in, the answer is
/// yes or no; a path that is too long or too short is a no.
package enum MerkleVerification {
    /// RFC 9162 §2.1.3.2: whether a tree of `size` leaves with this root has `leaf` at `index`.
    package static func includes(
        leaf: Digest, index: Int64, size: Int64, path: [Digest], root: Digest
    ) -> Bool {
        guard index >= 0, index < size else { return false }
        var first = index
        var second = size - 1
        var hash = leaf
        for sibling in path {
            guard second != 0 else { return false }
            if first & 1 == 1 || first == second {
                hash = MerkleHash.node(sibling, hash)
                while first & 1 == 0, first != 0 { shift(&first, &second) }
            } else {
                hash = MerkleHash.node(hash, sibling)
            }
            shift(&first, &second)
        }
        return second == 0 && hash == root
    }

    /// RFC 9162 §2.1.4.2: whether the tree of the second root begins with all leaves of the first. Two equal
    /// sizes have equal roots and an empty path.
    package static func isConsistent(
        from firstSize: Int64, root firstRoot: Digest, to secondSize: Int64, root secondRoot: Digest,
        path: [Digest]
    ) -> Bool {
        guard firstSize > 0, firstSize <= secondSize else { return false }
        guard firstSize != secondSize else { return path.isEmpty && firstRoot == secondRoot }
        // Where the first tree is one complete subtree, its root is not in the path.
        let isPowerOfTwo = firstSize & (firstSize - 1) == 0
        guard !path.isEmpty, let seed = isPowerOfTwo ? firstRoot : path.first else { return false }
        var first = firstSize - 1
        var second = secondSize - 1
        while first & 1 == 1 { shift(&first, &second) }
        var firstHash = seed
        var secondHash = seed
        for sibling in path.dropFirst(isPowerOfTwo ? 0 : 1) {
            guard second != 0 else { return false }
            if first & 1 == 1 || first == second {
                firstHash = MerkleHash.node(sibling, firstHash)
                secondHash = MerkleHash.node(sibling, secondHash)
                while first & 1 == 0, first != 0 { shift(&first, &second) }
            } else {
                secondHash = MerkleHash.node(secondHash, sibling)
            }
            shift(&first, &second)
        }
        return second == 0 && firstHash == firstRoot && secondHash == secondRoot
    }

    private static func shift(_ first: inout Int64, _ second: inout Int64) {
        first >>= 1
        second >>= 1
    }
}
