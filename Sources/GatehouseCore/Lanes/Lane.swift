// SPDX-License-Identifier: Apache-2.0

//              P on / read          grant                up limit            S on
//    CLEAR ──────────────▶ PRESENT ───────▶ OPENING ─────────────▶ OPEN ───────────▶ PASSING
//      ▲  ▲                 │   │  ▲           │ S on (early) ───────────────────────▲  │  ▲
//      │  │ P off       deny│   │pending│grant │ move_up           │ no vehicle        │  │  │ S on, S unknown:
//      │  └── REFUSED ◀─────┘   ▼  │           ▼                   │ turned back  S off│  │  │ open again
//      │                     WAITING        FAULT                  ▼                   ▼  │  │
//      └────────────────── down limit ─── CLOSING ◀── clear_delay ── CLEARING ◀────────┘  │  │
//                                            │     next grant: open ──▶ OPEN              │  │
//                                            └────────────────────────────────────────────┴──┘
//    from any phase:  HELD OPEN · HELD CLOSED · FIRE · FAULT;   first phase: STARTING
//
// CLEAR, PRESENT, WAITING, REFUSED and HELD CLOSED are one place of the arm, down, and say who stands at the
// line: that vehicle (`Approach`) is followed in every phase, and so is the count of vehicles (`Sequencer`).

