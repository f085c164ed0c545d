// SPDX-License-Identifier: Apache-2.0

/// What a connection may do, by the Unix groups of its user: `gatehouse` observes, `gatehouse-guard` also
/// opens and corrects stays, `gatehouse-tech` also holds, captures and configures. Root may all.
package enum Authority: String, Comparable, Hashable, Sendable, CaseIterable {
    case observe, `guard`, technician

    private var rank: Int {
        switch self {
        case .observe: 0
        case .guard: 1
        case .technician: 2
        }
    }

    package static func < (a: Authority, b: Authority) -> Bool { a.rank < b.rank }

    /// The Unix group that carries it.
    package var group: String {
        switch self {
        case .observe: "gatehouse"
        case .guard: "gatehouse-guard"
        case .technician: "gatehouse-tech"
        }
    }
}
