// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// A turnstile or a door, for the harness.
protocol WalkwayMachine: Hashable, Sendable {
    init(plan: WalkwayPlan, id: LaneID)
    mutating func step(_ event: WalkwayEvent, at now: Moment) -> [WalkwayEffect]
    var phaseName: String { get }
    var plan: WalkwayPlan { get }
}

extension Turnstile: WalkwayMachine { var phaseName: String { phase.name } }
extension Door: WalkwayMachine { var phaseName: String { phase.rawValue } }

/// Drives one machine with virtual time: fires its timers in the order of their deadlines, answers its questions at
/// once and keeps everything that it said.
struct WalkwayHarness<Machine: WalkwayMachine> {
    var machine: Machine
    var now = Moment(
        uptime: Uptime(nanoseconds: 1_000_000_000_000), wall: WallTime(milliseconds: 1_700_000_000_000))
    var answer: (AccessRequest) -> Decision = { WalkwayHarness.grant($0) }
    var effects: [WalkwayEffect] = []
    private var armed: [WalkwayTimer: Uptime] = [:]
    private var lastRecord: Int64 = 0
    /// Levels as last set, and outputs as last commanded.
    private(set) var levels: [WalkwayInput: Level] = [:]
    private(set) var outputs: Set<LaneOutput> = []
    /// Broken promises, by name.
    private(set) var violations: [String] = []

    init(_ plan: WalkwayPlan) { machine = Machine(plan: plan, id: LaneID(0)) }

    /// Started, every input at rest, nobody there.
    static func ready(_ plan: WalkwayPlan) -> WalkwayHarness {
        var harness = WalkwayHarness(plan)
        harness.start()
        return harness
    }

    mutating func start(_ memory: LaneMemory = LaneMemory(), _ given: [WalkwayInput: Level] = [:]) {
        send(.started(memory))
        send(.fire(.off, since: now.uptime))
        for input in machine.plan.inputs.sorted() { set(input, given[input] ?? Self.rest(input)) }
        advance(.milliseconds(200))
    }

    static func rest(_ input: WalkwayInput) -> Level { input == .home ? .on : .off }

    // MARK: - Driving

    mutating func send(_ event: WalkwayEvent) {
        var queue = [event]
        while !queue.isEmpty {
            let event = queue.removeFirst()
            let before = machine
            for effect in machine.step(event, at: now) {
                effects.append(effect)
                switch effect {
                case .decide(let id, let request): queue.append(.decided(id, answer(request)))
                case .startTimer(let timer, let at): armed[timer] = at
                case .stopTimer(let timer): armed[timer] = nil
                case .command(let output, let action, _, _, let cause):
                    watch(output, action, cause, event, before)
                default: break
                }
            }
        }
    }

    /// What must hold at every command, whatever led to it.
    private mutating func watch(
        _ output: LaneOutput, _ action: OutputAction, _ cause: CommandCause, _ event: WalkwayEvent,
        _ before: Machine
    ) {
        switch action {
        case .on: outputs.insert(output)
        case .off: outputs.remove(output)
        case .pulse: break
        }
        if output == .unlock, action == .off, levels[.doorContact] == .on {
            violations.append("locks while it stands open")
        }
        if [.open, .close, .stop].contains(output) {
            violations.append("\(output.rawValue) at a way for people")
        }
        if case .pulse = action, ![.releaseIn, .releaseOut].contains(output) {
            violations.append("pulse on \(output.rawValue)")
        }
    }

    mutating func advance(_ span: Duration) {
        let end = now.uptime + span
        while let next = armed.values.min(), next <= end {
            go(to: next)
            let due = armed.filter { $0.value == next }.keys.sorted { "\($0)" < "\($1)" }
            for timer in due where armed[timer] == next {
                armed[timer] = nil
                send(.timer(timer))
            }
        }
        go(to: end)
    }

    private mutating func go(to uptime: Uptime) {
        now.wall = now.wall + (uptime - now.uptime)
        now.uptime = uptime
    }

    mutating func set(_ input: WalkwayInput, _ level: Level) {
        levels[input] = level
        send(.input(input, level, since: now.uptime))
    }

    mutating func loseInputs() {
        for input in machine.plan.inputs.sorted() { set(input, .unknown) }
    }

    /// As long as its debounce needs.
    mutating func settle(_ input: WalkwayInput, _ level: Level) {
        set(input, level)
        advance(.milliseconds(110))
    }

