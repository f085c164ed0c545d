// SPDX-License-Identifier: Apache-2.0

/// What the unit's contacts say: who passed, who did not, who should not have, and who cannot get out.
extension Turnstile {
    mutating func changed(_ input: WalkwayInput, from before: Level) {
        switch input {
        case .passageIn: contactChanged(.in, from: before)
        case .passageOut: contactChanged(.out, from: before)
        case .alarm: if frame.level(.alarm) == .on { alarmed() }
        case .home: homeChanged()
        case .exitButton: if frame.level(.exitButton) == .on { exitPressed() }
        case .tamper: if frame.level(.tamper) == .on { frame.noteTampering() }
        case .doorContact, .lockFeedback: frame.ignoredEvents += 1
        }
        if phase == .starting { endStartingWhenSeen() }
    }

    mutating func contactChanged(_ direction: TravelDirection, from before: Level) {
        guard frame.level(.passage(direction)) == .on else {
            frame.stopTimer(.passageStuck(direction))
            if frame.level(.passage(direction)) == .off { passageContactsRest() }
            return
        }
        frame.startTimer(.passageStuck(direction), after: WalkwayTimers.passageStuck)
        let last = direction == .in ? lastEdgeIn : lastEdgeOut
        if direction == .in { lastEdgeIn = frame.now.uptime } else { lastEdgeOut = frame.now.uptime }
        // One that was silent may have been on for long: that is no edge.
        let isTooSoon = last.map { frame.now.uptime - $0 < WalkwayTimers.passageGap } ?? false
        guard before == .off, !isTooSoon else {
            frame.ignoredEvents += 1
            return
        }
        passage(direction)
    }

    mutating func passageContactsRest() {
        let isLying = [WalkwayInput.passageIn, .passageOut].contains { frame.level($0) == .on }
        if !isLying { frame.setFault(.passageStuck, false) }
    }

    mutating func passage(_ direction: TravelDirection) {
        if isRescuing, phase != .fire {
            lastPassage = frame.now.uptime
            return frame.passed(direction, nil, cause: .free, flags: ["rescue"])
        }
        let wasLocked = movedWhileLocked(direction)
        switch phase {
        case .released(direction) where !wasLocked:
            completed(.confirmed)
            if direction == .out { letOutWhoPressedLast() }
            return next()
        case .free, .fire:
            let theirs = attached?.direction == direction ? attached : nil
            if theirs != nil {
                attached = nil
                frame.stopTimer(.passWait)
            }
            frame.passed(direction, theirs, cause: phase == .fire ? .fire : .free)
        case .locked, .blocked, .released:
            if let resumed, resumed.direction == direction,
                phase == .locked || phase == .blocked || wasLocked
            {
                frame.passed(direction, resumed, cause: .resumed)
                self.resumed = nil
            } else if plan.freeWays.contains(direction) || (phase == .blocked && direction == .out) {
                frame.passed(direction, nil, cause: .free)
            } else if case .released = phase, !wasLocked {
                frame.passed(direction, nil, cause: .ungranted, isReverse: true)
                frame.emit(.callGuard("passage_reverse"))
            } else {
                frame.note(LaneNote(.forcedOpen, direction: direction))
                frame.emit(.callGuard(LaneNoteKind.forcedOpen.rawValue))
                return
            }
        case .starting, .fault: frame.passed(direction, nil, cause: .unattributed)
        }
        lastPassage = frame.now.uptime
    }

    /// A contact is believed a moment after it moved, and somebody else may be let through in between.
    func movedWhileLocked(_ direction: TravelDirection) -> Bool {
        guard let unlockedAt, !(wasBlocked && direction == .out) else { return false }
        return frame.since(.passage(direction)) < unlockedAt
    }

