// SPDX-License-Identifier: Apache-2.0

/// What a turnstile and a door have in common: time, levels, timers, who was asked about, fire, a technician's hold. The
/// machines hold their phases and say what each event means in them.
struct WalkwayFrame: Hashable, Sendable {
    let plan: WalkwayPlan
    let id: LaneID
    var now = Moment(uptime: .zero, wall: WallTime(milliseconds: 0))
    var effects: [WalkwayEffect] = []
    var timers = ArmedTimers<WalkwayTimer>()
    private(set) var levels = Table<WalkwayInput, LevelFilter>()
    var fire = FireLatch()
    var hold: HoldState?
    var asked: Asked?
    /// The last one of each way.
    private var seenIn: Seen?
    private var seenOut: Seen?
    private var lastRequest = 0
    var faults: Set<LaneFaultCode> = []
    var stuckOutputs: Set<LaneOutput> = []
    var outputsFailed = false
    /// Outputs that stay on until we say otherwise.
    private(set) var maintained: Set<LaneOutput> = []
    /// Nobody knows what these are: the next word about them is said in any case.
    private(set) var unsure: Set<LaneOutput> = []
    var shown: LaneText?
    var notice: LaneTextKey?
    private var lamps: Set<LaneOutput> = []
    var ignoredEvents = 0

    struct Asked: Hashable, Sendable {
        var id: RequestID
        var request: AccessRequest
        var read: CardRead
    }

    private struct Seen: Hashable, Sendable {
        var card: Card
        var at: Uptime
    }

    init(plan: WalkwayPlan, id: LaneID) {
        self.plan = plan
        self.id = id
        for input in plan.inputs { levels[input] = Self.filter(input) }
    }

    private static func filter(_ input: WalkwayInput) -> LevelFilter {
        switch input {
        case .passageIn, .passageOut, .lockFeedback:
            LevelFilter(on: .milliseconds(50), off: .milliseconds(50))
        case .exitButton: LevelFilter(on: .milliseconds(40), off: .milliseconds(40))
        case .alarm, .home, .doorContact, .tamper:
            LevelFilter(on: .milliseconds(100), off: .milliseconds(100))
        }
    }

    // MARK: - Saying

    mutating func emit(_ effect: WalkwayEffect) { effects.append(effect) }
    mutating func note(_ note: LaneNote) { emit(.record(.note(note))) }

    mutating func startTimer(_ timer: WalkwayTimer, after delay: Duration) {
        startTimer(timer, at: now.uptime + delay)
    }

    mutating func startTimer(_ timer: WalkwayTimer, at deadline: Uptime) {
        guard timers.deadline(timer) != deadline else { return }
        timers.set(timer, at: deadline)
        emit(.startTimer(timer, at: deadline))
    }

    mutating func stopTimer(_ timer: WalkwayTimer) {
        if timers.remove(timer) { emit(.stopTimer(timer)) }
    }

    /// Whether it is due; one that was replaced or stopped meanwhile is not.
    mutating func takeDue(_ timer: WalkwayTimer) -> Bool {
        guard let deadline = timers.deadline(timer), deadline <= now.uptime else {
            ignoredEvents += 1
            return false
        }
        return timers.remove(timer)
    }

    mutating func noteTampering() {
        note(LaneNote(.tampered))
        emit(.callGuard(LaneNoteKind.tampered.rawValue))
    }

    mutating func setFault(_ code: LaneFaultCode, _ isRaised: Bool) {
        if isRaised, faults.insert(code).inserted { emit(.raiseFault(code)) }
        if !isRaised, faults.remove(code) != nil { emit(.clearFault(code)) }
    }

    mutating func show(_ text: LaneText) {
        guard shown != text else { return }
        shown = text
        emit(.show(text))
    }

    // MARK: - Levels

    /// As believed; unknown when not wired.
    func level(_ input: WalkwayInput) -> Level { levels[input]?.level ?? .unknown }

    /// As last said, before debounce.
    func raw(_ input: WalkwayInput) -> Level { levels[input]?.raw ?? .unknown }

    /// First sample of what was last said: before it was believed.
    func since(_ input: WalkwayInput) -> Uptime { levels[input]?.rawSince ?? .zero }

    func isKnown(_ input: WalkwayInput) -> Bool { plan.has(input) && level(input) != .unknown }

    /// What was believed before; nil: it still is.
    mutating func take(_ input: WalkwayInput, _ level: Level, since: Uptime) -> Level? {
        guard var filter = levels[input] else {
            ignoredEvents += 1
            return nil
        }
        let before = filter.level
        filter.take(level, since: since, at: now.uptime)
        levels[input] = filter
        armSettle(input)
        return filter.level == before ? nil : before
    }

    mutating func settle(_ input: WalkwayInput) -> Level? {
        guard var filter = levels[input] else { return nil }
        let before = filter.level
        filter.settle(at: now.uptime)
        levels[input] = filter
        armSettle(input)
        return filter.level == before ? nil : before
    }