/// One vehicle lane: pure, total, a value. The same events give the same effects in every process; timers
/// are effects that come back as events. `docs/lanes.md` is the specification of every phase and event.
package struct Lane: Hashable, Sendable {
    package let plan: LanePlan
    package let id: LaneID
    package internal(set) var phase: LanePhase = .starting

    /// The moment of the event in hand, and what it has led to so far.
    var now = Moment(uptime: .zero, wall: WallTime(milliseconds: 0))
    var effects: [LaneEffect] = []

    var inputs: LaneInputs
    var safety: SafetyGroup
    var sequencer: Sequencer
    var context: CrossingContext?
    var unsettled: UnsettledCrossing?
    /// Which way vehicles are served: changes only in a two-way lane, when nobody crosses.
    var heading: TravelDirection
    var turns = TurnBook()
    var approach = Approach()
    /// In the order of their vehicles. The first that does not cross yet is served next.
    var grants: [LiveGrant] = []
    /// A better read of a vehicle that is granted already, asked for the record alone.
    var correction: Approach.Asked?
    /// Reads of vehicles behind the one that is served.
    var heldReads: [PlateRead] = []
    var lastPassage: LastPassage?
    var recentKeys: [String] = []
    /// Plates read in a row with nobody on the presence loop.
    var readsWithoutPresence: [Plate] = []
    var presenceIsStuck = false
    var pausedWait: PausedWait?
    /// What stands on presence was let out unread, and has not left the loop since.
    var lineWasOpenedBlind = false
    /// When an opening last did not reach its board.
    var unsentAt: Uptime?

    package internal(set) var timers = ArmedTimers<LaneTimer>()
    var arm = ArmBook()
    var fire = FireLatch()
    var hold: HoldState?
    /// What an emergency interrupts and what stands again after it.
    var interrupted: HoldState?
    var outputsFailed = false
    var cameraFailed = false
    /// Outputs that read on beyond their pulse.
    var stuckOutputs: Set<LaneOutput> = []
    var closeIsStuck: Bool { stuckOutputs.contains(.close) }
    var buttonIsStuck = false
    var buttonPressedAt: Uptime?
    var resumeMemory: LaneMemory?
    var faults: Set<LaneFaultCode> = []
    var shown: LaneText?
    var lamps: Set<LaneOutput> = []
    var notice: LaneTextKey?
    /// Of the request that is asked anew: the same answer again is not recorded again.
    var lastDecision: Decision?
    var lastRequest = 0
    /// Events that could not occur or came too late.
    package internal(set) var ignoredEvents = 0

    package init(plan: LanePlan, id: LaneID) {
        self.plan = plan
        self.id = id
        heading = plan.kind == .exit ? .out : .in
        inputs = LaneInputs(travel: max(plan.timers.moveUp, plan.timers.moveDown))
        safety = SafetyGroup(
            kinds: plan.safety, offStable: plan.timers.safetyOffStable, tuneOut: plan.timers.tuneOut,
            witness: plan.cycleWitness)
        sequencer = Sequencer(plan: plan)
    }

    /// The only way a lane changes. Every event has an answer in every phase.
    package mutating func step(_ event: LaneEvent, at now: Moment) -> [LaneEffect] {
        self.now = now
        switch event {
        case .started(let memory): start(memory)
        case .read(let read): take(read)
        case .input(let input, let level, let since): take(input, level, since: since)
        case .detectorsRestarted: distrustLoops()
        case .decided(let id, let decision): decided(id, decision)
        case .reconsider(let reason): reconsider(reason)
        case .timer(let timer): fired(timer)
        case .person(let order): obey(order)
        case .fire(let level, let since): takeFire(level, since: since)
        case .fireReset: resetFire(by: Operator(channel: "self", name: "fire_reset"))
        case .command(let output, let outcome): learned(output, outcome)
        case .outputStuck(let output, let isStuck): isStuck ? contactStuck(output) : contactFree(output)
        case .fault(let equipment, let isRaised): equipmentChanged(equipment, isRaised)
        }
        keepUp()
        defer { effects.removeAll(keepingCapacity: true) }
        return effects
    }

    // MARK: - Saying

    mutating func emit(_ effect: LaneEffect) { effects.append(effect) }
    mutating func note(_ note: LaneNote) { effects.append(.record(.note(note))) }

    mutating func startTimer(_ timer: LaneTimer, after delay: Duration) {
        startTimer(timer, at: now.uptime + delay)
    }

    mutating func startTimer(_ timer: LaneTimer, at deadline: Uptime) {
        guard timers.deadline(timer) != deadline else { return }
        timers.set(timer, at: deadline)
        emit(.startTimer(timer, at: deadline))
    }

    /// One that runs goes on.
    mutating func startTimerOnce(_ timer: LaneTimer, after delay: Duration) {
        if timers.deadline(timer) == nil { startTimer(timer, after: delay) }
    }

    mutating func stopTimer(_ timer: LaneTimer) {
        if timers.remove(timer) { emit(.stopTimer(timer)) }
    }

    mutating func setFault(_ code: LaneFaultCode, _ isRaised: Bool) {
        if isRaised, faults.insert(code).inserted { emit(.raiseFault(code)) }
        if !isRaised, faults.remove(code) != nil { emit(.clearFault(code)) }
    }

    mutating func newRequest() -> RequestID {
        lastRequest += 1
        return RequestID(lastRequest)
    }

    // MARK: - Asking

    /// The loop before the arm, for the way that is served now.
    var presenceLoop: LineLoop { heading == nativeHeading ? inputs.outer : inputs.inner }
    var clearLoop: LineLoop { heading == nativeHeading ? inputs.inner : inputs.outer }
    /// The way for which the outer loop is presence.
    var nativeHeading: TravelDirection { plan.kind == .exit ? .out : .in }

    var hasPresence: Bool { plan.presence != nil }
    /// Nobody can be seen at the line but by cameras.
    var presenceIsBlind: Bool {
        !hasPresence || presenceIsStuck || presenceLoop.reaction.level == .unknown
    }

    /// A vehicle stands on a presence loop that is believed.
    var presenceShows: Bool { hasPresence && !presenceIsStuck && presenceLoop.reaction.level == .on }

    /// Limits as believed: unknown when not wired, silent or caught lying (H-17).
    var upLimit: Level { plan.hasLimitUp && !inputs.upIsDoubted ? inputs.limitUp.level : .unknown }
    var downLimit: Level { plan.hasLimitDown && !inputs.downIsDoubted ? inputs.limitDown.level : .unknown }

    package var position: ArmPosition {
        if downLimit == .on { return .down }
        if upLimit == .on { return .up }
        if upLimit == .off && downLimit == .off { return .between }
        if downLimit == .off && arm.assumed == .down { return .between }
        if upLimit == .off && arm.assumed == .up { return .between }
        return arm.assumed
    }

    /// A technician keeps it shut: it grants nothing but what outranks that.
    var isHeldClosed: Bool { hold?.kind == .closed }

    /// The first granted vehicle that has not reached the safety sensors.
    var served: LiveGrant? { grants.first { !$0.isCrossing } }
    package var awaitsGranted: Bool { served != nil }
    var isRefusing: Bool { approach.verdict == .deny && served == nil }
    var canQueue: Bool { grants.count <= plan.timers.queueDepth }
    /// An exit never keeps for ever (H-32).
    var isLeaving: Bool { heading == .out }
}
