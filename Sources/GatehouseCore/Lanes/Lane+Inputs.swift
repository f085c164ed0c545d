// SPDX-License-Identifier: Apache-2.0

/// Levels come in here and leave as believed changes (lanes.md §2, §4.3, §4.4).
extension Lane {
    mutating func take(_ input: LaneInput, _ level: Level, since: Uptime) {
        guard plan.wiredInputs.contains(input) else {
            ignoredEvents += 1
            return
        }
        let (at, instant) = (now.uptime, since)
        if case .safety(let index) = input {
            followSafety { $0.take(index, level, since: instant, at: at) }
        } else {
            follow { $0.take(input, level, since: instant, at: at) }
        }
        armSettling(input)
        if phase == .starting { finishStartIfAnswered() }
    }

    mutating func settle(_ input: LaneInput) {
        let at = now.uptime
        if case .safety(let index) = input {
            followSafety { $0.settle(index, at: at) }
        } else {
            follow { $0.settle(input, at: at) }
        }
        armSettling(input)
        if phase == .starting { finishStartIfAnswered() }
    }

    private mutating func armSettling(_ input: LaneInput) {
        switch input {
        // Whether one limit is believed depends on the other.
        case .limitUp, .limitDown:
            for limit in [LaneInput.limitUp, .limitDown] { scheduleSettling(limit, at: inputs.due(limit)) }
        case .safety(let index):
            scheduleSettling(input, at: safety.due(index))
            setTimer(.tuneOut(index), at: safety.forgets(index))
        default: scheduleSettling(input, at: inputs.due(input))
        }
    }

    private mutating func scheduleSettling(_ input: LaneInput, at due: Uptime?) {
        setTimer(.settle(input), at: due)
    }

    private mutating func setTimer(_ timer: LaneTimer, at due: Uptime?) {
        if let due { startTimer(timer, at: due) } else { stopTimer(timer) }
    }

    private mutating func follow(_ change: (inout LaneInputs) -> Void) {
        let old = inputs
        let limits = (up: upLimit, down: downLimit, position: position)
        change(&inputs)
        if old.boomBreak.level != inputs.boomBreak.level { boomChanged() }
        if old.guardButton.level != inputs.guardButton.level { buttonChanged() }
        if old.helpKey.level != inputs.helpKey.level { helpKeyChanged() }
        if limits.up != upLimit || limits.down != downLimit, phase != .starting {
            limitsChanged(from: limits)
        }
        lineChanged(from: old)
    }

    private mutating func lineChanged(from old: LaneInputs) {
        if plan.kind == .twoWay { turnIfFree(from: old) }
        let isNative = heading == nativeHeading
        let before = isNative ? (old.outer, old.inner) : (old.inner, old.outer)
        if old.outer.counting.level != inputs.outer.counting.level
            || old.inner.counting.level != inputs.inner.counting.level
        {
            safety.neighbours(areOn: [inputs.outer, inputs.inner].contains { $0.counting.level == .on })
        }
        if before.1.counting.level != clearLoop.counting.level { clearChanged(from: before.1.counting.level) }
        if before.0.counting.level != presenceLoop.counting.level {
            presenceCounted(from: before.0.counting.level)
        }
        if before.0.reaction.level != presenceLoop.reaction.level {
            presenceBelieved(from: before.0.reaction.level)
        }
    }

    private mutating func clearChanged(from before: Level) {
        if clearLoop.counting.level == .on {
            if plan.kind != .twoWay {
                if before == .off { safety.sawMovement(at: now.uptime) }
                if phase.isIdle, sequencer.crossing == nil {
                    startTimer(.wrongWayApproach, after: .seconds(2))
                }
            }
        } else {
            stopTimer(.wrongWayApproach)
        }
        let (level, at) = (clearLoop.counting.level, now.uptime)
        if plan.kind != .twoWay { followSafety { $0.clear(from: before, to: level, at: at) } }
        account(sequencer.clear(clearLoop.counting.level, at: now))
    }

    // MARK: - Safety

    mutating func followSafety(_ change: (inout SafetyGroup) -> SafetyGroup.SuspicionChange?) {
        let before = (level: safety.level, raw: safety.raw, counting: safety.counting)
        let suspicion = change(&safety)
        switch suspicion {
        case .started: note(LaneNote(.suspicionStarted))
        case .ended: note(LaneNote(.suspicionEnded))
        case nil: break
        }
        if safety.raw != .off { withdrawCloseUnlessClosing() }
        if before.level != safety.level, phase != .starting { safetyChanged() }
        if phase == .passing, safety.raw == .off, before.raw != .off { openForFollower() }
        if before.counting != safety.counting {
            account(sequencer.safety(safety.counting, since: safety.countingSince, at: now))
        }
        leavePassing()
    }

    /// In CLOSING the opening that follows withdraws it; elsewhere it is only queued.
    private mutating func withdrawCloseUnlessClosing() {
        if phase != .closing { withdrawClose() }
    }

    private mutating func safetyChanged() {
        if safety.level == .on {
            startTimer(.underArmWarning, after: plan.timers.underArmWarning)
            startTimer(.underArmAlarm, after: plan.timers.underArmAlarm)
        } else {
            stopTimer(.underArmWarning)
            stopTimer(.underArmAlarm)
            if notice == .dontStop { notice = nil }
        }
        // Whatever the phase is called, an arm that may be coming down goes up again.
        if safety.level != .off, arm.isLowering, phase != .closing { sendProtectiveOpen() }
        switch safety.level {
        case .on: safetyRose()
        case .off: safetyFell()
        case .unknown: safetyLost()
        }
    }

    private mutating func safetyRose() {
        stopTimer(.safetyWait)
        switch phase {
        case .opening, .open, .clearing: goPassing()
        case .closing: abortClosing()
        case .present, .waiting, .refused: approach.notice = .back
        default: break
        }
    }

    private mutating func safetyFell() {
        stopTimer(.safetyWait)
        switch phase {
        case .clearing: armClearDelay()
        case .opening, .open: watchForVanishing()
        case .present, .waiting, .refused: notOnSafety()
        case .fault(.safety): goByInputs()
        default: break
        }
    }

    private mutating func notOnSafety() {
        if approach.notice == .back, !approach.awaitsNewRead { approach.notice = nil }
    }

    private mutating func safetyLost() {
        switch phase {
        case .closing: abortClosing()
        case .passing: startTimer(.safetyWait, after: plan.timers.safetyWait)
        case .open: if safety.isSilent { startTimer(.safetyWait, after: plan.timers.safetyWait) }
        case .clearing:
            stopTimer(.clearDelay)
            stopTimer(.warnBeforeClose)
            startTimer(.safetyWait, after: plan.timers.safetyWait)
        default: break
        }
    }

    /// The controller is about to lower on a granted follower: open at the first sample (lanes.md n4).
    private mutating func openForFollower() {
        guard plan.closing == .controller, plan.followOn == .repeat,
            let index = grants.firstIndex(where: { !$0.isCrossing }), !grants[index].hasFollowed,
            sequencer.crossing != nil
        else { return }
        grants[index].hasFollowed = true
        sendOpen(for: grants[index])
    }

    mutating func safetyWaitEnded() {
        guard safety.level == .unknown else { return }
        assumePassage()
        // An arm that came down meanwhile, by its controller or by hand, has to rise for whoever is next.
        if position == .down { return goIdle() }
        goFault(.safety, safety.isSuspect ? .safetySuspect : .safetyUnknown)
    }

    mutating func distrustLoops() {
        followSafety { $0.distrustLoops() }
    }
}
