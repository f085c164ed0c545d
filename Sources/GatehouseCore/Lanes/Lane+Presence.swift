// SPDX-License-Identifier: Apache-2.0

/// Who stands at the line: by the presence loop, or by reads where it is missing or silent.
extension Lane {
    /// The quick edge: it feeds the count and brings a vehicle to the line.
    mutating func presenceCounted(from before: Level) {
        let level = presenceLoop.counting.level
        // It drives on from presence. A rise may as well be somebody who comes up behind it, and a loop forgets whom
        // the safety loop forgets, at about the same time (H-14).
        if level == .off, plan.presence != .loop, sequencer.hasFrontOnSafety {
            safety.sawMovement(at: now.uptime)
        }
        let signals = sequencer.presence(level, at: now)
        if level == .on { presenceRose() }
        account(signals)
    }

    private mutating func presenceRose() {
        readsWithoutPresence = []
        stopTimer(.leaveConfirm)
        if served != nil {
            stopTimer(.vanishDelay)
        } else if !approach.isHere {
            arrive(announced: true)
        }
    }

    /// The slow edge: a vehicle is believed gone.
    mutating func presenceBelieved(from before: Level) {
        let level = presenceLoop.reaction.level
        if level != .on && presenceIsStuck {
            presenceIsStuck = false
            setFault(.presenceStuck, false)
        }
        if before == .unknown { approach.watchedSince = now.uptime }
        switch level {
        case .on:
            stopTimer(.cameraPresence)
            seenAgain()
        case .off:
            lineWasOpenedBlind = false
            settleCrossing(asGone: false)
            watchForVanishing()
            guard approach.isHere else { return }
            if approach.verdict == .deny { return leave() }
            startTimer(.leaveConfirm, after: plan.timers.leaveConfirm)
        case .unknown:
            if approach.isHere { startTimer(.cameraPresence, after: plan.timers.cameraPresence) }
            seenAgain()
        }
    }

    /// Presence is empty and safety never rose: gone back, or a rider whom the loop cannot see (H-03).
    mutating func watchForVanishing() {
        guard phase == .opening || phase == .open, safety.isWired, !safety.isSilent, hasPresence, let served,
            !served.isEmergency, !served.isManual || served.access != nil, presenceLoop.reaction.level == .off
        else { return }
        startTimer(.vanishDelay, after: plan.timers.vanishDelay)
    }

    /// `announced`: by an edge or a read just now; otherwise the camera is asked for a picture.
    mutating func arrive(announced: Bool) {
        approach.isHere = true
        approach.since = now.uptime
        approach.isReverse = sequencer.crossing?.isFromClear ?? false
        startTimer(.laneBlocked, after: plan.timers.laneBlocked)
        if presenceIsBlind { startTimer(.cameraPresence, after: plan.timers.cameraPresence) }
        stopTimer(.readHold)
        approach.vote.dropReads(before: now.uptime + (.zero - plan.timers.readHold))
        for read in heldReads where read.travel.map({ $0 == heading }) ?? true {
            if now.uptime - read.capturedAt <= plan.timers.readHold { approach.vote.add(read) }
        }
        heldReads.removeAll { $0.travel.map { $0 == heading } ?? true }
        if !approach.vote.isEmpty {
            if presenceIsBlind { consider() } else { ask() }
        } else if cameraFailed || !plan.hasCamera {
            cannotRead()
        } else {
            startTimer(.noReadAfter, after: plan.timers.noReadAfter)
            startTimer(.noPlateAfter, after: plan.timers.noPlateAfter)
            if !announced, mayOpenAgain <= now.uptime { emit(.triggerCamera) }
        }
        showLine()
    }

    mutating func leave() {
        let kind: LaneNoteKind =
            switch approach.verdict {
            case .pending: .leftWaiting
            case .deny: .leftRefused
            case .grant, nil: .leftUndecided
            }
        if !approach.isReverse {
            note(
                LaneNote(
                    kind, request: approach.asked?.id, read: approach.vote.winner?.best.record,
                    plate: approach.asked?.decision?.plate ?? approach.vote.winner?.best.reading.plate,
                    direction: heading))
        }
        if isLeaving, let deadline = timers.deadline(.exitPendingMax) {
            pausedWait = PausedWait(
                plate: approach.asked?.request.read?.reading.plate, deadline: deadline, since: now.uptime)
        }
        forgetApproach()
        if phase.isIdle {
            turnToWhoStandsThere()
            if !approach.isHere && presenceShows && served == nil {
                arrive(announced: false)
            }
        }
        showLine()
    }

