// SPDX-License-Identifier: Apache-2.0

/// Entering the phases.
extension Lane {
    mutating func enter(_ next: LanePhase) {
        guard next != phase else { return }
        phase = next
        notice = nil
        arm.suppressed = nil
        for entry in timers.entries where !entry.timer.lives(in: next) { stopTimer(entry.timer) }
    }

    /// The arm is to rise from wherever it is.
    mutating func goOpening() {
        arm.movingSince = now.uptime
        arm.hasLeftDown = position != .down
        arm.hasRetried = false
        arm.isForeign = false
        stopTimer(.vanishDelay)
        if position == .up { return goOpen() }
        let wasDown = position == .down
        arm.assumed = .between
        enter(.opening)
        if wasDown && downLimit == .on { startTimer(.moveStart, after: plan.timers.moveStart) }
        startTimer(.moveUp, after: plan.timers.moveUp)
        if safety.level == .on { goPassing() }
    }

    mutating func goOpen(foreign: Bool = false) {
        arm.assumed = .up
        arm.isForeign = foreign
        if downLimit != .on { context?.wasOpen = true }
        enter(.open)
        startTimer(.waitForVehicle, after: waitForServed)
        if !safety.isWired { startTimer(.assumedPass, after: plan.timers.assumedPass) }
        if safety.level == .on { return goPassing() }
        if safety.isSilent { startTimer(.safetyWait, after: plan.timers.safetyWait) }
        watchForVanishing()
    }

    /// How long the arm stays up for a vehicle that does not come. One on duty is not hurried.
    var waitForServed: Duration {
        let usual = plan.timers.waitForVehicle
        return served?.isEmergency == true ? max(usual, plan.timers.emergencyHold) : usual
    }

    mutating func goPassing() { enter(.passing) }

    mutating func goClearing() {
        if isKeptUp && plan.closing == .controller {
            // A pulse only where the arm is not seen up: controllers may count it.
            if plan.outputs.contains(.hold) || upLimit != .on { assertHold(.emergency) }
        } else {
            dropHold()
        }
        enter(.clearing)
        arm.hasWarned = false
        if position == .down { return goIdle() }
        switch safety.level {
        case .on: goPassing()
        case .unknown: startTimer(.safetyWait, after: plan.timers.safetyWait)
        case .off: armClearDelay()
        }
    }

    /// An emergency vehicle has just gone through, and more may come.
    var isKeptUp: Bool { arm.keepUpUntil.map { now.uptime < $0 } ?? false }

    /// `clear_delay` after the first sample of safety's unbroken off, and not before an emergency is over.
    mutating func armClearDelay() {
        let off = max(safety.offSince ?? now.uptime, now.uptime + (.zero - plan.timers.clearDelay))
        var deadline = off + plan.timers.clearDelay
        if let until = arm.keepUpUntil { deadline = max(deadline, until) }
        if let busy = arm.openBusyUntil, plan.closing == .gateway { deadline = max(deadline, busy) }
        startTimer(.clearDelay, at: deadline)
    }

    mutating func goClosing() {
        if position == .down { return goIdle() }
        enter(.closing)
        arm.isLowering = true
        arm.movingSince = now.uptime
        startTimer(.moveDown, after: plan.timers.moveDown)
    }

    /// The arm is down: what happens next depends on who stands at the line.
    mutating func goIdle() {
        dropHold()
        arm.assumed = .down
        arm.isLowering = false
        arm.wasLowering = false
        arm.recloses = 0
        arm.isForeign = false
        arm.warnsLonger = false
        arm.hasReopened = false
        arm.hasRested = false
        setFault(.armStuck, false)
        setFault(.armDoesNotClose, false)
        settleBehindLoweredArm()
        let wasIdle = phase.isIdle
        enter(idlePhase)
        if !wasIdle { lookAtLine() }
    }

    /// Somebody who stands there without having come in this phase is asked again (lanes.md n11).
    mutating func lookAtLine() {
        turnToWhoStandsThere()
        if !approach.isHere && served == nil && presenceShows {
            arrive(announced: false)
        } else if approach.isHere && (approach.asked == nil || approach.owed != nil) {
            ask()
        } else if approach.isHere, plan.kind == .twoWay || plan.interlockSet != nil {
            reconsider(.token)
        }
        showLine()
    }

    var idlePhase: LanePhase {
        if isHeldClosed { return .heldClosed }
        guard approach.isHere else { return .clear }
        switch approach.verdict {
        case .pending: return .waiting
        case .deny: return .refused
        case .grant, nil: return .present
        }
    }

    /// The idle phases follow the vehicle at the line.
    mutating func showLine() {
        if phase.isIdle { enter(idlePhase) }
    }

    mutating func goFault(_ kind: LaneFaultKind, _ code: LaneFaultCode, why: String? = nil) {
        setFault(code, true)
        if code == .armStuck || code == .armDoesNotClose { note(LaneNote(.armStuck, why: why)) }
        if code == .armLost { note(LaneNote(.armLost)) }
        enter(.fault(kind))
        if served != nil { startTimer(.waitForVehicle, after: waitForServed) }
        if kind == .down && position == .up { arm.isLowering = false }
        if kind == .down && !arm.hasRested { startTimer(.recloseRest, after: plan.timers.recloseRest) }
        emit(.callGuard(code.rawValue))
    }

    mutating func goHeldOpen() {
        enter(.heldOpen)
        assertHold(hold?.kind == .emergency ? .emergency : .hold)
        startTimer(.holdRefresh, after: plan.timers.holdRefresh)
    }

    mutating func goFire() {
        enter(.fire)
        withdrawClose()
        arm.retriesInFire = 0
        assertHold(.fire)
        startTimer(.holdRefresh, after: plan.timers.holdRefresh)
    }

    /// Where a lane goes that is let loose: end of a hold, of fire, of a fault.
    mutating func goByInputs() {
        if fire.isActive { return goFire() }
        if hold?.kind == .open || hold?.kind == .emergency { return goHeldOpen() }
        dropHold()
        switch (position, safety.level) {
        case (.down, _): goIdle()
        case (_, .on): goPassing()
        case (_, .unknown): goClearing()
        case (_, .off): if served != nil { goOpen() } else { goClearing() }
        }
    }

    /// After a crossing, or when safety fell without one: who is next?
    mutating func leavePassing() {
        guard phase == .passing, sequencer.crossing == nil else { return }
        switch safety.level {
        case .on: return
        case .unknown: startTimer(.safetyWait, after: plan.timers.safetyWait)
        case .off:
            guard let served else { return goClearing() }
            guard position == .down else { return goOpen() }
            // The controller was faster than the follower.
            sendOpen(for: served)
            goOpening()
        }
    }
}
