// SPDX-License-Identifier: Apache-2.0

/// What a device would do with a line that it shares, the more urgent the greater: polls and texts can wait a
/// turn, commands cannot.
package enum LineClaim: Int, Comparable, Sendable {
    case none, turn, command

    package static func < (a: LineClaim, b: LineClaim) -> Bool { a.rawValue < b.rawValue }
}

/// Whose turn it is on a line that several devices share. Nobody interrupts an exchange; when one ends, commands
/// go first, and among equals who had the line longest ago, so that a silent board starves no display and no
/// display a board. A command thus waits for at most the one exchange in progress, and what that takes is what
/// `gatehouse check` says of the line.
package struct LineTurns: Hashable, Sendable {
    package private(set) var holder: Int?
    /// Riders by their last turn, the latest last.
    private var served: [Int] = []

    package init() {}

    /// Whether this rider may begin, given what each of the riders would.
    package func mayBegin(_ rider: Int, claims: [Int: LineClaim]) -> Bool {
        guard holder == nil else { return holder == rider }
        let first = order(claims).first { claims[$0] != LineClaim.none }
        return first == nil || first == rider
    }

    package mutating func began(_ rider: Int) {
        holder = rider
        served.removeAll { $0 == rider }
        served.append(rider)
    }

    /// The others in the order in which they are asked now; empty: it was not this one's line.
    package mutating func ended(_ rider: Int, claims: [Int: LineClaim]) -> [Int] {
        guard holder == rider else { return [] }
        holder = nil
        return order(claims)
    }

    package mutating func left(_ rider: Int) {
        if holder == rider { holder = nil }
        served.removeAll { $0 == rider }
    }

    package mutating func reset() { holder = nil }

    /// Who would be asked first.
    package func order(_ claims: [Int: LineClaim]) -> [Int] {
        claims.keys.sorted { a, b in
            let (x, y) = (claims[a] ?? .none, claims[b] ?? .none)
            guard x == y else { return x > y }
            return (served.firstIndex(of: a) ?? -1, a) < (served.firstIndex(of: b) ?? -1, b)
        }
    }
}
