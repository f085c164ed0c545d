// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Something that people, equipment or time do to a turnstile or a door in one move of the exploration.
package enum FootMove: Hashable, Sendable, CustomStringConvertible {
    /// Whatever is due next, at the unit or in the machine.
    case nextTimer
    /// So many seconds in which nothing happens.
    case passes(Int)
    case shows(FootRole, TravelDirection)
    case presses
    /// Through the unit, or through the leaf.
    case goes(TravelDirection)
    case leafShuts
    case breaksThrough(TravelDirection)
    case person(LaneOrder.Action)
    case fire(Level)
    case fireReset
    case outputs(isFailed: Bool)
    case inputsFail
    /// The newest command that lets somebody through never reached the board.
    case expires
    case restart
    case lies(WalkwayInput, Level)
    case tellsTheTruth

    package var description: String {
        switch self {
        case .nextTimer: "next timer"
        case .passes(let seconds): "\(seconds) s pass"
        case .shows(let role, let direction): "shows a card, \(role) \(direction)"
        case .presses: "presses the exit button"
        case .goes(let direction): "goes through, \(direction)"
        case .leafShuts: "the leaf shuts"
        case .breaksThrough(let direction): "breaks through, \(direction)"
        case .person(let action): "person \(action)"
        case .fire(let level): "fire \(level)"
        case .fireReset: "fire reset"
        case .outputs(let isFailed): isFailed ? "outputs fail" : "outputs return"
        case .inputsFail: "inputs fail"
        case .expires: "the command expires"
        case .restart: "restart"
        case .lies(let input, let level): "\(input) says \(level)"
        case .tellsTheTruth: "the input is itself again"
        }
    }

    /// At most so many of these in one history as the scope allows.
    var isFault: Bool {
        switch self {
        case .fire(.unknown), .outputs(true), .inputsFail, .expires, .restart, .lies, .breaksThrough: true
        default: false
        }
    }
}

/// Cards by what the rules say of them.
package enum FootRole: UInt64, Hashable, Sendable, CaseIterable {
    case resident = 1
    case neighbour = 2
    case stranger = 3

    var card: Card? { Card(.em40, rawValue) }
}

/// What may happen in an exploration, beside time and people who come and go.
package struct FootScope: Hashable, Sendable {
    package enum Part: String, Hashable, Sendable { case people, fire }

    package var name: String
    package var roles: [FootRole]
    package var parts: Set<Part>
    package var faults: Int

    package static let all: [FootScope] = [
        FootScope(name: "a resident", roles: [.resident], parts: [], faults: 0),
        FootScope(name: "two residents and a stranger", roles: FootRole.allCases, parts: [], faults: 0),
        FootScope(name: "a resident, one fault", roles: [.resident], parts: [], faults: 1),
        FootScope(name: "a resident, fire", roles: [.resident], parts: [.fire], faults: 0),
        FootScope(name: "a resident, orders", roles: [.resident], parts: [.people], faults: 0),
        FootScope(name: "anything, one fault", roles: FootRole.allCases, parts: [.people, .fire], faults: 1),
    ]
}
