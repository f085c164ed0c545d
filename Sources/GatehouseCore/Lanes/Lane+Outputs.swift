// SPDX-License-Identifier: Apache-2.0

/// Commands to the arm and what became of them.
extension Lane {
    static let personLife: Duration = .seconds(3)
    static let buttonLife: Duration = .seconds(2)
    static let lampLife: Duration = .seconds(5)

    /// Every opening but a held one. Whatever would lower the arm ends first (lanes.md §3.3).
    mutating func sendOpen(_ cause: CommandCause, _ commandClass: CommandClass, life: Duration?) {
        withdrawClose()
        arm.wasLowering = arm.wasLowering || arm.isLowering
        arm.isLowering = false
        emit(
            .command(.open, .pulse(plan.timers.openPulse), commandClass, life: life, cause: cause))
        let latest = now.uptime + plan.timers.openPulse + plan.timers.pulseGap
        arm.openBusyUntil = latest + (life ?? .zero)
    }

    mutating func sendOpen(for grant: LiveGrant) {
        if grant.isEmergency {
            sendOpen(.emergency, .safety, life: nil)
            // The controller would lower by its own clock before it has gone through.
            if plan.closing == .controller, plan.outputs.contains(.hold) { assertHold(.emergency) }
        } else if case .guardButton = grant.cause {
            sendOpen(grant.cause, .grant, life: Lane.buttonLife)
        } else if grant.isManual {
            sendOpen(grant.cause, .grant, life: Lane.personLife)
        } else {
            sendOpen(grant.cause, .grant, life: plan.timers.grantLife)
        }
    }

    /// Somebody is under a lowering arm, or it fell upon a vehicle. Waits for nothing.
    mutating func sendProtectiveOpen() {
        sendOpen(.safety, .safety, life: nil)
        arm.movingSince = now.uptime
        if position != .up { arm.assumed = .between }
    }

    /// Maintained open: the hold output, or opens where none is wired.
    mutating func assertHold(_ cause: CommandCause) {
        withdrawClose()
        arm.isLowering = false
        if plan.outputs.contains(.hold) {
            if !arm.isHoldOutputOn { arm.holdTrouble = nil }
            arm.isHoldOutputOn = true
            emit(.command(.hold, .on, .safety, life: nil, cause: cause))
        } else {
            sendOpen(cause, .safety, life: nil)
        }
        if position != .up { arm.assumed = .between }
    }

    /// Held opens are asserted again at every `hold_refresh`; a pulse only where the arm is not seen up, since
    /// controllers may count it.
    mutating func refreshHold() {
        startTimer(.holdRefresh, after: plan.timers.holdRefresh)
        if plan.outputs.contains(.hold) || upLimit != .on {
            assertHold(holdCause)
        }
    }

    var holdCause: CommandCause {
        if phase == .fire { return .fire }
        return hold?.kind == .emergency ? .emergency : .hold
    }

    mutating func dropHold() {
        stopTimer(.holdRefresh)
        guard arm.isHoldOutputOn, !closeIsStuck else { return }
        arm.isHoldOutputOn = false
        arm.holdTrouble = nil
        emit(.command(.hold, .off, .safety, life: nil, cause: .idle))
        let end = now.uptime + plan.timers.pulseGap
        arm.openBusyUntil = arm.openBusyUntil.map { max($0, end) } ?? end
    }

    /// Written at start and when the device comes back; a hold that must stand is not among them (H-43).
    mutating func idleOutputs(keepingHold: Bool) {
        for output in [LaneOutput.open, .close, .hold] where plan.outputs.contains(output) {
            if output == .hold && keepingHold { continue }
            emit(.command(output, .off, .safety, life: nil, cause: .idle))
        }
        if !keepingHold { (arm.isHoldOutputOn, arm.holdTrouble) = (false, nil) }
        arm.closeUntil = nil
        lamps = []
    }

    mutating func learned(_ output: LaneOutput, _ outcome: CommandOutcome) {
        switch outcome {
        case .written(let at), .confirmed(let at):
            if output == .hold, case .confirmed = outcome { arm.holdTrouble = nil }
            guard output == .open else { return }
            arm.wasLowering = false
            let end = min(at, now.uptime) + plan.timers.openPulse + plan.timers.pulseGap
            if let busy = arm.openBusyUntil { arm.openBusyUntil = min(max(end, now.uptime), busy) }
            if phase == .clearing && safety.level == .off { armClearDelay() }
        case .uncertain:
            // The limits will say what happened; a blind repeat could open twice (H-21).
            noteTrouble(LaneNote(.commandUncertain, why: output.rawValue), output)
        case .expired:
            noteTrouble(LaneNote(.commandExpired, why: output.rawValue), output)
            notSent(output)
        case .withdrawn(let why), .refused(let why):
            noteTrouble(LaneNote(.commandFailed, why: "\(output.rawValue): \(why)"), output)
            notSent(output)
        }
    }