    /// The line's vehicle is somebody's grant now, or gone.
    mutating func forgetApproach() {
        approach = Approach()
        for timer in LaneTimer.ofApproach { stopTimer(timer) }
    }

    mutating func leaveConfirmed() {
        guard approach.isHere, presenceLoop.reaction.level == .off else { return }
        leave()
    }

    mutating func cameraPresenceEnded() {
        guard approach.isHere, presenceIsBlind else { return }
        leave()
    }

    /// No camera, or one that is dead: exits are never left waiting for a repair (lanes.md n10, H-32).
    mutating func cannotRead() {
        approach.notice = .noPlate
        if unsentAt.map({ $0 < cameAt }) ?? true { emit(.callGuard("camera_lost")) }
        guard plan.failOpen || (isLeaving && plan.exitBlind == .open) else { return limitExitWait() }
        let earliest = mayOpenAgain
        if earliest > now.uptime { startTimer(.exitWait, at: earliest) } else { openBlind() }
    }

    /// Counted from when the vehicle came, whatever its camera does meanwhile: one that goes and comes, or lives and
    /// reads nothing, keeps nobody inside (lanes.md n10, H-32).
    private mutating func limitExitWait() {
        guard isLeaving else { return }
        startTimer(.exitWait, at: max(cameAt + plan.timers.exitWait, mayOpenAgain))
    }

    /// What opens by itself is not tried again as fast as its board can say no.
    var mayOpenAgain: Uptime { max(now.uptime, unsentAt.map { $0 + Lane.restAfterUnsent } ?? now.uptime) }

    static let restAfterUnsent: Duration = .seconds(5)

    /// A wait that began now would end at once.
    func exitWaitIsOver(at now: Moment) -> Bool { cameAt + plan.timers.exitWait <= now.uptime }

    /// By the loop where it sees the vehicle: a shared lane that turned to its other end meanwhile has not made it
    /// come again. Nose to tail the loop is on since the one before.
    private var cameAt: Uptime {
        guard presenceShows else { return approach.since ?? now.uptime }
        let rose = presenceLoop.reaction.rawSince
        guard let last = lastPassage, last.direction == heading else { return rose }
        return max(rose, last.at)
    }

    mutating func openBlind() {
        guard approach.isHere, approach.asked == nil else { return }
        lineWasOpenedBlind = true
        giveWhatIsOwed(Decision(verdict: .grant, reason: .exitAlways, rule: 0))
    }

    mutating func noReadEnded() {
        guard approach.isHere, approach.asked == nil, approach.vote.isEmpty else { return }
        emit(.triggerCamera)
    }

    mutating func noPlateEnded() {
        if approach.isHere, approach.awaitsNewRead { return emit(.callGuard("no_new_read")) }
        guard approach.isHere, approach.asked == nil, approach.vote.isEmpty else { return }
        approach.notice = .noPlate
        note(LaneNote(.noPlate, direction: heading))
        emit(.callGuard("no_plate"))
        // Whoever did not drive through an open arm may be water on the loop: it is opened once for what never moves.
        if !lineWasOpenedBlind { limitExitWait() }
    }

    /// Somebody has stood here for minutes. If several plates were read meanwhile, the loop is stuck (H-18). Not so where
    /// somebody may wait to leave: the other plates are those behind him, and forgotten he would be kept (H-32).
    mutating func laneBlockedEnded() {
        guard approach.isHere else { return }
        note(LaneNote(.laneBlocked, plate: approach.vote.winner?.best.reading.plate))
        emit(.callGuard("lane_blocked"))
        let waitsToLeave = timers.deadline(.exitPendingMax) != nil || approach.owed != nil
        if hasPresence, approach.plates.count >= 2, presenceLoop.reaction.level == .on, !waitsToLeave {
            distrustPresence()
        } else {
            startTimer(.laneBlocked, after: plan.timers.laneBlocked)
        }
    }

    /// Misreads can make one vehicle look like several. With the camera dark the loop is all that is left, and a vehicle
    /// that truly stands there would be seen by nobody (H-32); a loop that truly is stuck opens once, as for water on it.
    mutating func believePresenceAgain() {
        guard presenceIsStuck, presenceLoop.reaction.level == .on else { return }
        presenceIsStuck = false
        setFault(.presenceStuck, false)
        stopTimer(.cameraPresence)
        approach.watchedSince = now.uptime
        if !approach.isHere, served == nil, phase.isIdle { arrive(announced: false) }
    }

    /// Reads alone ask from now on.
    mutating func distrustPresence() {
        presenceIsStuck = true
        setFault(.presenceStuck, true)
        if approach.isHere { startTimer(.cameraPresence, after: plan.timers.cameraPresence) }
    }
}