    /// The newest sample counts at once; what follows it is a change.
    mutating func believe(_ input: WalkwayInput) {
        guard var filter = levels[input] else { return }
        filter.believe()
        levels[input] = filter
        armSettle(input)
    }

    private mutating func armSettle(_ input: WalkwayInput) {
        if let due = levels[input]?.due {
            startTimer(.settle(input), at: due)
        } else {
            stopTimer(.settle(input))
        }
    }

    // MARK: - Asking

    mutating func newRequest() -> RequestID {
        lastRequest += 1
        return RequestID(lastRequest)
    }

    /// The same card at the same reader again, so soon that it is the same wish. A wish begins the time anew only when
    /// it was asked about: a card held there by turns would otherwise never be asked about again.
    mutating func isRepeated(_ read: CardRead) -> Bool {
        let last = read.direction == .in ? seenIn : seenOut
        if let last, last.card == read.card, now.uptime - last.at < plan.timers.dedupe { return true }
        let seen = Seen(card: read.card, at: now.uptime)
        if read.direction == .in { seenIn = seen } else { seenOut = seen }
        return false
    }

    /// Which cards would still be the same wish.
    func mixSeen(into print: inout LaneFingerprint, at now: Moment) {
        for seen in [seenIn, seenOut] {
            let isSame = seen.map { now.uptime - $0.at < plan.timers.dedupe } ?? false
            print.mix(isSame ? seen?.card.packed ?? 0 : 0)
        }
    }

    mutating func forgetCard(of direction: TravelDirection) {
        if direction == .in { seenIn = nil } else { seenOut = nil }
    }

    mutating func ask(_ read: CardRead, isHeldClosed: Bool) {
        let request = AccessRequest(
            lane: id, direction: read.direction, card: read.card, read: read.record,
            isHeldClosed: isHeldClosed)
        let asked = Asked(id: newRequest(), request: request, read: read)
        self.asked = asked
        emit(.decide(asked.id, request))
    }

    /// The request that this answers, recorded with its answer.
    mutating func answered(_ id: RequestID, _ decision: Decision) -> Asked? {
        guard let asked, asked.id == id else {
            ignoredEvents += 1
            return nil
        }
        self.asked = nil
        emit(.record(.decided(id, asked.request, decision)))
        return asked
    }

    // MARK: - Outputs

    func isWired(_ output: LaneOutput) -> Bool { plan.outputs.contains(output) }

    /// Says only what changes, and everything again with `repeats`: who lost a board cannot know what it does.
    mutating func maintain(
        _ output: LaneOutput, _ isOn: Bool, _ cause: CommandCause, as commandClass: CommandClass = .safety,
        life: Duration? = nil, repeats: Bool = false
    ) {
        guard isWired(output), maintained.contains(output) != isOn || repeats || unsure.contains(output)
        else { return }
        unsure.remove(output)
        if isOn { maintained.insert(output) } else { maintained.remove(output) }
        emit(.command(output, isOn ? .on : .off, commandClass, life: life, cause: cause))
    }

    /// Left by the process before, or never reached by its last command.
    mutating func doubt(_ output: LaneOutput) { unsure.insert(output) }

    mutating func light(green isGreen: Bool, red isRed: Bool) {
        for (lamp, isWanted) in [(LaneOutput.green, isGreen), (.red, isRed)]
        where isWired(lamp) && lamps.contains(lamp) != isWanted {
            if isWanted { lamps.insert(lamp) } else { lamps.remove(lamp) }
            emit(.command(lamp, isWanted ? .on : .off, .safety, life: .seconds(5), cause: .lamp))
        }
    }

    mutating func forgetLamps() { lamps = [] }

    /// After a reload the board still has what the machine before wanted.
    mutating func darken() {
        for output in [LaneOutput.green, .red, .warn] where isWired(output) {
            emit(.command(output, .off, .safety, life: .seconds(5), cause: .lamp))
        }
    }

    /// What became of a command that was not performed, for the journal. Nothing is sent late.
    mutating func learned(_ output: LaneOutput, _ outcome: CommandOutcome) {
        switch outcome {
        case .written, .confirmed: break
        case .uncertain: note(LaneNote(.commandUncertain, why: output.rawValue))
        case .expired: note(LaneNote(.commandExpired, why: output.rawValue))
        case .withdrawn(let why), .refused(let why):
            note(LaneNote(.commandFailed, why: "\(output.rawValue): \(why)"))
        }
    }

    mutating func outputStuck(_ output: LaneOutput, _ isStuck: Bool) {
        if isStuck { stuckOutputs.insert(output) } else { stuckOutputs.remove(output) }
        setFault(.outputStuck, !stuckOutputs.isEmpty)
    }

    // MARK: - Fire

    mutating func takeFire(_ level: Level, since: Uptime) -> FireLatch.Change? {
        let change = fire.take(level, since: since, at: now.uptime)
        armFire()
        if level == .unknown {
            startTimer(
                .fireUnknown, at: max(min(since, now.uptime) + plan.timers.fireUnknownAfter, now.uptime))
        } else {
            stopTimer(.fireUnknown)
            setFault(.fireUnknown, false)
        }
        return change
    }

