// SPDX-License-Identifier: Apache-2.0

//   SECURED ──grant, exit──▶ UNLOCKED ──contact open──▶ OPEN ──contact shut──▶ SECURED
//      │  ▲                      │ unlock: nobody came      │ open_max
//      │  └──────────────────────┘                          ▼
//      │ contact open                                     HELD ──contact shut──▶ SECURED
//      └──────▶ FORCED ──contact shut──▶ SECURED
//   FREE 常开 · FIRE 消防 · FAULT 故障;   first phase: STARTING
//
// A door never locks while it stands open: the bolt would be bent and the door believed shut. What would lock it then
// waits for the contact.

/// One door with an electric lock: pure, total, a value, as `Lane` is. `docs/lanes.md` §10 says what each event means in
/// each phase. The lock's output is on for as long as the door may be opened.
package struct Door: Hashable, Sendable {
    package enum Phase: String, Hashable, Sendable, CaseIterable {
        case starting, secured, unlocked, open, held, forced, free, fire, fault
    }

    package internal(set) var phase = Phase.starting
    var frame: WalkwayFrame
    /// For whom it is unlocked; the first opens it, the others go in behind.
    var grants: [WalkwayGrant] = []
    /// Its time was begun anew by somebody who came behind.
    var wasProlonged = false
    var held: CardRead?
    var resumed: WalkwayGrant?
    /// The button or the lock's own contact let somebody out, last seen so.
    var exitAt: Uptime?
    /// The sound of a forced or held door.
    var isSounding = false

    package init(plan: WalkwayPlan, id: LaneID) { frame = WalkwayFrame(plan: plan, id: id) }

    package var plan: WalkwayPlan { frame.plan }

    /// The only way a door changes. Every event has an answer in every phase.
    package mutating func step(_ event: WalkwayEvent, at now: Moment) -> [WalkwayEffect] {
        frame.now = now
        switch event {
        case .started(let memory): start(memory)
        case .card(let read): present(read)
        case .input(let input, let level, let since):
            if let before = frame.take(input, level, since: since) { changed(input, from: before) }
        case .decided(let id, let decision): decided(id, decision)
        case .timer(let timer): if frame.takeDue(timer) { fired(timer) }
        case .person(let order): obey(order)
        case .fire(let level, let since): obey(frame.takeFire(level, since: since))
        case .fireReset: resetFire(by: Operator(channel: "self", name: "fire_reset"))
        case .command(let output, let outcome): learned(output, outcome)
        case .outputStuck(let output, let isStuck): frame.outputStuck(output, isStuck)
        case .fault(let equipment, let isRaised): equipmentChanged(equipment, isRaised)
        }
        keepUp()
        defer { frame.effects.removeAll(keepingCapacity: true) }
        return frame.effects
    }

    /// On: it stands open. Unknown without a contact, and while it is silent.
    var contact: Level { frame.level(.doorContact) }

    // MARK: - Cards

    mutating func present(_ read: CardRead) {
        guard !frame.isRepeated(read) else {
            return frame.note(LaneNote(.duplicateRead, read: read.record, direction: read.direction))
        }
        if phase == .starting { held = read } else { frame.ask(read, isHeldClosed: false) }
    }

    mutating func decided(_ id: RequestID, _ decision: Decision) {
        guard let asked = frame.answered(id, decision) else { return }
        let read = asked.read
        switch decision.verdict {
        case .grant:
            admit(WalkwayGrant(request: id, read: read, direction: read.direction, cause: .grant(id)))
        case .deny: say(frame.outputsFailed ? .fault : .refused)
        case .pending: say(.wait)
        }
    }

    mutating func say(_ key: LaneTextKey) {
        frame.notice = key
        frame.startTimer(.notice, after: WalkwayTimers.notice)
    }

    // MARK: - Unlocking

    mutating func admit(_ grant: WalkwayGrant) {
        var grant = grant
        grant.since = frame.now
        believeShut()
        switch phase {
        case .starting, .secured, .fault: unlock(for: grant)
        case .unlocked:
            for older in grants where grant.isSameWish(as: older) && older.request != nil {
                frame.note(LaneNote(.decisionUnused, request: older.request, direction: older.direction))
            }
            grants.removeAll { grant.isSameWish(as: $0) }
            grants.append(grant)
            // Once: a queue of cards must not hold a door unlocked for the evening.
            if !wasProlonged || grant.cause == .exitButton {
                wasProlonged = true
                frame.startTimer(.unlock, after: plan.timers.unlock)
            }
        case .open:
            keepUnlocked(for: grant)
            passed(grant, certainty: .assumed)
            frame.startTimer(.openMax, after: plan.timers.openMax)
        case .held, .forced:
            // It stands open: whoever may, goes through. The record of why it does stays.
            isSounding = false
            keepUnlocked(for: grant)
            passed(grant, certainty: .assumed)
        case .free, .fire: passed(grant, certainty: .assumed)
        }
    }

    mutating func unlock(for grant: WalkwayGrant) {
        phase = .unlocked
        grants = [grant]
        wasProlonged = false
        let isExit = grant.cause == .exitButton
        frame.maintain(
            .unlock, true, grant.cause, as: isExit ? .safety : .grant, life: WalkwayTimers.commandLife,
            repeats: true)
        frame.startTimer(.unlock, after: plan.timers.unlock)
    }

    /// It stands open, says its contact. Should that lie, nobody is kept in or out by it; it locks when it is shut.
    mutating func keepUnlocked(for grant: WalkwayGrant) {
        frame.maintain(
            .unlock, true, grant.cause, as: grant.cause == .exitButton ? .safety : .grant,
            life: WalkwayTimers.commandLife)
    }

    /// Danger is believed at once: one sample that says open keeps the bolt in.
    var mayStandOpen: Bool { contact == .on || frame.raw(.doorContact) == .on }

    /// Before somebody is let through: when the newest sample says that it is shut they find it so, and what would lock
    /// it in a moment is over.
    mutating func believeShut() {
        guard phase == .open || phase == .held || phase == .forced, frame.raw(.doorContact) == .off else {
            return
        }
        standsOpenNoMore()
        frame.believe(.doorContact)
        phase = .secured
    }

    /// Only of a door that is shut, or whose contact says nothing.
    mutating func lock(repeats: Bool = false) {
        guard !mayStandOpen else { return }
        // A silent board would do it when it is back, on a door that may stand open by then.
        guard !frame.outputsFailed else { return frame.doubt(.unlock) }
        frame.maintain(.unlock, false, .idle, repeats: repeats)
    }

    mutating func passed(_ grant: WalkwayGrant, certainty: Passage.Certainty) {
        let cause: Passage.Cause =
            phase == .fire ? .fire : phase == .free ? .free : grant.passageCause
        frame.passed(
            grant.direction, grant, cause: cause, certainty: certainty,
            flags: certainty == .assumed ? ["assumed"] : [])
    }

    mutating func unlockEnded() {
        guard phase == .unlocked else { return }
        if mayStandOpen, contact != .on {
            // Somebody opens it just now: whether that is so is known in a moment.
            return frame.startTimer(.unlock, after: .milliseconds(150))
        }
        if frame.isKnown(.doorContact) {
            for grant in grants {
                frame.note(LaneNote(.notPassed, request: grant.request, direction: grant.direction))
            }
        } else {
            for grant in grants { passed(grant, certainty: .assumed) }
        }
        grants = []
        rest()
    }

    // MARK: - The leaf

    mutating func changed(_ input: WalkwayInput, from before: Level) {
        switch input {
        case .doorContact: contactChanged()
        case .exitButton:
            if before == .on { exitAt = frame.now.uptime }
            if frame.level(.exitButton) == .on { exitPressed() }
        case .lockFeedback: if before == .on { exitAt = frame.now.uptime }
        case .tamper: if frame.level(.tamper) == .on { frame.noteTampering() }
        case .passageIn, .passageOut, .alarm, .home: frame.ignoredEvents += 1
        }
        if phase == .starting, plan.inputs.allSatisfy({ frame.level($0) != .unknown }) { endStarting() }
    }

    var isLeavingByHand: Bool {
        if frame.level(.exitButton) == .on || frame.level(.lockFeedback) == .on { return true }
        // A handle inside that nothing reports: whoever leaves by it forces nothing.
        if plan.freeWays.contains(.out), !plan.has(.lockFeedback) { return true }
        return exitAt.map { frame.now.uptime - $0 <= plan.timers.exitShunt } ?? false
    }

    mutating func contactChanged() {
        switch contact {
        case .on: opened()
        case .off: shut()
        case .unknown:
            // Nobody knows how long it has stood open: no alarm by a silent contact.
            frame.stopTimer(.openMax)
            frame.stopTimer(.openAgain)
        }
    }

    mutating func opened() {
        switch phase {
        case .unlocked:
            frame.stopTimer(.unlock)
            // The first opened it; how many went in behind a contact does not see.
            for (index, grant) in grants.enumerated() {
                passed(grant, certainty: index == 0 ? .confirmed : .assumed)
            }
            grants = []
            goOpen()
        case .secured where isLeavingByHand:
            frame.passed(.out, nil, cause: .free)
            goOpen()
        case .secured where resumed != nil:
            // Whose grant the process before did not see the end of.
            if let resumed { passResumed(resumed) }
            goOpen()
        case .secured: forced()
        case .starting: if let resumed { passResumed(resumed) }
        case .open: goOpen()
        case .held: frame.startTimer(.openAgain, after: WalkwayTimers.openAgain)
        case .fault: frame.passed(.out, nil, cause: .unattributed, certainty: .assumed)
        case .forced: frame.startTimer(.openAgain, after: WalkwayTimers.openAgain)
        case .free, .fire: break
        }
    }

    mutating func goOpen() {
        phase = .open
        frame.startTimer(.openMax, after: plan.timers.openMax)
    }

    mutating func forced() {
        phase = .forced
        isSounding = true
        frame.note(LaneNote(.forcedOpen))
        frame.emit(.callGuard(LaneNoteKind.forcedOpen.rawValue))
        frame.startTimer(.openAgain, after: WalkwayTimers.openAgain)
    }

    mutating func shut() {
        standsOpenNoMore()
        switch phase {
        case .open, .held, .forced: rest()
        case .starting, .secured, .unlocked, .free, .fire, .fault: break
        }
    }

    mutating func standsOpenNoMore() {
        frame.stopTimer(.openMax)
        frame.stopTimer(.openAgain)
        isSounding = false
        if phase == .held { frame.note(LaneNote(.heldOpenEnded)) }
        if phase == .forced { frame.note(LaneNote(.forcedEnded)) }
    }

    mutating func openMaxEnded() {
        guard phase == .open else { return }
        // It only seemed to open.
        if contact == .off { return rest() }
        guard contact == .on else { return }
        phase = .held
        isSounding = true
        heldOpen()
    }

    mutating func heldOpen() {
        frame.note(LaneNote(.heldOpen))
        frame.emit(.callGuard(LaneNoteKind.heldOpen.rawValue))
        frame.startTimer(.openAgain, after: WalkwayTimers.openAgain)
    }

    // MARK: - Time

    mutating func fired(_ timer: WalkwayTimer) {
        switch timer {
        case .startWait: startWaitEnded()
        case .unlock: unlockEnded()
        case .openMax: openMaxEnded()
        case .openAgain: if (phase == .held || phase == .forced) && contact == .on { heldOpen() }
        case .notice: frame.notice = nil
        case .holdUntil: if frame.holdIsOver(), phase != .starting { rest() }
        case .fireUnknown: obey(frame.fireStayedUnknown())
        case .fireSettle: obey(frame.settleFire())
        case .settle(let input): if let before = frame.settle(input) { changed(input, from: before) }
        case .passWait, .notHome, .rescue, .passageStuck: frame.ignoredEvents += 1
        }
    }

    mutating func keepUp() {
        // Fire does not wait for its timer's turn.
        if let due = frame.fire.contact.due, due <= frame.now.uptime { obey(frame.settleFire()) }
        frame.setFault(
            .doorContactUnknown, plan.has(.doorContact) && contact == .unknown && phase != .starting)
        frame.setFault(
            .exitButtonUnknown,
            plan.has(.exitButton) && frame.level(.exitButton) == .unknown && phase != .starting)
        let isGreen = phase == .unlocked || phase == .free || phase == .fire
        frame.light(green: isGreen, red: frame.notice == .refused)
        frame.maintain(.warn, isSounding, .lamp)
        frame.show(LaneText(text))
    }

    var text: LaneTextKey {
        switch phase {
        case .fire: .fire
        case .free: .laneOpen
        case .fault: .fault
        case .unlocked: grants.last?.direction == .out ? .goodbye : .welcome
        case .starting, .secured, .open, .held, .forced: frame.notice ?? .idle
        }
    }
}
