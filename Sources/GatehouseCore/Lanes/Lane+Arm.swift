// SPDX-License-Identifier: Apache-2.0

/// Limits, boom-break and the timers of the arm's movements (lanes.md §4.4, §4.6).
extension Lane {
    mutating func limitsChanged(from before: (up: Level, down: Level, position: ArmPosition)) {
        if upLimit == .on || downLimit == .on { arm.assumed = position }
        if downLimit == .off && before.down == .on { arm.hasLeftDown = true }
        if position != .down { context?.wasOpen = true }
        // The upper limit proves nothing here: it may bounce while the arm has begun to fall.
        if downLimit == .on {
            arm.isLowering = false
            arm.wasLowering = false
        }
        if downLimit == .on && before.down != .on {
            reachedDown()
        } else if upLimit == .on && before.up != .on {
            reachedUp(from: before.up)
        } else if before.up != .off && upLimit == .off {
            lostUp()
        } else if before.down != .off && downLimit == .off {
            leftDown()
        }
    }

    private mutating func reachedUp(from before: Level) {
        switch phase {
        case .opening:
            noteMovement(.armUp)
            goOpen()
        case .passing:
            stopTimer(.moveUp)
            setFault(.armStuck, false)
            noteMovement(.armUp)
        case .clear, .present, .waiting, .refused, .heldClosed: openedByOthers()
        case .closing where before == .off: openedByOthers()
        case .fault(.arm):
            setFault(.armStuck, false)
            let isForeign = arm.isForeign
            goOpen(foreign: isForeign)
            if isForeign, grants.isEmpty { attachToForeignOpening() }
        // A try that worked is none of the twelve after which the arm may wait a minute.
        case .fire: arm.retriesInFire = 0
        default: break
        }
    }

    private mutating func leftDown() {
        if phase.isIdle { return openedByOthers() }
        // In a fault the arm tries again for each vehicle; whatever else raises it is somebody (lanes.md §4.4).
        guard case .fault = phase, !mayBeOurOpening else { return }
        note(LaneNote(.armMovedUncommanded, why: phase.name))
        arm.isForeign = true
    }

    /// An opening of ours is out, or the arm has not had its time to answer it.
    private var mayBeOurOpening: Bool {
        arm.isHoldOutputOn || arm.openBusyUntil.map { now.uptime <= $0 + plan.timers.moveStart } ?? false
    }

    /// A fob, a hand or the controller's own list raised it (H-40).
    private mutating func openedByOthers() {
        note(LaneNote(.armMovedUncommanded, why: phase.name))
        if phase == .heldClosed { emit(.callGuard("opened_while_closed")) }
        withdrawClose()
        goOpen(foreign: true)
        attachToForeignOpening()
    }

    private mutating func reachedDown() {
        let wasMoving = phase
        switch wasMoving {
        case .opening: fellWhileOpening()
        case .open: fellWhileOpen()
        case .passing:
            // The vehicle may just have gone: nothing is under the arm then.
            guard safety.level != .off else { return }
            note(LaneNote(.armDownOnOccupied))
            emit(.callGuard("arm_down_on_occupied"))
            sendProtectiveOpen()
        case .clearing: goIdle()
        case .closing:
            noteMovement(.armDown)
            goIdle()
        case .heldOpen, .fire: fellWhileHeld()
        case .fault(.down):
            setFault(.armDoesNotClose, false)
            goIdle()
        case .fault(.safety): goIdle()
        default: break
        }
    }

    private mutating func fellWhileOpening() {
        guard arm.hasLeftDown else { return }
        note(LaneNote(.armMovedUncommanded, why: "opening"))
        reopenOnce()
    }

    private mutating func fellWhileOpen() {
        let openFor = waitForServed - remaining(.waitForVehicle)
        let timeWasOver = plan.closing == .controller && openFor >= plan.timers.moveDown
        if !timeWasOver { note(LaneNote(.armMovedUncommanded, why: "open")) }
        let isStillComing = !timeWasOver && served != nil && presenceLoop.reaction.level == .on
        if isStillComing || served?.isEmergency == true { return reopenOnce() }
        endUnusedGrants(.notPassed, why: "arm_down")
        goIdle()
    }

    /// The granted vehicle is about to drive; a second fall is the arm's own trouble.
    private mutating func reopenOnce() {
        guard !arm.hasReopened, let grant = served ?? grants.first else {
            return goFault(.arm, .armStuck, why: "falls")
        }
        arm.hasReopened = true
        sendOpen(grant.repeatCause, .safety, life: nil)
        goOpening()
    }

    private mutating func fellWhileHeld() {
        note(LaneNote(.armMovedUncommanded, why: phase.name))
        if phase == .fire {
            let wait: Duration = arm.retriesInFire < 12 ? .seconds(5) : .seconds(60)
            if timers.deadline(.fireHoldRetry) == nil {
                arm.retriesInFire += 1
                assertHold(.fire)
                startTimer(.fireHoldRetry, after: wait)
            }
            return
        }
        assertHold(holdCause)
        arm.fallsInHold = arm.fallsInHold.suffix(2) + [now.uptime]
        if arm.fallsInHold.count == 3, let first = arm.fallsInHold.first, now.uptime - first <= .seconds(300)
        {
            setFault(.holdOpenBroken, true)
        }
    }

