// SPDX-License-Identifier: Apache-2.0

import GatehouseProof
import Testing

/// Nothing but the one true proof verifies.
@Suite struct MerkleVerificationTests {
    /// Every byte of the proofs is changed up to the first size, one byte of every node up to the second.
    private static let small = 9
    private static let large = 40
    private let leaves = numbered(large)

    @Test func `a changed inclusion proof never verifies`() throws {
        let table = NodeTable(leaves)
        for size in Int64(1)...Int64(Self.large) {
            let root = try table.root(size: size)
            for index in 0..<size {
                let leaf = leaves[Int(index)]
                let path = try table.inclusionProof(leaf: index, size: size)
                func verifies(
                    _ leaf: Digest, _ index: Int64, _ size: Int64, _ path: [Digest], _ root: Digest
                ) -> Bool {
                    MerkleVerification.includes(leaf: leaf, index: index, size: size, path: path, root: root)
                }
                try #require(verifies(leaf, index, size, path, root))
                for changed in variants(of: path, isSmall: size <= Self.small) {
                    #expect(!verifies(leaf, index, size, changed, root))
                }
                for place in places(isSmall: size <= Self.small) {
                    #expect(!verifies(leaf.changed(at: place), index, size, path, root))
                    #expect(!verifies(leaf, index, size, path, root.changed(at: place)))
                }
                for other in [index - 1, index + 1, index ^ 2, size - 1 - index, -1, size, .min, .max]
                where other != index { #expect(!verifies(leaf, other, size, path, root)) }
                for other in [0, -1, index, .min] { #expect(!verifies(leaf, index, other, path, root)) }
            }
        }
    }

    /// Some wrong sizes have the same shape along a path, and the RFC's algorithm cannot tell them apart: a
    /// size is bound by the checkpoint that is signed, not by the path. A path of another length is never taken,
    /// not even by a place where the hashes would come out: leaf 3 of 4 is not leaf 1 of 2.
    @Test func `a place whose proof has another length fails`() throws {
        let table = NodeTable(leaves)
        for size in Int64(1)...12 {
            let root = try table.root(size: size)
            for index in 0..<size {
                let path = try table.inclusionProof(leaf: index, size: size)
                for otherSize in Int64(1)...17 {
                    for other in 0..<otherSize
                    where try table.inclusionProof(leaf: other, size: otherSize).count != path.count {
                        #expect(
                            !MerkleVerification.includes(
                                leaf: leaves[Int(index)], index: other, size: otherSize, path: path,
                                root: root))
                    }
                }
            }
        }
    }

    @Test func `a step whose proof has another length fails`() throws {
        let table = NodeTable(leaves)
        for second in Int64(1)...12 {
            for first in 1...second {
                let path = try table.consistencyProof(from: first, to: second)
                let firstRoot = try table.root(size: first)
                let secondRoot = try table.root(size: second)
                for otherSecond in Int64(1)...17 {
                    for other in 1...otherSecond
                    where try table.consistencyProof(from: other, to: otherSecond).count != path.count {
                        #expect(
                            !MerkleVerification.isConsistent(
                                from: other, root: firstRoot, to: otherSecond, root: secondRoot, path: path))
                    }
                }
            }
        }
    }

    @Test func `a changed consistency proof never verifies`() throws {
        let table = NodeTable(leaves)
        for second in Int64(1)...Int64(Self.large) {
            let secondRoot = try table.root(size: second)
            for first in 1...second {
                let firstRoot = try table.root(size: first)
                let path = try table.consistencyProof(from: first, to: second)
                func verifies(
                    _ first: Int64, _ firstRoot: Digest, _ second: Int64, _ secondRoot: Digest,
                    _ path: [Digest]
                ) -> Bool {
                    MerkleVerification.isConsistent(
                        from: first, root: firstRoot, to: second, root: secondRoot, path: path)
                }
                try #require(verifies(first, firstRoot, second, secondRoot, path))
                for changed in variants(of: path, isSmall: second <= Self.small) {
                    #expect(!verifies(first, firstRoot, second, secondRoot, changed))
                }
                for place in places(isSmall: second <= Self.small) {
                    #expect(!verifies(first, firstRoot.changed(at: place), second, secondRoot, path))
                    #expect(!verifies(first, firstRoot, second, secondRoot.changed(at: place), path))
                }
                for other in [0, -1, second + 1, .min, .max] {
                    #expect(!verifies(other, firstRoot, second, secondRoot, path))
                }
                for other in [first - 1, 0, -1, .min] {
                    #expect(!verifies(first, firstRoot, other, secondRoot, path))
                }
                if first != second { #expect(!verifies(second, secondRoot, first, firstRoot, path)) }
            }
        }
    }

    @Test func `another history of the same length is not consistent`() throws {
        let table = NodeTable(leaves)
        var rewritten = leaves
        rewritten[3] = rewritten[3].changed(at: 0)
        let forged = NodeTable(rewritten)
        for first in Int64(4)...39 {
            let path = try forged.consistencyProof(from: first, to: 40)
            #expect(
                !MerkleVerification.isConsistent(
                    from: first, root: try table.root(size: first), to: 40, root: try forged.root(size: 40),
                    path: path))
        }
    }

    @Test func `any numbers and any paths are answered`() {
        var dice = Dice(1)
        let edges: [Int64] = [.min, -1, 0, 1, 2, 3, 1 << 32, 1 << 62, .max - 1, .max]
        for _ in 0..<2_000 {
            let path = (0..<Int.random(in: 0...70, using: &dice)).map { _ in leaves[0] }
            let first = edges.randomElement(using: &dice) ?? 0
            let second = edges.randomElement(using: &dice) ?? 0
            #expect(
                !MerkleVerification.includes(
                    leaf: leaves[1], index: first, size: second, path: path, root: leaves[2]))
            #expect(
                !MerkleVerification.isConsistent(
                    from: first, root: leaves[1], to: second, root: leaves[2], path: path))
        }
    }

    private func places(isSmall: Bool) -> [Int] { isSmall ? Array(0..<Digest.size) : [13] }

    /// A bit changed, a node missing, a node too many, two nodes swapped.
    private func variants(of path: [Digest], isSmall: Bool) -> [[Digest]] {
        var variants: [[Digest]] = [path + [leaves[0]], [leaves[0]] + path]
        for index in path.indices {
            for place in places(isSmall: isSmall) {
                var changed = path
                changed[index] = path[index].changed(at: place)
                variants.append(changed)
            }
            var short = path
            short.remove(at: index)
            variants.append(short)
            var long = path
            long.insert(path[index], at: index)
            variants.append(long)
            if index > 0 {
                var swapped = path
                swapped.swapAt(index - 1, index)
                variants.append(swapped)
            }
        }
        return variants
    }
}
