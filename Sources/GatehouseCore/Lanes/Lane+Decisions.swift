// SPDX-License-Identifier: Apache-2.0

/// Asking the rules about the vehicle at the line, and what the answer moves (lanes.md §4.2).
extension Lane {
    /// Ask at once if the reads agree, else when the vote closes.
    mutating func consider() {
        guard approach.isHere, approach.asked == nil, !approach.vote.isEmpty else { return }
        if approach.vote.isDecisive { return ask() }
        startTimerOnce(.readVote, after: plan.timers.readVote)
    }

    func requestFromVote() -> AccessRequest {
        let winner = approach.vote.winner?.best
        return AccessRequest(
            lane: id, direction: heading, read: winner, isPresenceConfirmed: !presenceIsBlind,
            otherReads: approach.vote.others, hasCloneHint: winner.map { isOfLastPassage($0) } ?? false,
            isHeldClosed: isHeldClosed, isContested: approach.vote.isContested, owed: approach.owed)
    }

    /// A vehicle for whom there is no place in the queue is asked when there is.
    mutating func ask() {
        guard approach.isHere, !approach.vote.isEmpty || approach.owed != nil, canQueue else { return }
        for timer in [
            LaneTimer.readVote, .noReadAfter, .noPlateAfter, .exitWait, .refusedRetry,
        ] {
            stopTimer(timer)
        }
        let request = requestFromVote()
        let id = newRequest()
        let before = approach.asked
        approach.asked = Approach.Asked(id: id, request: request, decision: nil)
        if approach.awaitsNewRead, approach.notice == .back, safety.level != .on { approach.notice = nil }
        (approach.awaitsNewRead, approach.mayRetry) = (false, false)
        // Asked again for the same look, it has been seen no sooner.
        if before == nil || before?.request.read?.record != request.read?.record {
            approach.isUnseen = false
            stopTimer(.requestUnseen)
        }
        approach.hasNotedDuplicate = false
        lastDecision = before?.decision
        startTimer(.askDeadline, after: plan.timers.askDeadline)
        emit(.decide(id, request))
    }

    mutating func decided(_ id: RequestID, _ decision: Decision) {
        if let asked = correction, asked.id == id { return corrected(asked, decision) }
        guard approach.isHere, let asked = approach.asked, asked.id == id, asked.decision == nil else {
            note(LaneNote(.decisionUnused, request: id, plate: decision.plate, why: decision.reason.rawValue))
            return
        }
        stopTimer(.askDeadline)
        let mayPass = decision.isEmergency && decision.verdict == .grant
        if phase == .starting && !mayPass {
            approach.asked = nil
            return
        }
        let isSettled = decision.verdict == .pending && (decision.isHousehold && mustNotKeep(decision))
        if isSettled {
            // A household's vehicle is never kept for money.
            var free = decision
            free.verdict = .grant
            free.reason = .debtRelease
            return admitDecision(free, asked.request, cause: .rightsFloor)
        }
        switch decision.verdict {
        case .grant where isHeldClosed && !decision.isEmergency:
            note(LaneNote(.decisionUnused, request: id, plate: decision.plate, why: "held_closed"))
            approach.asked?.decision = decision
            approach.asked?.decision?.verdict = .deny
            approach.asked?.decision?.reason = .laneOutOfService
        case .grant:
            if decision.reason == .exitAlways, asked.request.owed != nil {
                note(LaneNote(.exitBlindOpened, direction: heading))
            }
            admitDecision(
                decision, asked.request, id: id, cause: asked.request.owed == nil ? nil : .rightsFloor)
        case .deny: refuse(asked, decision)
        case .pending: keepWaiting(asked, decision)
        }
        showLine()
    }

    /// Nobody is kept for ever; but an arm that a technician holds shut or that cannot be commanded, another arm or an
    /// oncoming vehicle still come first (lanes.md §3.1), and somebody is called.
    mutating func giveWhatIsOwed(_ decision: Decision) {
        approach.owed = decision
        guard !isHeldClosed, phase != .fault(.output) else { return emit(.callGuard("exit_waits")) }
        ask()
    }

    private func mustNotKeep(_ decision: Decision) -> Bool {
        isLeaving && decision.reason == .paymentDue
    }

    private mutating func recordIfNew(_ asked: Approach.Asked, _ decision: Decision) {
        defer { lastDecision = nil }
        if let last = lastDecision, last.verdict == decision.verdict, last.reason == decision.reason,
            last.plate == decision.plate, last.stay == decision.stay
        {
            return
        }
        emit(.record(.decided(asked.id, asked.request, decision)))
    }

    private mutating func refuse(_ asked: Approach.Asked, _ decision: Decision) {
        approach.asked?.decision = decision
        recordIfNew(asked, decision)
        stopTimer(.holdTimeout)
        stopTimer(.exitGuardCall)
        if !isLeaving { stopTimer(.exitPendingMax) }
        startTimer(.refusedRetry, after: plan.timers.refusedRetry)
        if phase.isFault && isLeaving { emit(.callGuard("fault_at_exit")) }
    }

