// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
@testable import GatehouseProof

/// Nodes as a store would hold them; counts the look-ups.
final class NodeTable: MerkleNodeSource {
    private(set) var hashes: [MerklePosition: Digest] = [:]
    private(set) var lookups = 0

    func node(at position: MerklePosition) throws(MerkleFault) -> Digest? {
        lookups += 1
        return hashes[position]
    }

    func store(_ nodes: [MerkleNode]) {
        for node in nodes { hashes[node.position] = node.hash }
    }

    func remove(_ position: MerklePosition) { hashes[position] = nil }

    func forgetLookups() { lookups = 0 }

    /// A tree of these leaves.
    convenience init(_ leaves: [Digest]) {
        self.init()
        var frontier = MerkleFrontier()
        for leaf in leaves { store(frontier.append(leaf)) }
    }
}

/// RFC 9162 §2.1 word for word: recursive, over all leaves.
final class MerkleOracle {
    private let leaves: [Digest]
    private var known: [Range<Int>: Digest] = [:]

    init(_ leaves: [Digest]) { self.leaves = leaves }

    /// MTH(D[range]).
    func root(_ range: Range<Int>) -> Digest {
        if range.isEmpty { return Digest(of: []) }
        if range.count == 1 { return leaves[range.lowerBound] }
        if let found = known[range] { return found }
        let middle = split(range)
        let hash = Digest(
            of: [1], root(range.lowerBound..<middle).bytes, root(middle..<range.upperBound).bytes)
        known[range] = hash
        return hash
    }

    /// PATH(m, D[range]), m counted from the first leaf of all.
    func path(_ leaf: Int, _ range: Range<Int>) -> [Digest] {
        if range.count == 1 { return [] }
        let middle = split(range)
        let left = range.lowerBound..<middle
        let right = middle..<range.upperBound
        return leaf < middle ? path(leaf, left) + [root(right)] : path(leaf, right) + [root(left)]
    }

    /// SUBPROOF(m, D[range], isWhole), m counted from the first leaf of all.
    func proof(_ size: Int, _ range: Range<Int>, isWhole: Bool = true) -> [Digest] {
        if size == range.upperBound { return isWhole ? [] : [root(range)] }
        let middle = split(range)
        let left = range.lowerBound..<middle
        let right = middle..<range.upperBound
        return size <= middle
            ? proof(size, left, isWhole: isWhole) + [root(right)]
            : proof(size, right, isWhole: false) + [root(left)]
    }

    /// The largest power of two smaller than the number of leaves.
    private func split(_ range: Range<Int>) -> Int {
        var power = 1
        while power * 2 < range.count { power *= 2 }
        return range.lowerBound + power
    }
}

/// SplitMix64: the same numbers in every run.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

func numbered(_ count: Int) -> [Digest] {
    (0..<count).map { MerkleHash.leaf(Array("leaf \($0)".utf8)) }
}

extension Digest {
    /// One bit of one byte another.
    func changed(at index: Int) -> Digest {
        var bytes = bytes
        bytes[index % Digest.size] ^= 0x10
        return Digest(bytes) ?? self
    }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func sampleSigner(_ name: String = "gate.example/north", seed: UInt8 = 7) throws -> NoteSigner {
    try NoteSigner(name: name, seed: [UInt8](repeating: seed, count: 32))
}

/// A ledger of made-up records with a receipt for one of them.
struct SampleLedger {
    static let origin = "gate.example/north"

    let table = NodeTable()
    let signer: NoteSigner
    let records: [StoredRecord]

    init(
        records count: Int, seed: UInt8 = 7, kind: String = "accessGranted",
        payload: (Int) -> String = { #"{"lane":"north","plate":"沪A2K605","n":\#($0)}"# }
    ) throws {
        signer = try sampleSigner(Self.origin, seed: seed)
        records = (1...count).map {
            StoredRecord(
                sequence: Sequence(Int64($0)), kind: kind, format: 1,
                at: Moment(
                    uptime: Uptime(nanoseconds: 1_000 * Int64($0)),
                    wall: WallTime(milliseconds: 1_772_411_415_482 + Int64($0)), quality: .holdover),
                boot: "b0", payload: bytes(payload($0)))
        }
        var frontier = MerkleFrontier()
        for (index, record) in records.enumerated() {
            table.store(frontier.append(Self.leaf(record, salt: salt(index))))
        }
    }

    func salt(_ index: Int) -> [UInt8] { [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: 16) }

    static func leaf(_ record: StoredRecord, salt: [UInt8]) -> Digest {
        LedgerLeaf.hash(
            header: RecordHash.header(of: record),
            payloadHash: RecordHash.payload(salt: salt, payload: record.payload ?? []))
    }

    func checkpoint(_ size: Int64) throws -> [UInt8] {
        try Checkpoint(origin: Self.origin, size: size, root: try table.root(size: size))
            .signed(by: signer).bytes
    }

    func receipt(_ index: Int, size: Int64, until later: Int64? = nil) throws -> ReceiptProof? {
        ReceiptProof(
            record: records[index], salt: salt(index), leaf: Int64(index), size: size,
            path: try table.inclusionProof(leaf: Int64(index), size: size),
            checkpoint: try checkpoint(size),
            consistency: try later.map { try table.consistencyProof(from: size, to: $0) },
            consistencySize: later)
    }
}