    /// Nobody is through within a moment of pressing: who pressed just now stands behind the one who passed.
    private mutating func letOutWhoPressedLast() {
        guard let pressedAgainAt, frame.now.uptime - pressedAgainAt <= WalkwayTimers.anothersPress else {
            return
        }
        let grant = WalkwayGrant(direction: .out, cause: .exitButton)
        if !queue.contains(where: { grant.isSameWish(as: $0) }) { queue.insert(grant, at: 0) }
    }

    mutating func completed(_ certainty: Passage.Certainty) {
        guard let served else { return }
        lastPassage = frame.now.uptime
        frame.passed(
            served.direction, served, cause: served.passageCause, certainty: certainty,
            flags: certainty == .assumed ? ["assumed"] : [])
    }

    /// Whoever waits in the queue, else to rest.
    mutating func next() {
        served = nil
        frame.stopTimer(.passWait)
        if frame.hold?.kind == .closed {
            // Closed meanwhile: in no more, out always.
            for waiting in queue where waiting.direction == .in { frame.note(unused(waiting)) }
            queue.removeAll { $0.direction == .in }
        }
        if queue.isEmpty { rest() } else { release(queue.removeFirst()) }
    }

    func unused(_ grant: WalkwayGrant) -> LaneNote {
        LaneNote(.notPassed, request: grant.request, direction: grant.direction, why: "closed")
    }

    mutating func passWaitEnded() {
        guard let served else {
            attachedWaitEnded()
            return rest()
        }
        if seesPassage {
            frame.note(LaneNote(.notPassed, request: served.request, direction: served.direction))
        } else {
            completed(.assumed)
        }
        next()
    }

    private mutating func attachedWaitEnded() {
        guard let theirs = attached else { return }
        guard !sees(theirs.direction) else { return detach("nobody_passed") }
        attached = nil
        frame.passed(
            theirs.direction, theirs, cause: phase == .fire ? .fire : .free, certainty: .assumed,
            flags: ["assumed"])
    }

    mutating func alarmed() {
        let isAfterPassage =
            lastPassage.map { frame.now.uptime - $0 <= WalkwayTimers.tailgate } ?? false
        let isOpen = phase == .free || phase == .fire
        frame.note(LaneNote(isAfterPassage && !isOpen ? .tailgated : .intrusion))
        if !isOpen { frame.emit(.callGuard("turnstile_alarm")) }
        if served != nil { watchForTrapped() }
    }

    // MARK: - Somebody shut in (H-30)

    mutating func homeChanged() {
        guard frame.level(.home) == .off else {
            frame.stopTimer(.notHome)
            return
        }
        watchForTrapped()
    }

    mutating func watchForTrapped() {
        guard plan.isFullHeight, !isRescuing, frame.timers.deadline(.notHome) == nil else { return }
        frame.startTimer(.notHome, after: WalkwayTimers.notHome)
    }

    /// Released, nobody came out, and the unit is not at rest: both ways are open for a while, and somebody comes.
    mutating func notHomeEnded() {
        guard frame.level(.home) == .off || frame.level(.alarm) == .on, phase != .fire, phase != .free else {
            return
        }
        isRescuing = true
        frame.note(LaneNote(.personTrapped))
        frame.emit(.callGuard(LaneNoteKind.personTrapped.rawValue))
        frame.startTimer(.rescue, after: WalkwayTimers.rescue)
        for (hold, release) in [(LaneOutput.holdIn, LaneOutput.releaseIn), (.holdOut, .releaseOut)] {
            if frame.isWired(hold) {
                frame.maintain(hold, true, .rescue)
            } else if frame.isWired(release) {
                frame.emit(
                    .command(
                        release, .pulse(plan.timers.releasePulse), .safety, life: WalkwayTimers.commandLife,
                        cause: .rescue))
            }
        }
    }

    mutating func rescueEnded() {
        isRescuing = false
        if phase != .fire && phase != .free { standOpen(false, .idle) }
        if frame.level(.home) == .off { watchForTrapped() }
    }
}