    private mutating func keepWaiting(_ asked: Approach.Asked, _ decision: Decision) {
        approach.asked?.decision = decision
        // Whoever is asked about again and hears the same has waited since the first time.
        let isSame = lastDecision.map {
            $0.verdict == .pending && $0.reason == decision.reason && $0.plate == decision.plate
        }
        if isSame != true { stopTimer(.holdTimeout) }
        recordIfNew(asked, decision)
        if !approach.isUnseen { startTimerOnce(.requestUnseen, after: Lane.unseenAfter) }
        switch decision.reason {
        // Each word of another arm begins it anew: the way may be free in a moment. That may go on for long.
        case .interlockWait:
            startTimer(.holdTimeout, after: plan.timers.holdTimeoutInterlock)
            if isLeaving { startTimerOnce(.exitGuardCall, after: .seconds(180)) }
        case .opposingUse: break
        case .paymentDue where isLeaving: startTimerOnce(.exitGuardCall, after: .seconds(180))
        default: startTimerOnce(.holdTimeout, after: plan.timers.holdTimeoutConfirm)
        }
        // Nobody is kept inside for ever, whatever is missing (H-32).
        let isOwn = decision.reason != .interlockWait && decision.reason != .opposingUse
        if isLeaving && isOwn && timers.deadline(.exitPendingMax) == nil {
            startTimer(.exitPendingMax, at: exitDeadline(for: asked.request.read?.reading))
        }
    }

    private func exitDeadline(for reading: PlateReading?) -> Uptime {
        let whole = now.uptime + plan.timers.exitPendingMax
        guard let pausedWait, now.uptime < pausedWait.deadline + plan.timers.exitPendingMax,
            pausedWait.mayBeAnybody(at: now.uptime) || isPaused(reading, pausedWait.plate)
        else { return whole }
        return max(pausedWait.deadline, mayOpenAgain)
    }

    private func isPaused(_ reading: PlateReading?, _ plate: Plate?) -> Bool {
        guard let plate, let reading, let read = reading.plate else { return false }
        return PlateLookAlike.distance(read: read, color: reading.color, to: plate) <= PlateMatch.limit
    }

    private mutating func corrected(_ asked: Approach.Asked, _ decision: Decision) {
        correction = nil
        emit(.record(.decided(asked.id, asked.request, decision)))
        guard let index = grants.firstIndex(where: { !$0.isCrossing }), grants[index].access != nil else {
            return
        }
        if decision.verdict == .grant {
            grants[index].access = asked.request
            grants[index].decision = decision
        } else {
            note(
                LaneNote(
                    .grantDoubtful, request: grants[index].request, plate: decision.plate,
                    why: decision.reason.rawValue))
            emit(.callGuard("grant_doubtful"))
        }
    }

    /// Records a grant and lets its vehicle in; `cause` only if it is not the decision itself.
    mutating func admitDecision(
        _ decision: Decision, _ request: AccessRequest, id: RequestID? = nil, cause: CommandCause?
    ) {
        let id = id ?? newRequest()
        emit(.record(.decided(id, request, decision)))
        lastDecision = nil
        // Known by name: the whole way is cleared for it (lanes.md §7.4). A plate class alone may be a print.
        if decision.isEmergency, let entry = decision.listEntry {
            startEmergency(Operator(channel: "list", name: String(entry)), why: "list_match")
        }
        admit(
            LiveGrant(
                request: id, access: request, decision: decision, direction: request.direction,
                cause: cause ?? (decision.isEmergency ? .emergency : .grant(id)),
                isEmergency: decision.isEmergency))
    }

    mutating func admit(_ grant: LiveGrant) {
        grants.append(grant)
        forgetApproach()
        claim(grant.direction)
        attachToCreptVehicle()
        switch phase {
        case .starting, .clear, .present, .waiting, .refused, .heldClosed, .closing:
            sendOpen(for: grant)
            goOpening()
        case .opening: break
        case .open:
            if arm.isForeign {
                note(LaneNote(.grantAfterOpening, request: grant.request, flags: ["foreign"]))
            }
            startTimer(.waitForVehicle, after: waitForServed)
        case .passing: admitFollower(grant)
        case .clearing:
            // The controller may be about to lower although the arm is up.
            if plan.closing != .gateway || upLimit != .on { sendOpen(for: grant) }
            withdrawClose()
            goOpening()
        case .heldOpen, .fire: startTimer(.waitForVehicle, after: waitForServed)
        case .fault(let kind):
            startTimer(.waitForVehicle, after: waitForServed)
            if kind == .arm {
                arm.isForeign = false
                // It may rise now, and limits that contradict each other would not say so.
                arm.assumed = .between
                sendOpen(for: grant)
            }
            if kind == .output { emit(.callGuard("output_failed")) }
        }
    }

    private mutating func admitFollower(_ grant: LiveGrant) {
        switch plan.followOn {
        case .counted: sendOpen(for: grant)
        case .maintained where plan.outputs.contains(.hold): assertHold(grant.cause)
        case .maintained, .repeat: break
        }
        if let last = grants.indices.last, plan.followOn != .repeat { grants[last].hasFollowed = true }
    }

    /// It stood on the safety sensors before it was let in.
    private mutating func attachToCreptVehicle() {
        guard phase.isIdle, sequencer.crossing != nil, context?.grant == nil,
            let index = grants.firstIndex(where: { !$0.isCrossing })
        else { return }
        grants[index].isCrossing = true
        context?.grant = grants[index].request
        context?.isTailgate = false
    }

    /// A vehicle that waits while somebody opens by hand goes with that opening (lanes.md n9).
    mutating func attachToForeignOpening() {
        guard approach.isHere else { return }
        let asked = approach.asked
        let request = asked?.request ?? requestFromVote()
        let id = newRequest()
        note(
            LaneNote(.grantAfterOpening, request: id, plate: request.read?.reading.plate, flags: ["foreign"]))
        grants.append(
            LiveGrant(
                request: id, access: request, decision: asked?.decision, direction: heading, cause: .safety,
                isManual: true))
        forgetApproach()
        watchForVanishing()
    }

    private mutating func claim(_ direction: TravelDirection) {
        guard plan.kind == .twoWay || plan.interlockSet != nil, arm.claimed == nil else { return }
        arm.claimed = direction
        emit(.claim(direction))
    }
}
