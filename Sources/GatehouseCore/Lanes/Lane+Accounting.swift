// SPDX-License-Identifier: Apache-2.0

/// What the loops counted becomes passages, each booked to the grant that was first when safety rose, and
/// consumes it (lanes.md §6).
extension Lane {
    mutating func account(_ signals: [Sequencer.Signal]) {
        for signal in signals {
            switch signal {
            case .began: crossingBegan()
            case .ended(let verdict, let crossing): crossingEnded(verdict, crossing)
            }
        }
        if let due = sequencer.due {
            startTimer(.mergeGap, at: max(due, now.uptime))
        } else {
            stopTimer(.mergeGap)
        }
        leavePassing()
        // Two that were told apart only when both had left safety, or one that turned back under a faulted arm:
        // whoever is granted still has its time.
        let isUnderWay = sequencer.crossing != nil && phase != .open
        if phase == .open || phase.isFault, !isUnderWay, served != nil,
            timers.deadline(.waitForVehicle) == nil
        {
            startTimer(.waitForVehicle, after: waitForServed)
        }
        // The arm came down before the loops had told what became of the vehicle.
        if phase.isIdle, served != nil || unsettled != nil {
            settleBehindLoweredArm()
            lookAtLine()
        }
    }

    /// Nothing else will end what is left over once the arm is down.
    mutating func settleBehindLoweredArm() {
        endUnusedGrants(.notPassed, why: "arm_down")
        settleCrossing(asGone: true)
    }

    private mutating func crossingBegan() {
        // Nose to tail: the one before has gone.
        settleCrossing(asGone: true)
        if let index = grants.firstIndex(where: { !$0.isCrossing }), grants[index].isUndetermined {
            if grants[index].wasReadAgain {
                grants[index].isUndetermined = false
                grants[index].wasReadAgain = false
            } else {
                // Nose to tail and never read again: the first has gone (lanes.md §6.3).
                completeUndetermined()
            }
        }
        let index = grants.firstIndex { !$0.isCrossing }
        if let index { grants[index].isCrossing = true }
        let sinceLast = lastPassage.map { now.uptime - $0.at }
        context = CrossingContext(
            grant: index.map { grants[$0].request }, wasOpen: position != .down,
            read: index == nil ? approach.vote.winner?.best : nil,
            isTailgate: index == nil && sinceLast.map { $0 <= plan.timers.tailgateWindow } ?? false,
            isManual: arm.isForeign, isFromStart: phase == .starting)
        if index != nil {
            stopTimer(.waitForVehicle)
            stopTimer(.vanishDelay)
            stopTimer(.assumedPass)
        }
        if presenceIsBlind, !heldReads.isEmpty, !approach.isHere, served == nil { arrive(announced: true) }
    }

    private mutating func crossingEnded(_ verdict: Crossing.Verdict, _ crossing: Crossing) {
        guard let ended = context else { return }
        context = nil
        let index = grants.firstIndex { $0.request == ended.grant }
        guard ended.wasOpen else {
            // A bicycle, a trolley, a car nosing in: the arm never left the ground (lanes.md n6).
            note(LaneNote(.zoneOccupied))
            if let index { grants[index].isCrossing = false }
            return
        }
        switch verdict {
        case .crossed(let certainty, let flags):
            complete(crossing, ended, certainty, flags: flags)
            if flags.contains("safety_missed") {
                setFault(.safetyMissed, true)
                note(LaneNote(.safetyMissed))
            } else {
                setFault(.safetyMissed, false)
            }
            if phase == .open && served == nil { goClearing() }
        case .reverse:
            if let index { grants[index].isCrossing = false }
            reversed(crossing, ended)
        case .wrongWayReturned:
            if let index { grants[index].isCrossing = false }
            note(LaneNote(.wrongWayApproach))
        case .undetermined:
            if let index {
                grants[index].isCrossing = false
                grants[index].isUndetermined = true
            } else if phase == .heldOpen || phase == .fire {
                complete(crossing, ended, .assumed, flags: ["review"])
            } else {
                unsettled = UnsettledCrossing(crossing: crossing, context: ended)
            }
        case .returned, .noise:
            if let index { grants[index].isCrossing = false }
        }
    }

