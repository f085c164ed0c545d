// SPDX-License-Identifier: Apache-2.0

/// Where a vehicle lane is (lanes.md §4). The drawing stands in `Lane.swift`.
package enum LanePhase: Hashable, Sendable {
    case starting
    /// Arm down, by who stands at the line: nobody, one undecided, one waiting, one refused, or nobody may.
    case clear, present, waiting, refused, heldClosed
    case opening, open, passing, clearing, closing
    case heldOpen, fire
    case fault(LaneFaultKind)

    package var name: String {
        switch self {
        case .starting: "starting"
        case .clear: "clear"
        case .present: "present"
        case .waiting: "waiting"
        case .refused: "refused"
        case .heldClosed: "held_closed"
        case .opening: "opening"
        case .open: "open"
        case .passing: "passing"
        case .clearing: "clearing"
        case .closing: "closing"
        case .heldOpen: "held_open"
        case .fire: "fire"
        case .fault(let kind): "fault_" + kind.rawValue
        }
    }

    /// The arm is down and nothing moves it.
    package var isIdle: Bool {
        switch self {
        case .clear, .present, .waiting, .refused, .heldClosed: true
        default: false
        }
    }

    package var isFault: Bool {
        if case .fault = self { true } else { false }
    }

    package static let allPhases: [LanePhase] = [
        .starting, .clear, .present, .waiting, .refused, .heldClosed, .opening, .open, .passing,
        .clearing, .closing, .heldOpen, .fire, .fault(.arm), .fault(.down), .fault(.lost),
        .fault(.safety), .fault(.output),
    ]
}

package enum LaneFaultKind: String, Hashable, Sendable, CaseIterable {
    /// Does not rise, does not close, is broken off.
    case arm, down, lost
    /// Safety is unknown or suspect with the arm up.
    case safety
    /// Cannot be commanded.
    case output
}

/// What is known of the arm.
package enum ArmPosition: String, Hashable, Sendable { case down, up, between, unknown }

extension LaneTimer {
    /// Whether an armed timer keeps its meaning in this phase; the others stop when it is entered. Timers of
    /// the vehicle at the line, of inputs and of holds live in every phase.
    func lives(in phase: LanePhase) -> Bool {
        switch self {
        case .startWait: phase == .starting
        case .moveStart: phase == .opening
        case .moveUp: phase == .opening || phase == .passing
        case .waitForVehicle:
            phase == .open || phase == .heldOpen || phase == .fire || phase.isFault
        case .vanishDelay: phase == .opening || phase == .open
        case .assumedPass: phase == .open
        case .clearDelay, .warnBeforeClose: phase == .clearing
        case .moveDown: phase == .closing
        case .recloseRest: phase == .fault(.down)
        case .safetyWait: phase == .passing || phase == .open || phase == .clearing
        case .wrongWayApproach: phase.isIdle
        case .fireHoldRetry: phase == .fire || phase == .heldOpen
        default: true
        }
    }

    /// Timers of the vehicle at the line.
    static let ofApproach: [LaneTimer] = [
        .readVote, .noReadAfter, .noPlateAfter, .askDeadline, .leaveConfirm, .cameraPresence,
        .holdTimeout, .exitGuardCall, .exitPendingMax, .exitWait, .laneBlocked, .refusedRetry,
        .requestUnseen, .helpWait,
    ]
}
