// SPDX-License-Identifier: Apache-2.0

/// Who waits at the other end of a shared lane, and how long this end has been preferred.
struct TurnBook: Hashable, Sendable {
    /// Since when somebody stands at the end that is not served.
    var otherSince: Uptime?
    /// Vehicles that went this way since the lane turned.
    var passed = 0
    /// This end has its turn: the other's preference rests until a vehicle has gone.
    var isOwed = false
    /// The undecided vehicle at the preferred end has had its `tie`.
    var hadTie = false
}

/// A shared lane serves one end at a time (lanes.md §7.3). It turns only with the arm down and nobody granted, so
/// both ends never have a grant at once.
extension Lane {
    /// A preferred vehicle that is not decided keeps the other end's for this long.
    static let tie: Duration = .milliseconds(1500)

    /// A vehicle at the other end may turn the lane, unless somebody has it already.
    mutating func turnIfFree(from old: LaneInputs) {
        let otherBefore = heading == nativeHeading ? old.inner : old.outer
        let otherRose = otherBefore.reaction.level != .on && clearLoop.reaction.level == .on
        guard otherRose, mayTurn else { return }
        if !approach.isHere || otherIsPreferred { turnRound() }
    }

    /// Nobody here, somebody there, or there whose turn it is: serve the other end.
    mutating func turnToWhoStandsThere() {
        guard mayTurn, otherWaits else { return }
        let isEmpty = !approach.isHere && presenceLoop.reaction.level != .on
        if isEmpty || otherIsPreferred { return turnRound() }
        if isFair { turnRound(isOwed: true) }
    }

    /// Kept up with every event: how long somebody has stood at the other end.
    mutating func watchOtherEnd() {
        guard plan.kind == .twoWay else { return }
        if clearIsTaken {
            if timers.deadline(.directionWait) == nil {
                startTimer(.directionWait, after: plan.timers.directionWaitMax)
            }
        } else if !otherWaits {
            // Whoever backs off to let somebody pass waits all the same.
            guard phase.isIdle && grants.isEmpty else { return }
            turns.otherSince = nil
            turns.hadTie = false
            stopTimer(.directionWait)
        } else if turns.otherSince == nil {
            turns.otherSince = now.uptime
            startTimer(.directionWait, after: plan.timers.directionWaitMax)
        }
    }

    /// `dir_wait_max` is over for the other end: a vehicle here that has no grant by now waits for its next turn.
    mutating func directionWaitEnded() {
        if clearIsTaken { sequencer.disownClear() }
        guard otherWaits else { return }
        if mayTurn { return turnRound(isOwed: true) }
        startTimer(.directionWait, after: plan.timers.directionWaitMax)
    }

    /// The preferred vehicle was not decided in time: the one at the other end does not wait for it.
    mutating func directionTieEnded() {
        guard mayTurn, otherWaits, approach.asked?.decision == nil else { return }
        turnRound(isOwed: true)
        turns.hadTie = true
    }

    /// Nobody is let through, and still the other end's loop counts as on for the vehicle that has gone. That leaves it
    /// soon; whoever stands there for longer came while it passed and waits (H-33).
    private var clearIsTaken: Bool { sequencer.clearIsOfPassage && phase.isIdle && grants.isEmpty }

    /// Both copies of its level, or the end of a passage would count as somebody who waits.
    private var otherWaits: Bool {
        clearLoop.reaction.level == .on && clearLoop.counting.level == .on && !sequencer.clearIsOfPassage
    }

    private var otherIsPreferred: Bool {
        plan.exitFirst && heading == .in && !turns.isOwed && !turns.hadTie
    }

    /// `dir_fair` vehicles went this way while somebody there waited for longer than `dir_wait_max`.
    private var isFair: Bool {
        guard let since = turns.otherSince, turns.passed >= plan.timers.directionFair else { return false }
        return now.uptime - since > plan.timers.directionWaitMax
    }

    private var mayTurn: Bool {
        guard plan.kind == .twoWay, phase.isIdle, grants.isEmpty, approach.owed == nil,
            !sequencer.clearIsOfPassage
        else {
            return false
        }
        // Whoever wants to leave or needs help and has a deadline that would begin anew keeps it (H-29, H-32).
        let deadlines: [LaneTimer] = isLeaving ? [.exitPendingMax, .helpWait] : [.helpWait]
        guard deadlines.allSatisfy({ timers.deadline($0) == nil }) else { return false }
        // Under an arm that is seen down nobody passes: what is on safety may be water as well (H-13, H-33).
        return downLimit == .on || sequencer.crossing == nil && safety.level != .on
    }

    /// The vehicle that stands at the end that was served keeps standing there and is asked again later.
    private mutating func turnRound(isOwed: Bool = false) {
        forgetApproach()
        heading = heading == .in ? .out : .in
        let hadTie = turns.hadTie
        turns = TurnBook()
        turns.isOwed = isOwed
        turns.hadTie = hadTie
        stopTimer(.directionWait)
        account(sequencer.turnRound(at: now))
        arrive(announced: false)
        watchOtherEnd()
        if otherWaits, plan.exitFirst, heading == .out, !isOwed { startTimer(.directionTie, after: Lane.tie) }
    }
}