    private mutating func reversed(_ crossing: Crossing, _ ended: CrossingContext) {
        let opposite: TravelDirection = heading == .in ? .out : .in
        record(
            Passage(
                direction: opposite, isReverse: true, certainty: .confirmed, cause: .unidentified,
                startedAt: crossing.startedAt.wall, passedAt: now.wall))
        emit(.callGuard("passage_reverse"))
        if approach.isHere { approach.isReverse = true }
    }

    /// A whole crossing: the grant is used up here and nowhere else.
    private mutating func complete(
        _ crossing: Crossing, _ ended: CrossingContext, _ certainty: Passage.Certainty, flags: [String]
    ) {
        let grant = grants.first { $0.request == ended.grant }
        grants.removeAll { $0.request == ended.grant }
        book(
            grant, read: grant?.read ?? ended.read, ended, certainty: certainty, flags: flags,
            since: crossing.startedAt.wall)
        // Nose to tail: presence never fell, and the next one stands on it.
        if !approach.isHere, served == nil, presenceShows, presenceLoop.counting.level == .on {
            arrive(announced: false)
        }
    }

    private mutating func book(
        _ grant: LiveGrant?, read: PlateRead?, _ context: CrossingContext? = nil,
        certainty: Passage.Certainty, flags: [String], since: WallTime
    ) {
        var flags = flags
        let cause = causeOfPassage(grant, context)
        if cause == .manual { flags.append("manual_open") }
        if cause == .held { flags.append("held_open") }
        if grant?.resumed != nil { flags.append("resumed") }
        let plate = grant?.plate ?? read?.reading.plate
        if context?.isTailgate == true && cause == .ungranted {
            flags.append("tailgate")
            note(LaneNote(.tailgated, read: read?.record, plate: plate, direction: heading))
            emit(.callGuard("tailgated"))
        } else if cause == .unattributed {
            note(LaneNote(.passageUnattributed, read: read?.record, plate: plate, direction: heading))
        }
        record(
            Passage(
                direction: grant?.direction ?? heading, certainty: certainty, cause: cause,
                request: grant?.resumed == nil ? grant?.request : nil, resumedDecision: grant?.resumed,
                reading: read?.reading, read: read?.record, flags: flags,
                recognisedAt: read.map { now.wall + ($0.capturedAt - now.uptime) }, startedAt: since,
                passedAt: now.wall))
        if (grant?.direction ?? heading) == .out { pausedWait = nil }
        lastPassage = LastPassage(
            reading: read?.reading, at: now.uptime, direction: grant?.direction ?? heading)
        // Whoever crossed without a grant was the one at the line: who stands there now has not been read.
        if grant == nil, let read, !phase.isIdle, approach.vote.winner?.best.record == read.record {
            forgetApproach()
        }
        if plan.kind == .twoWay {
            turns.passed += 1
            turns.isOwed = false
        }
        if grant?.isEmergency == true { arm.keepUpUntil = now.uptime + .seconds(10) }
        if canQueue, approach.isHere, approach.asked == nil, !approach.vote.isEmpty { ask() }
    }

    private func causeOfPassage(_ grant: LiveGrant?, _ context: CrossingContext?) -> Passage.Cause {
        if phase == .fire { return .fire }
        if phase == .heldOpen { return .held }
        if let grant {
            if grant.resumed != nil { return .resumed }
            return grant.isManual ? .manual : .granted
        }
        if context?.isFromStart == true { return .unidentified }
        if context?.isManual == true { return .manual }
        if phase.isIdle || phase == .starting { return .unattributed }
        return .ungranted
    }

    private mutating func record(_ passage: Passage) { emit(.record(.passage(passage))) }

    // MARK: - By time

