// SPDX-License-Identifier: Apache-2.0

//   LOCKED ──grant(way)──▶ RELEASED(way) ──passage──▶ LOCKED
//     ▲  ▲                      │  next of the queue: RELEASED again
//     │  └───── pass_wait: nobody came ┘
//   FREE 常开 · BLOCKED (entry only) · FIRE 消防 · FAULT 故障;   first phase: STARTING 自检
//
// The unit locks by itself: nothing here closes anything, and no force is made longer (H-34). Which of FIRE, FAULT, FREE,
// BLOCKED or LOCKED a unit rests in follows from fire, outputs and hold, in this order.

/// One turnstile: pure, total, a value, as `Lane` is. `docs/lanes.md` §9 says what each event means in each phase.
package struct Turnstile: Hashable, Sendable {
    package enum Phase: Hashable, Sendable {
        case starting, locked, free, blocked, fire, fault
        case released(TravelDirection)

        package var name: String {
            switch self {
            case .starting: "starting"
            case .locked: "locked"
            case .released(let direction): "released \(direction.rawValue)"
            case .free: "free"
            case .blocked: "blocked"
            case .fire: "fire"
            case .fault: "fault"
            }
        }
    }

    package internal(set) var phase = Phase.starting
    var frame: WalkwayFrame
    /// For whom it is released.
    var served: WalkwayGrant?
    /// Granted, in the order in which they are let through.
    var queue: [WalkwayGrant] = []
    /// Granted while the unit stands open anyway: the next passage of that way is theirs.
    var attached: WalkwayGrant?
    /// The newest card of the time before the inputs were known.
    var held: CardRead?
    /// The grant of the process before, whose person may just be passing.
    var resumed: WalkwayGrant?
    var lastEdgeIn: Uptime?
    var lastEdgeOut: Uptime?
    var lastPassage: Uptime?
    /// When it was released last out of its lock: whoever moved it earlier forced it. Out of BLOCKED nobody forces the way out.
    var unlockedAt: Uptime?
    var wasBlocked = false
    /// The exit button once more while somebody was let out by it.
    var pressedAgainAt: Uptime?
    /// Both ways are released for somebody who could not get out.
    var isRescuing = false

    package init(plan: WalkwayPlan, id: LaneID) { frame = WalkwayFrame(plan: plan, id: id) }

    package var plan: WalkwayPlan { frame.plan }

    /// The only way a turnstile changes. Every event has an answer in every phase.
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

    // MARK: - Cards

    mutating func present(_ read: CardRead) {
        let isWaiting = ([served].compactMap(\.self) + queue).contains {
            $0.read?.card == read.card && $0.direction == read.direction
        }
        if case .released = phase, !isWaiting, queue.count >= plan.timers.queueDepth { return say(.wait) }
        guard !isWaiting, !frame.isRepeated(read) else {
            return frame.note(LaneNote(.duplicateRead, read: read.record, direction: read.direction))
        }
        if phase == .starting {
            held = read
        } else {
            frame.ask(read, isHeldClosed: read.direction == .in && frame.hold?.kind == .closed)
        }
    }

    mutating func decided(_ id: RequestID, _ decision: Decision) {
        guard let asked = frame.answered(id, decision) else { return }
        let read = asked.read
        switch decision.verdict {
        case .grant:
            admit(WalkwayGrant(request: id, read: read, direction: read.direction, cause: .grant(id)))
        case .deny: say(phase == .fault ? .fault : .refused)
        case .pending: say(.wait)
        }
    }

    /// For a moment, over what the phase says.
    mutating func say(_ key: LaneTextKey) {
        frame.notice = key
        frame.startTimer(.notice, after: WalkwayTimers.notice)
    }

    // MARK: - Releasing

    mutating func admit(_ grant: WalkwayGrant) {
        switch phase {
        case .locked, .blocked, .starting:
            if phase != .starting { (unlockedAt, wasBlocked) = (frame.now.uptime, phase == .blocked) }
            release(grant)
        case .released: queue.append(grant)
        case .free, .fire: attach(grant)
        case .fault:
            // Nobody is kept in by a fault of ours: whatever still moves is moved for who leaves.
            if grant.direction == .out { pulse(for: grant) }
            frame.note(uncertain(grant))
        }
    }

    /// The unit stands open, or that way of it has no output to hold it open and is released for each by itself.
    mutating func attach(_ grant: WalkwayGrant) {
        detach("replaced")
        var grant = grant
        grant.since = frame.now
        attached = grant
        frame.startTimer(.passWait, after: plan.timers.passWait)
        if !standsOpen(grant.direction) { pulse(for: grant) }
    }

    /// Nobody passed under it.
    mutating func detach(_ why: String) {
        guard let unused = attached else { return }
        attached = nil
        frame.stopTimer(.passWait)
        frame.note(
            LaneNote(.notPassed, request: unused.request, direction: unused.direction, why: why))
    }

    /// In FREE and FIRE.
    func standsOpen(_ direction: TravelDirection) -> Bool {
        frame.isWired(direction == .in ? .holdIn : .holdOut)
    }

    mutating func release(_ grant: WalkwayGrant) {
        var grant = grant
        grant.since = frame.now
        endStarting()
        served = grant
        pressedAgainAt = nil
        phase = .released(grant.direction)
        pulse(for: grant)
        awaitPassage()
    }

    /// For the same person once more, when the unit has locked again by itself or is about to: before that a pulse would let
    /// two through. Where nobody sees who passes, the one who presses may be the next.
    mutating func releaseAgain(_ cause: CommandCause) {
        guard var again = served else { return }
        let isOver =
            frame.now.uptime - again.since.uptime >= plan.timers.unitTimeout - WalkwayTimers.lastMoment
        guard isOver || cause == .exitButton && !seesPassage else {
            if cause == .exitButton { pressedAgainAt = frame.now.uptime }
            return
        }
        again.since = frame.now
        served = again
        again.cause = cause
        pulse(for: again)
        awaitPassage()
    }

    mutating func awaitPassage() {
        frame.startTimer(.passWait, after: seesPassage ? plan.timers.passWait : plan.timers.unitTimeout)
    }

    /// A way that the unit leaves free has no output.
    mutating func pulse(for grant: WalkwayGrant) {
        let output: LaneOutput = grant.direction == .in ? .releaseIn : .releaseOut
        guard frame.isWired(output) else { return }
        frame.emit(
            .command(
                output, .pulse(plan.timers.releasePulse), grant.cause == .exitButton ? .safety : .grant,
                life: WalkwayTimers.commandLife, cause: grant.cause))
    }

    var seesPassage: Bool {
        guard case .released(let direction) = phase else { return false }
        return sees(direction)
    }

    /// The contact of that way is wired, heard and not caught lying.
    func sees(_ direction: TravelDirection) -> Bool {
        frame.isKnown(.passage(direction)) && !frame.faults.contains(.passageStuck)
    }

    // MARK: - Time

    mutating func fired(_ timer: WalkwayTimer) {
        switch timer {
        case .startWait: startWaitEnded()
        case .passWait: passWaitEnded()
        case .notHome: notHomeEnded()
        case .rescue: rescueEnded()
        case .notice: frame.notice = nil
        case .holdUntil: if frame.holdIsOver(), served == nil, phase != .starting { rest() }
        case .fireUnknown: obey(frame.fireStayedUnknown())
        case .fireSettle: obey(frame.settleFire())
        case .passageStuck(let direction):
            guard frame.level(.passage(direction)) == .on else { return }
            frame.setFault(.passageStuck, true)
        case .settle(let input): if let before = frame.settle(input) { changed(input, from: before) }
        case .unlock, .openMax, .openAgain: frame.ignoredEvents += 1
        }
    }

    /// What follows from the state alone: texts, lamps, faults of silent inputs.
    mutating func keepUp() {
        // Fire does not wait for its timer's turn.
        if let due = frame.fire.contact.due, due <= frame.now.uptime { obey(frame.settleFire()) }
        let silent = [WalkwayInput.passageIn, .passageOut].contains {
            plan.has($0) && frame.level($0) == .unknown
        }
        frame.setFault(.passageUnknown, silent && phase != .starting)
        frame.setFault(
            .exitButtonUnknown,
            plan.has(.exitButton) && frame.level(.exitButton) == .unknown && phase != .starting)
        let isGreen: Bool
        switch phase {
        case .released, .free, .fire: isGreen = true
        case .starting, .locked, .blocked, .fault: isGreen = false
        }
        frame.light(green: isGreen, red: frame.notice == .refused)
        frame.show(LaneText(text))
    }

    var text: LaneTextKey {
        switch phase {
        case .fire: .fire
        case .released(let direction): frame.notice == .wait ? .wait : direction == .in ? .welcome : .goodbye
        case .free: .laneOpen
        case .fault: .fault
        case .blocked: frame.notice ?? .closed
        case .locked, .starting: frame.notice ?? .idle
        }
    }
}