    /// The arm has begun to come down.
    private mutating func lostUp() {
        arm.isLowering = phase != .opening && !phase.isIdle
        switch phase {
        case .open:
            note(LaneNote(.armMovedUncommanded, why: "open"))
            // Nobody can say that the space under it is free (lanes.md §2).
            if safety.raw != .off { return sendProtectiveOpen() }
            if served != nil, presenceLoop.reaction.level == .on || served?.isEmergency == true {
                return reopenOnce()
            }
            endUnusedGrants(.notPassed, why: "arm_lowering")
            goClosing()
        case .passing:
            note(LaneNote(.armMovedUncommanded, why: "passing"))
            sendProtectiveOpen()
        case .clearing:
            if plan.closing == .gateway { note(LaneNote(.armMovedUncommanded, why: "clearing")) }
            if isKeptUp, safety.raw == .off {
                // The hold may have been on all the time: what rises on safety meanwhile gets its own opening.
                assertHold(.emergency)
                arm.isLowering = true
                return
            }
            goClosing()
            if safety.raw != .off { abortClosing() }
        case .heldOpen, .fire: fellWhileHeld()
        case .fault:
            note(LaneNote(.armMovedUncommanded, why: phase.name))
            if safety.raw != .off { sendProtectiveOpen() }
        default: break
        }
    }

    /// Somebody is there while the arm comes down: up again, before anything is recorded (H-02, H-04).
    mutating func abortClosing() {
        sendProtectiveOpen()
        note(LaneNote(.closeAborted, why: safety.raw.rawValue))
        if plan.closing != .controller { arm.recloses += 1 }
        if safety.raw == .on { goPassing() } else { goClearing() }
    }

    mutating func boomChanged() {
        if inputs.boomBreak.level == .on {
            switch phase {
            case .heldOpen, .fire:
                setFault(.armLost, true)
                note(LaneNote(.armLost))
                emit(.callGuard(LaneFaultCode.armLost.rawValue))
            default: goFault(.lost, .armLost)
            }
        }
    }

    // MARK: - Times

    mutating func moveStartEnded() {
        guard phase == .opening, downLimit == .on else { return }
        let mayRetry = plan.timers.openRetry > 0 && !plan.countsOpenings && !arm.hasRetried
        guard mayRetry, let grant = served ?? grants.first else {
            return goFault(.arm, .armStuck, why: "does_not_start")
        }
        arm.hasRetried = true
        note(LaneNote(.retried, request: grant.request))
        sendOpen(grant.repeatCause, grant.isEmergency ? .safety : .grant, life: plan.timers.grantLife)
        startTimer(.moveStart, after: plan.timers.moveStart)
    }

    mutating func moveUpEnded() {
        // Without an upper limit, or with a silent one, time stands in for it.
        let isSeenStuck = downLimit == .on || upLimit == .off
        switch phase {
        case .opening where isSeenStuck: goFault(.arm, .armStuck, why: "did_not_rise")
        case .opening: goOpen()
        case .passing:
            if isSeenStuck { setFault(.armStuck, true) } else { arm.assumed = .up }
        default: break
        }
    }

    mutating func moveDownEnded() {
        guard phase == .closing else { return }
        if safety.level == .on { return goPassing() }
        let isSeenStuck = downLimit == .off || upLimit == .on
        guard isSeenStuck else {
            arm.assumed = .down
            return goIdle()
        }
        arm.recloses += 1
        if arm.recloses >= plan.timers.recloseLimit {
            return goFault(.down, .armDoesNotClose, why: "did_not_close")
        }
        if plan.closing == .gateway, sendClose(.clearing) != nil { return goClearing() }
        startTimer(.moveDown, after: plan.timers.moveDown)
    }

    /// One careful attempt after a rest in which nobody was there; then only people.
    mutating func recloseRestEnded() {
        guard phase == .fault(.down) else { return }
        let quiet = safety.offSince.map { now.uptime - $0 >= plan.timers.recloseRest } ?? false
        guard quiet, plan.closing == .gateway else { return }
        let before = arm.recloses
        arm.recloses = plan.timers.recloseLimit - 1
        arm.hasRested = true
        if sendClose(.clearing) == nil { return goClosing() }
        arm.recloses = before
    }

    mutating func clearDelayEnded() {
        guard phase == .clearing, safety.level == .off else { return }
        if plan.closing == .controller || !isKeptUp { dropHold() }
        switch plan.closing {
        case .controller: goClosing()
        case .guard:
            notice = .wait
            emit(.callGuard("close_by_guard"))
        case .gateway:
            if arm.recloses >= plan.timers.recloseLimit {
                return goFault(.down, .armDoesNotClose, why: "reclose_limit")
            }
            let warning =
                arm.warnsLonger ? max(plan.timers.warnBeforeClose, .seconds(3)) : plan.timers.warnBeforeClose
            if plan.outputs.contains(.warn), warning > .zero, !arm.hasWarned {
                arm.hasWarned = true
                return startTimer(.warnBeforeClose, after: warning)
            }
            closeNow()
        }
    }

    mutating func closeNow() {
        guard phase == .clearing else { return }
        if sendClose(.clearing) == nil { return goClosing() }
        startTimer(.clearDelay, after: plan.timers.clearDelay)
    }

    func remaining(_ timer: LaneTimer) -> Duration {
        timers.deadline(timer).map { $0 - now.uptime } ?? .zero
    }

    private mutating func noteMovement(_ kind: LaneNoteKind) {
        let took = arm.movingSince.map { (now.uptime - $0).inMilliseconds }
        note(LaneNote(kind, milliseconds: took))
    }
}