    /// A vehicle without grant that was neither seen to go nor to come back: with another on safety, another plate at
    /// the line or the arm down on nobody it has gone; with the line empty it has not.
    mutating func settleCrossing(asGone: Bool) {
        guard let one = unsettled else { return }
        unsettled = nil
        if asGone { complete(one.crossing, one.context, .assumed, flags: ["review"]) }
    }

    /// The vehicle of an undetermined crossing is held to have gone.
    mutating func completeUndetermined() {
        guard let index = grants.firstIndex(where: { $0.isUndetermined && !$0.isCrossing }) else { return }
        let grant = grants.remove(at: index)
        book(
            grant, read: grant.read, certainty: .assumed, flags: ["review"], since: now.wall)
    }

    /// Safety will not say any more: the crossing under way, or the grant whose vehicle is not at the line,
    /// counts as gone.
    mutating func assumePassage() {
        if let crossing = sequencer.abandon(), let ended = context {
            context = nil
            stopTimer(.mergeGap)
            guard ended.wasOpen else {
                // In the zone, but never past the arm: its grant, if it has one, still stands.
                if let index = grants.firstIndex(where: { $0.request == ended.grant }) {
                    grants[index].isCrossing = false
                }
                return note(LaneNote(.zoneOccupied))
            }
            note(LaneNote(.passageAssumed, request: ended.grant))
            complete(crossing, ended, .assumed, flags: ["review"])
        } else if phase != .clearing, let grant = served, presenceLoop.reaction.level != .on {
            assumePassage(of: grant)
        }
    }

    private mutating func assumePassage(of grant: LiveGrant) {
        grants.removeAll { $0.request == grant.request }
        note(LaneNote(.passageAssumed, request: grant.request))
        book(
            grant, read: grant.read, certainty: .assumed, flags: safety.isWired ? ["review"] : [],
            since: now.wall)
    }

    /// A lane without safety sensors: an opening is a passage after `assumed_pass`.
    mutating func assumedPassEnded() {
        guard phase == .open else { return }
        assumePassage()
        // Still at the presence loop: `wait_for_vehicle` bounds it.
        if served != nil { startTimer(.assumedPass, after: plan.timers.assumedPass) } else { goClearing() }
    }

    /// Grants whose vehicle did not come end without a passage.
    mutating func endUnusedGrants(_ kind: LaneNoteKind, why: String? = nil, onlyFirst: Bool = false) {
        for grant in grants where !grant.isCrossing {
            let mayHaveGone = mayHaveGone(grant) && why != "operator" && why != "not_sent"
            if grant.isUndetermined && kind == .notPassed {
                completeUndetermined()
            } else if mayHaveGone && safety.isSilent {
                assumePassage(of: grant)
            } else {
                grants.removeAll { $0.request == grant.request }
                let isRider = grant.read?.reading.kind == .motorcycle && kind == .turnedBack
                note(
                    LaneNote(
                        isRider || mayHaveGone ? .undetermined : kind, request: grant.request,
                        read: grant.resumed,
                        plate: grant.plate, direction: grant.direction, why: why,
                        flags: grant.resumed == nil ? [] : ["resumed"]))
            }
            if onlyFirst { break }
        }
    }

    /// It stands no longer at the line, and safety was silent while the arm was up (lanes.md §2, n7).
    private func mayHaveGone(_ grant: LiveGrant) -> Bool {
        let isVehicle = grant.access != nil || grant.resumed != nil
        return grant.wasUnseen && isVehicle && presenceLoop.reaction.level != .on
    }

    mutating func waitForVehicleEnded() {
        let hadGrant = served != nil
        endUnusedGrants(.notPassed, why: "wait_for_vehicle")
        guard phase == .open else { return }
        if !hadGrant && arm.isForeign { note(LaneNote(.armLeftOpen)) }
        goClearing()
    }

    mutating func vanishDelayEnded() {
        // A silent safety is `safety_wait`'s to judge.
        guard phase == .open || phase == .opening, safety.level != .on, !safety.isSilent else { return }
        endUnusedGrants(.turnedBack, onlyFirst: true)
        if served != nil {
            startTimer(.waitForVehicle, after: waitForServed)
        } else {
            goClearing()
        }
    }
}
