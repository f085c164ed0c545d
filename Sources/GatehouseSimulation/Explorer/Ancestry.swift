// SPDX-License-Identifier: Apache-2.0

/// By which move from which state each state was met first: the shortest way there, six bytes each.
struct Ancestry<Move: Hashable & Sendable> {
    private var parents: [Int32] = []
    private var moves: [UInt16] = []
    private var codes: [Move: UInt16] = [:]
    private var known: [Move] = []

    var count: Int { parents.count }

    mutating func add(_ move: Move, after parent: Int) {
        parents.append(Int32(parent))
        moves.append(code(of: move))
    }

    private mutating func code(of move: Move) -> UInt16 {
        if let code = codes[move] { return code }
        let code = UInt16(known.count)
        known.append(move)
        codes[move] = code
        return code
    }

    /// From the start, which itself is no move.
    func way(to index: Int) -> [Move] {
        var way: [Move] = []
        var here = index
        while parents[here] >= 0 {
            way.append(known[Int(moves[here])])
            here = Int(parents[here])
        }
        return way.reversed()
    }
}