    /// One person through the contact of this way.
    mutating func pass(_ direction: TravelDirection) {
        let input: WalkwayInput = direction == .in ? .passageIn : .passageOut
        settle(input, .on)
        settle(input, .off)
        advance(.milliseconds(200))
    }

    mutating func press() {
        settle(.exitButton, .on)
        settle(.exitButton, .off)
    }

    static func card(_ number: UInt64) -> Card { Card(.em40, number) ?? Card(packed: 0)! }

    @discardableResult
    mutating func read(_ number: UInt64, _ direction: TravelDirection = .in) -> Sequence {
        lastRecord += 1
        let record = Sequence(lastRecord)
        send(.card(CardRead(record: record, card: Self.card(number), direction: direction)))
        return record
    }

    mutating func person(_ action: LaneOrder.Action, onSite: Bool = false, going: TravelDirection? = nil) {
        let by = Operator(channel: "socket", name: "wang")
        send(.person(LaneOrder(action: action, by: by, reason: "TEST", isOnSite: onSite, going: going)))
    }

    mutating func fire(_ level: Level, for span: Duration = .milliseconds(150)) {
        send(.fire(level, since: now.uptime))
        advance(span)
    }

    mutating func forget() { effects = [] }

    // MARK: - Looking

    var phase: String { machine.phaseName }
    var notes: [LaneNote] {
        effects.compactMap { if case .record(.note(let note)) = $0 { note } else { nil } }
    }
    func has(_ kind: LaneNoteKind) -> Bool { notes.contains { $0.kind == kind } }
    var passages: [Passage] {
        effects.compactMap { if case .record(.passage(let passage)) = $0 { passage } else { nil } }
    }
    var decisions: [Decision] {
        effects.compactMap { if case .record(.decided(_, _, let decision)) = $0 { decision } else { nil } }
    }
    var calls: [String] { effects.compactMap { if case .callGuard(let why) = $0 { why } else { nil } } }
    var texts: [LaneTextKey] { effects.compactMap { if case .show(let text) = $0 { text.key } else { nil } } }

    /// `Ri` `Ro` released, `H` `h` stand open and no more, `U` `u` unlocked and locked; lamps left out.
    var moves: String {
        effects.compactMap { effect -> String? in
            guard case .command(let output, let action, _, _, _) = effect else { return nil }
            switch (output, action) {
            case (.releaseIn, _): return "Ri"
            case (.releaseOut, _): return "Ro"
            case (.holdIn, .on): return "H"
            case (.holdIn, _): return "h"
            case (.unlock, .on): return "U"
            case (.unlock, _): return "u"
            default: return nil
            }
        }.joined()
    }

    func command(_ output: LaneOutput) -> WalkwayEffect? {
        effects.last { if case .command(output, _, _, _, _) = $0 { true } else { false } }
    }

    // MARK: - Answers

    /// As the rules would, but for an entry that is held closed.
    static func grant(_ request: AccessRequest) -> Decision {
        if request.isHeldClosed { return deny(request) }
        return Decision(
            verdict: .grant, reason: request.direction == .out ? .exitAlways : .granted, rule: 18,
            card: request.card?.masked, permit: 3)
    }

    static func deny(_ request: AccessRequest) -> Decision {
        Decision(verdict: .deny, reason: .credentialUnknown, rule: 5, card: request.card?.masked)
    }
}

extension WalkwayPlan {
    /// Everything that a turnstile can have.
    static func turnstile(without missing: Set<WalkwayInput> = []) -> WalkwayPlan {
        var plan = WalkwayPlan(name: "lobby", kind: .turnstile, area: AreaID(0))
        plan.inputs = Set([WalkwayInput.passageIn, .passageOut, .alarm, .home, .exitButton]).subtracting(
            missing)
        plan.outputs = [.releaseIn, .releaseOut, .holdIn, .holdOut, .red, .green]
        return plan
    }

    static func door(without missing: Set<WalkwayInput> = []) -> WalkwayPlan {
        var plan = WalkwayPlan(name: "side", kind: .door, area: AreaID(0))
        plan.inputs = Set([WalkwayInput.doorContact, .exitButton, .lockFeedback, .tamper]).subtracting(
            missing)
        plan.outputs = [.unlock, .red, .green, .warn]
        return plan
    }
}
