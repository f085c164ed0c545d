// SPDX-License-Identifier: Apache-2.0

/// After a start nothing is replayed: outputs idle first, then the inputs judge (lanes.md §4.7).
extension Lane {
    mutating func start(_ memory: LaneMemory) {
        guard phase == .starting, resumeMemory == nil else {
            ignoredEvents += 1
            return
        }
        resumeMemory = memory
        fire.resume(memory)
        resumeHolds(memory)
        let staysOpen = fire.isActive || hold?.kind == .open || hold?.kind == .emergency
        idleOutputs(keepingHold: staysOpen)
        if memory.detectorsMayHaveRestarted || memory.isSafetySuspect { followSafety { $0.distrustLoops() } }
        resumeGrant(memory.unfinishedGrant)
        if let until = hold?.until {
            let timer: LaneTimer = hold?.kind == .emergency ? .emergencyHold : .holdUntil
            startTimer(timer, after: max(until - now.wall, .zero))
        }
        if staysOpen {
            noteResumed()
            return fire.isActive ? goFire() : goHeldOpen()
        }
        startTimer(.startWait, after: plan.timers.startWait)
        finishStartIfAnswered()
    }

    private mutating func resumeHolds(_ memory: LaneMemory) {
        interrupted = memory.interrupted.map(resumed)
        guard let kept = memory.hold.map(resumed) else { return }
        if isOver(kept) {
            note(LaneNote(.holdEnded, by: Operator(channel: "schedule", name: "until")))
            resumeInterrupted()
        } else {
            hold = kept
        }
    }

    private func resumed(_ kept: LaneMemory.Hold) -> HoldState {
        HoldState(
            kind: kept.kind, until: kept.until, by: Operator(channel: "self", name: "restart"),
            going: kept.going)
    }

    /// A vehicle whose verdict had not come may stand under the arm or before it.
    private mutating func resumeGrant(_ unfinished: LaneMemory.UnfinishedGrant?) {
        guard let unfinished else { return }
        let age = now.wall - unfinished.grantedAt
        let id = newRequest()
        guard age >= .zero, age <= plan.timers.resumeWindow else {
            return note(
                LaneNote(
                    .notPassed, request: id, read: unfinished.record, plate: unfinished.decision.plate,
                    direction: unfinished.direction, why: "resume_window", flags: ["resumed"]))
        }
        if plan.kind == .twoWay, unfinished.direction != heading {
            heading = unfinished.direction
            account(sequencer.turnRound(at: now))
        }
        grants.append(
            LiveGrant(
                request: id, decision: unfinished.decision, direction: unfinished.direction,
                cause: .restart, resumed: unfinished.record))
    }

    mutating func finishStartIfAnswered() {
        guard phase == .starting, resumeMemory != nil else { return }
        let answered = plan.wiredInputs.allSatisfy { input in
            switch input {
            case .safety: safety.hasAnswered
            case .presence: inputs.outer.reaction.level != .unknown
            case .clear: inputs.inner.reaction.level != .unknown
            case .limitUp: inputs.limitUp.level != .unknown
            case .limitDown: inputs.limitDown.level != .unknown
            case .guardButton: inputs.guardButton.level != .unknown
            case .boomBreak: inputs.boomBreak.level != .unknown
            case .helpKey: inputs.helpKey.level != .unknown
            }
        }
        if answered && safety.level != .unknown || answered && safety.isSuspect { finishStart() }
    }

    mutating func finishStart() {
        guard phase == .starting else { return }
        stopTimer(.startWait)
        noteResumed()
        if position != .down { context?.wasOpen = true }
        if hold?.kind == .open || hold?.kind == .emergency { return goHeldOpen() }
        if inputs.boomBreak.level == .on { return goFault(.lost, .armLost) }
        if outputsFailed { return goFault(.output, .outputFailed) }
        switch position {
        case .down:
            endUnusedGrants(.notPassed, why: "restart")
            if safety.level == .on { note(LaneNote(.zoneOccupied)) }
            goIdle()
        case .up: startRaised()
        case .between:
            // Found half-way: up, whatever is under it (H-07).
            sendOpen(.restart, .safety, life: nil)
            goOpening()
            arm.isForeign = served == nil
        case .unknown: startUnseen()
        }
    }

    private mutating func startRaised() {
        switch safety.level {
        case .on: goPassing()
        case .unknown where !safety.isSuspect:
            goPassing()
            startTimer(.safetyWait, after: plan.timers.safetyWait)
        case .unknown, .off: if served != nil { goOpen() } else { goClearing() }
        }
        if phase == .passing { underArmFromStart() }
    }

    /// Without limits nothing is moved: time decides, unless safety says that somebody is there.
    private mutating func startUnseen() {
        switch safety.level {
        case .on:
            goPassing()
            underArmFromStart()
        case .unknown: goFault(.safety, safety.isSuspect ? .safetySuspect : .safetyUnknown)
        case .off: if served != nil { goOpen() } else { goClosing() }
        }
    }

    private mutating func underArmFromStart() {
        guard safety.level == .on else { return }
        startTimer(.underArmWarning, after: plan.timers.underArmWarning)
        startTimer(.underArmAlarm, after: plan.timers.underArmAlarm)
    }

    private mutating func noteResumed() {
        let states = plan.wiredInputs.map { input in
            switch input {
            case .safety(let index): index == 0 ? "safety=\(safety.level.rawValue)" : ""
            case .presence: "presence=\(inputs.outer.reaction.level.rawValue)"
            case .clear: "clear=\(inputs.inner.reaction.level.rawValue)"
            case .limitUp: "up=\(inputs.limitUp.level.rawValue)"
            case .limitDown: "down=\(inputs.limitDown.level.rawValue)"
            case .guardButton, .boomBreak, .helpKey: ""
            }
        }
        note(
            LaneNote(
                .laneResumed, read: resumeMemory?.unfinishedGrant?.record,
                why: states.filter { !$0.isEmpty }.joined(separator: " ")))
    }
}
