// SPDX-License-Identifier: Apache-2.0

import GatehouseProof
import Testing

/// Every size up to 130 against the definitions of the RFC.
@Suite struct MerkleTreeTests {
    private static let limit = 130
    private let leaves = numbered(limit)

    @Test func `the frontier has the root of the definition at every size, and goes on after a restart`()
        throws
    {
        let oracle = MerkleOracle(leaves)
        let table = NodeTable()
        var frontier = MerkleFrontier()
        for size in 0..<leaves.count {
            #expect(frontier.root == oracle.root(0..<size))
            #expect(frontier.size == Int64(size))
            #expect(try MerkleFrontier(size: Int64(size), from: table) == frontier)
            table.store(frontier.append(leaves[size]))
        }
        #expect(frontier.root == oracle.root(0..<leaves.count))
    }

    @Test func `only complete subtrees are stored, each once, and fewer than two a leaf`() {
        let oracle = MerkleOracle(leaves)
        var frontier = MerkleFrontier()
        var seen: Set<MerklePosition> = []
        for (index, leaf) in leaves.enumerated() {
            let nodes = frontier.append(leaf)
            #expect(nodes.first?.position == MerklePosition(level: 0, index: Int64(index)))
            for node in nodes {
                #expect(seen.insert(node.position).inserted)
                let start = Int(node.position.index) << node.position.level
                #expect(node.hash == oracle.root(start..<start + 1 << node.position.level))
            }
        }
        #expect(seen.count < 2 * leaves.count)
    }

    @Test func `every inclusion proof is that of the definition and verifies`() throws {
        let oracle = MerkleOracle(leaves)
        let table = NodeTable(leaves)
        for size in 1...leaves.count {
            let root = try table.root(size: Int64(size))
            #expect(root == oracle.root(0..<size))
            for leaf in 0..<size {
                let path = try table.inclusionProof(leaf: Int64(leaf), size: Int64(size))
                #expect(path == oracle.path(leaf, 0..<size))
                #expect(
                    MerkleVerification.includes(
                        leaf: leaves[leaf], index: Int64(leaf), size: Int64(size), path: path, root: root))
            }
        }
    }

    @Test func `every consistency proof is that of the definition and verifies`() throws {
        let oracle = MerkleOracle(leaves)
        let table = NodeTable(leaves)
        for second in 1...leaves.count {
            for first in 1...second {
                let path = try table.consistencyProof(from: Int64(first), to: Int64(second))
                #expect(path == oracle.proof(first, 0..<second))
                #expect(
                    MerkleVerification.isConsistent(
                        from: Int64(first), root: oracle.root(0..<first), to: Int64(second),
                        root: oracle.root(0..<second), path: path))
            }
        }
    }

    @Test func `a proof takes few look-ups in a large tree`() throws {
        let table = NodeTable(numbered(3_001))
        for leaf in stride(from: Int64(0), to: 3_001, by: 271) {
            table.forgetLookups()
            _ = try table.inclusionProof(leaf: leaf, size: 3_001)
            #expect(table.lookups <= 24)
            table.forgetLookups()
            _ = try table.consistencyProof(from: leaf + 1, to: 3_001)
            #expect(table.lookups <= 24)
        }
    }

    @Test func `what a tree does not have is said`() {
        let table = NodeTable(numbered(5))
        let limit = MerkleFrontier.maximumSize
        #expect(throws: MerkleFault.noSuchLeaf(index: 5, size: 5)) {
            try table.inclusionProof(leaf: 5, size: 5)
        }
        #expect(throws: MerkleFault.noSuchLeaf(index: -1, size: 5)) {
            try table.inclusionProof(leaf: -1, size: 5)
        }
        #expect(throws: MerkleFault.noSuchSize(-1, limit: limit)) { try table.root(size: -1) }
        #expect(throws: MerkleFault.noSuchSize(.max, limit: limit)) { try table.root(size: .max) }
        #expect(throws: MerkleFault.noSuchSize(.min, limit: limit)) {
            try MerkleFrontier(size: .min, from: table)
        }
        #expect(throws: MerkleFault.noSuchStep(from: 0, to: 5)) { try table.consistencyProof(from: 0, to: 5) }
        #expect(throws: MerkleFault.noSuchStep(from: 6, to: 5)) { try table.consistencyProof(from: 6, to: 5) }
        #expect(throws: MerkleFault.noSuchStep(from: 0, to: 0)) { try table.consistencyProof(from: 0, to: 0) }
        #expect(throws: MerkleFault.nodeMissing(MerklePosition(level: 3, index: 0))) {
            try table.root(size: 8)
        }
        let lost = MerklePosition(level: 2, index: 0)
        table.remove(lost)
        #expect(throws: MerkleFault.nodeMissing(lost)) { try MerkleFrontier(size: 5, from: table) }
        #expect(throws: MerkleFault.nodeMissing(lost)) { try table.inclusionProof(leaf: 4, size: 5) }
    }
}