    mutating func settleFire() -> FireLatch.Change? {
        let change = fire.settle(at: now.uptime)
        armFire()
        return change
    }

    mutating func fireStayedUnknown() -> FireLatch.Change? {
        guard fire.contact.raw == .unknown else { return nil }
        setFault(.fireUnknown, true)
        return fire.stayedUnknown()
    }

    private mutating func armFire() {
        if let due = fire.contact.due { startTimer(.fireSettle, at: due) } else { stopTimer(.fireSettle) }
    }

    mutating func noteFireRelease(_ why: String) {
        note(LaneNote(.fireReleaseStarted, why: why, flags: fire.isLatched ? ["latched"] : []))
    }

    // MARK: - Holds

    mutating func startHold(_ kind: LaneMemory.Hold.Kind, until: WallTime?, _ order: LaneOrder) -> Bool {
        if let until, until <= now.wall {
            refuse(order, "until_is_past")
            return false
        }
        hold = HoldState(kind: kind, until: until, by: order.by)
        note(LaneNote(.holdStarted, by: order.by, until: until, why: order.reason, flags: [kind.rawValue]))
        armHoldEnd()
        return true
    }

    /// Whether there was one.
    mutating func endHold(by: Operator, why: String?) -> Bool {
        guard let ended = hold else { return false }
        hold = nil
        stopTimer(.holdUntil)
        note(LaneNote(.holdEnded, by: by, why: why, flags: [ended.kind.rawValue]))
        return true
    }

    /// The grant of the process before, whose person may just be passing; one that is too old ends here.
    mutating func resume(_ unfinished: LaneMemory.UnfinishedGrant?) -> WalkwayGrant? {
        guard let unfinished else { return nil }
        guard now.wall - unfinished.grantedAt <= WalkwayTimers.resumeWindow else {
            note(
                LaneNote(.notPassed, read: unfinished.record, direction: unfinished.direction, why: "restart")
            )
            return nil
        }
        var grant = WalkwayGrant(direction: unfinished.direction, cause: .restart, resumed: unfinished)
        grant.since.wall = unfinished.grantedAt
        return grant
    }

    mutating func resume(_ remembered: LaneMemory.Hold?) {
        guard let remembered else { return }
        let by = Operator(channel: "self", name: "restart")
        hold = HoldState(kind: remembered.kind, until: remembered.until, by: by)
        if let until = remembered.until, until <= now.wall {
            _ = endHold(by: Operator(channel: "schedule", name: "until"), why: nil)
        } else {
            armHoldEnd()
        }
    }

    /// The civil clock may have been set meanwhile: it is asked again, and only then the hold ends.
    mutating func holdIsOver() -> Bool {
        guard let until = hold?.until else { return false }
        if now.wall < until {
            armHoldEnd()
            return false
        }
        return endHold(by: Operator(channel: "schedule", name: "until"), why: nil)
    }

    private mutating func armHoldEnd() {
        if let until = hold?.until {
            startTimer(.holdUntil, after: max(until - now.wall, .zero))
        } else {
            stopTimer(.holdUntil)
        }
    }

    mutating func refuse(_ order: LaneOrder, _ why: String) {
        note(LaneNote(.orderRefused, by: order.by, why: why))
    }
}

/// A right to one passage of a person.
struct WalkwayGrant: Hashable, Sendable {
    /// nil: no card was asked about.
    var request: RequestID?
    var read: CardRead?
    var direction: TravelDirection
    var cause: CommandCause
    /// After a restart: the decision record of the process before, and the card as it was masked.
    var resumed: LaneMemory.UnfinishedGrant?
    var since = Moment(uptime: .zero, wall: WallTime(milliseconds: 0))

    /// The same card again, or the button again: one wish however often it is said.
    func isSameWish(as other: WalkwayGrant) -> Bool {
        guard direction == other.direction else { return false }
        return read.map { $0.card == other.read?.card }
            ?? (cause == .exitButton && other.cause == .exitButton)
    }

    /// How its passage is booked.
    var passageCause: Passage.Cause {
        if resumed != nil { return .resumed }
        switch cause {
        case .grant: return .granted
        case .exitButton: return .free
        default: return .manual
        }
    }
}

extension WalkwayFrame {
    /// `direction` may be against the grant, or there is none.
    mutating func passed(
        _ direction: TravelDirection, _ grant: WalkwayGrant?, cause: Passage.Cause,
        certainty: Passage.Certainty = .confirmed, isReverse: Bool = false, flags: [String] = []
    ) {
        emit(
            .record(
                .passage(
                    Passage(
                        direction: direction, isReverse: isReverse, certainty: certainty, cause: cause,
                        request: grant?.request, resumedDecision: grant?.resumed?.record,
                        card: grant?.read?.card.masked ?? grant?.resumed?.decision.card,
                        read: grant?.read?.record, flags: flags, startedAt: grant?.since.wall ?? now.wall,
                        passedAt: now.wall))))
    }
}
