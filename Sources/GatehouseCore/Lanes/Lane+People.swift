// SPDX-License-Identifier: Apache-2.0

/// Technicians, operators, guards and their button (lanes.md §4.5). Authority was checked before.
extension Lane {
    mutating func obey(_ order: LaneOrder) {
        stopTimer(.helpWait)
        switch order.action {
        case .open: openByPerson(order.by, why: order.reason, cause: .person(order.by))
        case .close: closeByPerson(order)
        case .holdOpen(let until): startHold(.open, until: until, order)
        case .holdClosed(let until): startHold(.closed, until: until, order)
        case .emergency: startEmergency(order.by, why: order.reason, going: order.going)
        case .release: release(order)
        case .seenEmpty:
            guard order.isOnSite else { return refuse(order, "on_site_only") }
            note(LaneNote(.seenEmpty, by: order.by, why: order.reason))
            followSafety { $0.trustLoops() }
        case .confirm: confirm(order)
        case .refuse: refuseVehicle(order)
        }
    }

    private mutating func refuse(_ order: LaneOrder, _ why: String) {
        note(LaneNote(.orderRefused, by: order.by, why: why))
    }

    /// A grant without a decision: for whoever stands there, or for nobody (lanes.md n1).
    mutating func openByPerson(_ by: Operator, why: String, cause: CommandCause) {
        note(LaneNote(.manualOpen, direction: heading, by: by, why: why))
        emit(.triggerCamera)
        switch phase {
        case .fire, .heldOpen: return
        case .open, .opening:
            if phase == .open { startTimer(.waitForVehicle, after: waitForServed) }
            if served != nil { return }
        default: break
        }
        let isRepeated = phase == .open
        let grant = LiveGrant(
            request: newRequest(), access: approach.isHere ? approachRequest : nil,
            decision: approach.asked?.decision, direction: heading, cause: cause, isManual: true)
        if isRepeated {
            grants.append(grant)
            forgetApproach()
        } else if phase.isFault {
            grants.append(grant)
            forgetApproach()
            sendOpen(for: grant)
            startTimer(.waitForVehicle, after: waitForServed)
        } else {
            admit(grant)
        }
    }

    private var approachRequest: AccessRequest { approach.asked?.request ?? requestFromVote() }

    /// Nobody lowers this arm by an order.
    private var refusesClose: Bool {
        guard case .fault(let kind) = phase else { return false }
        return kind == .safety || kind == .lost || kind == .output
    }

    /// Nobody stands between the grant and the arm any more, says a person who looks at it.
    private var mayEndGrants: Bool { phase == .open || phase == .clearing || phase == .opening }

    private mutating func closeByPerson(_ order: LaneOrder) {
        if refusesClose { return refuse(order, phase.name) }
        if mayEndGrants && safety.raw == .off { endUnusedGrants(.notPassed, why: "operator") }
        if phase == .fault(.down) { arm.recloses = 0 }
        if let obstacle = sendClose(.person(order.by)) {
            refuse(order, obstacle.rawValue)
            if (phase == .open || phase == .opening) && served == nil { goClearing() }
            return
        }
        note(LaneNote(.manualClose, by: order.by, why: order.reason))
        goClosing()
    }

    private mutating func startHold(
        _ kind: LaneMemory.Hold.Kind, until: WallTime?, _ order: LaneOrder
    ) {
        if kind == .closed && plan.isLastExit { return refuse(order, "last_exit") }
        if kind == .closed && fire.isActive { return refuse(order, "fire") }
        if let until, until <= now.wall { return refuse(order, "until_is_past") }
        let started = HoldState(kind: kind, until: until, by: order.by)
        if hold?.kind == .emergency {
            // Nobody's hold ends an emergency; it stands afterwards.
            interrupted = started
            return noteHold(started, why: order.reason, flags: [Lane.afterEmergency])
        }
        hold = started
        noteHold(started, why: order.reason)
        armHoldEnd()
        guard !fire.isActive, phase != .starting else { return }
        switch kind {
        case .open, .emergency: goHeldOpen()
        case .closed:
            if phase == .heldOpen { goByInputs() }
            showLine()
        }
    }

    static let afterEmergency = "after_emergency"

    private mutating func noteHold(_ hold: HoldState, why: String?, flags: [String] = []) {
        note(
            LaneNote(
                .holdStarted, by: hold.by, until: hold.until, why: why, flags: [hold.kind.rawValue] + flags))
    }

    func isOver(_ hold: HoldState) -> Bool { hold.until.map { $0 <= now.wall } ?? false }

    mutating func resumeInterrupted() {
        guard let before = interrupted else { return }
        interrupted = nil
        guard !isOver(before) else { return }
        hold = before
        noteHold(before, why: Lane.afterEmergency)
        armHoldEnd()
    }

    private mutating func armHoldEnd() {
        if let until = hold?.until {
            startTimer(.holdUntil, after: max(until - now.wall, .zero))
        } else {
            stopTimer(.holdUntil)
        }
    }

    /// The civil clock may have been set meanwhile: it is asked again, and only then the hold ends.
    mutating func holdUntilEnded() {
        guard let until = hold?.until else { return }
        if now.wall < until { return armHoldEnd() }
        endHold(by: Operator(channel: "schedule", name: "until"))
    }

    /// The whole way is free for `emergency_hold`, whatever any rule says (H-29).
    mutating func startEmergency(_ by: Operator, why: String, going: TravelDirection? = nil) {
        let until = now.wall + plan.timers.emergencyHold
        if hold?.kind != .emergency { interrupted = hold }
        hold = HoldState(kind: .emergency, until: until, by: by, going: going)
        note(LaneNote(.emergency, direction: going, by: by, until: until, why: why))
        stopTimer(.holdUntil)
        startTimer(.emergencyHold, after: plan.timers.emergencyHold)
        if !fire.isActive { goHeldOpen() }
    }