    /// A hold is tried for as long as it stands; what keeps it from the board is said when it begins or changes.
    private mutating func noteTrouble(_ trouble: LaneNote, _ output: LaneOutput) {
        if output == .hold {
            guard arm.holdTrouble != trouble else { return }
            arm.holdTrouble = trouble
        }
        note(trouble)
    }

    /// Never reached the device. A close is tried again under the guard; a vehicle that still stands there is
    /// read and granted again, and nothing is sent late (H-22).
    private mutating func notSent(_ output: LaneOutput) {
        switch output {
        case .close:
            arm.closeUntil = nil
            if phase == .closing && plan.closing != .controller && position != .down { goClearing() }
        case .open:
            // Another pulse may still be on the contact.
            let latest = now.uptime + plan.timers.openPulse + plan.timers.pulseGap
            arm.openBusyUntil = arm.openBusyUntil.map { min($0, latest) }
            if arm.wasLowering && position != .down && position != .up {
                arm.wasLowering = false
                arm.isLowering = true
                if safety.raw != .off { sendProtectiveOpen() }
            }
            guard phase == .opening, downLimit != .off, !grants.contains(where: \.isCrossing) else {
                return
            }
            (unsentAt, lineWasOpenedBlind) = (now.uptime, false)
            endUnusedGrants(.notPassed, why: "not_sent")
            if downLimit == .on { goIdle() } else { goByInputs() }
        case .hold:
            if phase == .fire || phase == .heldOpen { startTimer(.fireHoldRetry, after: .seconds(5)) }
        default: break
        }
    }

    /// Welded or read back on beyond its pulse (H-19, H-20).
    mutating func contactStuck(_ output: LaneOutput) {
        stuckOutputs.insert(output)
        setFault(.outputStuck, true)
        emit(.callGuard(LaneFaultCode.outputStuck.rawValue))
        switch output {
        case .open:
            arm.isForeign = true
        case .close:
            outputsFailed = true
            assertHold(.safety)
            if phase != .fire && phase != .heldOpen && phase != .passing { enter(.fault(.output)) }
        default: break
        }
    }

    mutating func contactFree(_ output: LaneOutput) {
        guard stuckOutputs.remove(output) != nil else { return }
        if stuckOutputs.isEmpty { setFault(.outputStuck, false) }
        if output == .close { regainOutputs() }
    }

    mutating func equipmentChanged(_ equipment: LaneEquipment, _ isRaised: Bool) {
        switch equipment {
        case .outputs: isRaised ? loseOutputs() : regainOutputs()
        case .reader: ignoredEvents += 1
        case .camera:
            cameraFailed = isRaised
            setFault(.cameraLost, isRaised)
            if isRaised { emit(.callGuard(LaneFaultCode.cameraLost.rawValue)) }
            if isRaised { believePresenceAgain() }
            if !isRaised, !isLeaving { stopTimer(.exitWait) }
            if !isRaised, approach.awaitsNewRead {
                emit(.triggerCamera)
                startTimer(.noPlateAfter, after: plan.timers.noPlateAfter)
            }
            guard approach.isHere, approach.asked == nil else { return }
            if isRaised { return cannotRead() }
            if approach.notice == .noPlate { approach.notice = nil }
            emit(.triggerCamera)
            startTimer(.noPlateAfter, after: plan.timers.noPlateAfter)
        }
    }

    private mutating func loseOutputs() {
        outputsFailed = true
        setFault(.outputFailed, true)
        withdrawClose()
        switch phase {
        case .passing, .fire, .heldOpen, .starting: break
        default: enter(.fault(.output))
        }
        if served != nil && phase.isFault {
            startTimer(.waitForVehicle, after: waitForServed)
        }
    }

    private mutating func regainOutputs() {
        guard outputsFailed, !closeIsStuck else { return }
        outputsFailed = false
        setFault(.outputFailed, false)
        let mustHold = phase == .fire || phase == .heldOpen
        idleOutputs(keepingHold: mustHold)
        if mustHold { return assertHold(holdCause) }
        if phase == .fault(.output) { goByInputs() }
    }
}
