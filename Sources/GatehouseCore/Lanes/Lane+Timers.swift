// SPDX-License-Identifier: Apache-2.0

/// Timers that come back (lanes.md §4.6).
extension Lane {
    mutating func fired(_ timer: LaneTimer) {
        guard let deadline = timers.deadline(timer) else {
            ignoredEvents += 1
            return
        }
        guard deadline <= now.uptime else {
            // Early: it was replaced by a later one, whose own event must still come.
            emit(.startTimer(timer, at: deadline))
            return
        }
        _ = timers.remove(timer)
        switch timer {
        case .settle(let input): settle(input)
        case .tuneOut(let index): settle(.safety(index))
        case .fireSettle: settleFire()
        case .fireUnknown: fireStayedUnknown()
        case .startWait: finishStart()
        case .mergeGap: account(sequencer.tick(at: now))
        case .moveStart, .moveUp, .moveDown, .clearDelay, .warnBeforeClose, .recloseRest, .safetyWait,
            .waitForVehicle, .vanishDelay, .assumedPass:
            firedForArm(timer)
        case .readVote, .readHold, .noReadAfter, .noPlateAfter, .askDeadline, .leaveConfirm,
            .cameraPresence, .holdTimeout, .exitGuardCall, .exitPendingMax, .exitWait, .laneBlocked,
            .refusedRetry, .requestUnseen:
            firedForLine(timer)
        case .underArmWarning: notice = .dontStop
        case .underArmAlarm: vehicleStaysUnderArm()
        case .holdOpenAlarm:
            note(LaneNote(.armLeftOpen))
            emit(.callGuard("arm_left_open"))
            startTimer(.holdOpenAlarm, after: .seconds(600))
        case .emergencyHold: endHold(by: Operator(channel: "schedule", name: "emergency_hold"))
        case .holdUntil: holdUntilEnded()
        case .holdRefresh: refreshHold()
        case .fireHoldRetry: retryHold()
        case .guardButtonLong: buttonHeld()
        case .guardButtonStuck: buttonStuck()
        case .directionWait: directionWaitEnded()
        case .directionTie: directionTieEnded()
        case .helpKeyHeld: helpKeyHeld()
        case .helpWait: helpWaitEnded()
        case .wrongWayApproach:
            note(LaneNote(.wrongWayApproach))
            notice = .closed
        }
    }

    private mutating func firedForArm(_ timer: LaneTimer) {
        switch timer {
        case .moveStart: moveStartEnded()
        case .moveUp: moveUpEnded()
        case .moveDown: moveDownEnded()
        case .clearDelay: clearDelayEnded()
        case .warnBeforeClose: closeNow()
        case .recloseRest: recloseRestEnded()
        case .safetyWait: safetyWaitEnded()
        case .waitForVehicle: waitForVehicleEnded()
        case .vanishDelay: vanishDelayEnded()
        case .assumedPass: assumedPassEnded()
        default: break
        }
    }

    private mutating func firedForLine(_ timer: LaneTimer) {
        switch timer {
        case .readVote: ask()
        case .readHold: readHoldEnded()
        case .noReadAfter: noReadEnded()
        case .noPlateAfter: noPlateEnded()
        case .askDeadline: answerStayedAway()
        case .leaveConfirm: leaveConfirmed()
        case .cameraPresence: cameraPresenceEnded()
        case .holdTimeout: holdTimedOut()
        case .exitGuardCall:
            note(LaneNote(.heldTooLong, request: approach.asked?.id, plate: approach.asked?.decision?.plate))
            emit(.callGuard("exit_waits"))
        case .exitPendingMax: letOut()
        case .exitWait: openBlind()
        case .laneBlocked: laneBlockedEnded()
        case .refusedRetry:
            approach.mayRetry = true
            if approach.verdict == .deny { emit(.triggerCamera) }
        case .requestUnseen: approach.isUnseen = true
        default: break
        }
    }

    /// The rules are never silent for long; if they are, the vehicle is asked about again and a late answer
    /// finds its request gone.
    private mutating func answerStayedAway() {
        guard approach.asked?.decision == nil else { return }
        approach.asked = nil
        ask()
    }

    private var isAnswerAway: Bool { approach.asked.map { $0.decision == nil } ?? false }

    private mutating func holdTimedOut() {
        if isAnswerAway { return startTimer(.holdTimeout, after: plan.timers.askDeadline) }
        guard approach.isHere, var asked = approach.asked, var decision = asked.decision,
            decision.verdict == .pending
        else { return }
        decision.verdict = .deny
        decision.reason = .holdTimeout
        decision.waitsFor = nil
        asked.id = newRequest()
        if isLeaving { emit(.callGuard("exit_waits")) }
        settleRefusal(asked, decision)
    }

    /// Nobody is kept for money, or for a guard who does not come (H-32).
    private mutating func letOut() {
        if isAnswerAway { return startTimer(.exitPendingMax, after: plan.timers.askDeadline) }
        guard approach.isHere, isLeaving, let asked = approach.asked, var decision = asked.decision else {
            return
        }
        decision.verdict = .grant
        decision.reason = .debtRelease
        decision.waitsFor = nil
        note(LaneNote(.heldTooLong, request: asked.id, plate: decision.plate, why: "exit_pending_max"))
        // Until it has left it waits no second time: the opening may never reach the board. Whoever comes next is another.
        let plate = asked.request.read?.reading.plate
        pausedWait = PausedWait(
            plate: plate, deadline: now.uptime, since: plate == nil ? now.uptime : nil)
        giveWhatIsOwed(decision)
    }

    private mutating func vehicleStaysUnderArm() {
        note(LaneNote(.vehicleUnderArm, plate: grants.first { $0.isCrossing }?.plate))
        emit(.callGuard("vehicle_under_arm"))
        startTimer(.underArmAlarm, after: .seconds(600))
    }

    private mutating func retryHold() {
        guard phase == .fire || phase == .heldOpen else { return }
        guard position != .up else { return }
        assertHold(holdCause)
        let isPatient = phase == .fire && arm.retriesInFire < 12
        arm.retriesInFire = min(arm.retriesInFire + 1, 12)
        if upLimit == .off || downLimit == .on {
            startTimer(.fireHoldRetry, after: isPatient ? .seconds(5) : .seconds(60))
        }
    }
}