    mutating func endHold(by: Operator, why: String? = nil) {
        guard let ended = hold else { return }
        hold = nil
        stopTimer(.holdUntil)
        stopTimer(.emergencyHold)
        note(LaneNote(.holdEnded, by: by, why: why, flags: [ended.kind.rawValue]))
        resumeInterrupted()
        guard !fire.isActive else { return }
        if phase == .heldOpen {
            arm.warnsLonger = true
            goByInputs()
        } else {
            showLine()
            if phase.isIdle { lookAtLine() }
            // Whoever was refused for the hold alone, or paid meanwhile, is judged by what holds now.
            reconsider(.hold)
        }
    }

    private mutating func release(_ order: LaneOrder) {
        if fire.isActive || phase == .fire {
            guard order.isOnSite else { return refuse(order, "on_site_only") }
            guard fire.isLatched else { return refuse(order, "fire_input_unknown") }
            return resetFire(by: order.by)
        }
        if hold != nil { return endHold(by: order.by, why: order.reason) }
        switch phase {
        case .fault(.lost):
            guard inputs.boomBreak.level != .on || !plan.hasBoomBreak else {
                return refuse(order, "boom_lost")
            }
            guard order.isOnSite else { return refuse(order, "on_site_only") }
            leaveFault(order)
        case .fault(.arm), .fault(.down): leaveFault(order)
        case .fault: refuse(order, phase.name)
        default: refuse(order, "nothing_held")
        }
    }

    private mutating func leaveFault(_ order: LaneOrder) {
        for code in [LaneFaultCode.armStuck, .armDoesNotClose, .armLost] { setFault(code, false) }
        arm.recloses = 0
        arm.hasRested = false
        arm.hasReopened = false
        note(LaneNote(.holdEnded, by: order.by, why: order.reason, flags: ["fault"]))
        goByInputs()
    }

    /// What whoever stands at the line waits with.
    private var pending: Decision? {
        guard approach.isHere, let decision = approach.asked?.decision, decision.verdict == .pending else {
            return nil
        }
        return decision
    }

    /// As far as it can be said before the order comes.
    func offers(_ order: OfferedOrder, at now: Moment) -> Bool {
        switch order {
        case .confirm: pending?.isConfirmable ?? false
        case .refuse: pending != nil
        case .open: phase != .fire && phase != .heldOpen
        case .close:
            switch closeObstacle(at: now) {
            case nil: !refusesClose
            // What the order itself ends.
            case .grantLive: mayEndGrants && safety.raw == .off
            case .recloseLimit: phase == .fault(.down)
            default: false
            }
        case .emergency: hold?.kind != .emergency
        }
    }

    /// The waiting vehicle may pass, says a person.
    private mutating func confirm(_ order: LaneOrder) {
        guard var decision = pending, let request = approach.asked?.request else {
            return refuse(order, "nobody_waits")
        }
        guard decision.isConfirmable else { return refuse(order, decision.reason.rawValue) }
        decision.verdict = .grant
        decision.reason = .operatorOpen
        decision.waitsFor = nil
        note(
            LaneNote(.manualOpen, plate: decision.plate, direction: heading, by: order.by, why: order.reason))
        admitDecision(decision, request, cause: .person(order.by))
    }

    private mutating func refuseVehicle(_ order: LaneOrder) {
        guard var asked = approach.asked, var decision = pending else {
            return refuse(order, "nobody_waits")
        }
        decision.verdict = .deny
        decision.reason = .operatorRefused
        decision.waitsFor = nil
        note(
            LaneNote(
                .manualRefusal, plate: decision.plate, direction: heading, by: order.by, why: order.reason))
        asked.id = newRequest()
        settleRefusal(asked, decision)
    }

    /// A pending request ends as a denial.
    mutating func settleRefusal(_ asked: Approach.Asked, _ decision: Decision) {
        approach.asked = Approach.Asked(id: asked.id, request: asked.request, decision: decision)
        emit(.record(.decided(asked.id, asked.request, decision)))
        stopTimer(.holdTimeout)
        startTimer(.refusedRetry, after: plan.timers.refusedRetry)
        showLine()
    }

    // MARK: - The guard's button

    mutating func buttonChanged() {
        guard inputs.guardButton.level == .on else {
            stopTimer(.guardButtonLong)
            stopTimer(.guardButtonStuck)
            buttonIsStuck = false
            setFault(.guardButtonStuck, false)
            return
        }
        let isRepeated = buttonPressedAt.map { now.uptime - $0 <= .seconds(2) } ?? false
        buttonPressedAt = now.uptime
        startTimer(.guardButtonLong, after: .seconds(3))
        startTimer(.guardButtonStuck, after: .seconds(30))
        stopTimer(.helpWait)
        guard !isRepeated else { return }
        openByPerson(Lane.guardAtButton, why: "button", cause: .guardButton)
    }

    mutating func buttonHeld() {
        guard inputs.guardButton.level == .on, !buttonIsStuck else { return }
        startEmergency(Lane.guardAtButton, why: "button")
    }

    mutating func buttonStuck() {
        buttonIsStuck = true
        setFault(.guardButtonStuck, true)
    }

    static let guardAtButton = Operator(channel: "button", name: "guard")
}

extension Decision {
    /// A person's word ends the waiting. It moves no other vehicle out of the way.
    fileprivate var isConfirmable: Bool { reason != .interlockWait && reason != .opposingUse }
}
