// SPDX-License-Identifier: Apache-2.0
import GatehouseCore

/// Drives one lane with virtual time: fires its timers in the order of their deadlines, answers its
/// questions at once and keeps everything that it said.
struct LaneHarness {
    var lane: Lane
    var now: Moment
    var answer: (AccessRequest) -> Decision = { LaneHarness.grant($0) }
    /// What is owed is given, but for another arm in the way.
    var answersOwed: (Decision) -> Decision = { $0 }
    var effects: [LaneEffect] = []
    /// Everything since the last `forget`.
    private var armed: [LaneTimer: Uptime] = [:]
    private var lastRecord: Int64 = 0

    static let epoch = Moment(
        uptime: Uptime(nanoseconds: 1_000_000_000_000), wall: WallTime(milliseconds: 1_700_000_000_000))

    init(_ plan: LanePlan) {
        lane = Lane(plan: plan, id: LaneID(0))
        now = LaneHarness.epoch
    }

    /// A lane that has been started, arm down, nobody anywhere, loops trusted.
    static func ready(_ plan: LanePlan = .entryWithAll) -> LaneHarness {
        var lane = LaneHarness(plan)
        lane.start()
        return lane
    }

    mutating func start(
        _ memory: LaneMemory = .quiet, safety: Level = .off, presence: Level = .off, up: Level = .off,
        down: Level = .on
    ) {
        send(.started(memory))
        for input in lane.plan.wiredInputs {
            switch input {
            case .safety: set(input, safety)
            case .presence: set(input, presence)
            case .limitUp: set(input, up)
            case .limitDown: set(input, down)
            case .clear, .guardButton, .boomBreak, .helpKey: set(input, .off)
            }
        }
        advance(.milliseconds(400))
    }

    // MARK: - Driving

    mutating func send(_ event: LaneEvent) {
        var queue = [event]
        while !queue.isEmpty {
            for effect in lane.step(queue.removeFirst(), at: now) {
                effects.append(effect)
                switch effect {
                case .decide(let id, let request):
                    queue.append(.decided(id, request.owed.map(answersOwed) ?? answer(request)))
                case .startTimer(let timer, let at): armed[timer] = at
                case .stopTimer(let timer): armed[timer] = nil
                default: break
                }
            }
        }
    }

    mutating func set(_ input: LaneInput, _ level: Level) {
        send(.input(input, level, since: now.uptime))
    }

    /// The board with its inputs fails.
    mutating func loseInputs() {
        for input in lane.plan.wiredInputs { set(input, .unknown) }
    }

    /// Sets a level and waits until it is believed.
    mutating func settle(_ input: LaneInput, _ level: Level) {
        set(input, level)
        advance(.milliseconds(310))
    }

    mutating func advance(_ duration: Duration) {
        let end = now.uptime + duration
        while let next = armed.min(by: { ($0.value, "\($0.key)") < ($1.value, "\($1.key)") }),
            next.value <= end
        {
            armed[next.key] = nil
            move(to: max(next.value, now.uptime))
            send(.timer(next.key))
        }
        move(to: end)
    }

    private mutating func move(to instant: Uptime) {
        let passed = instant - now.uptime
        now.uptime = instant
        now.wall = now.wall + passed
    }

    mutating func read(
        _ plate: UInt64 = 1, confidence: Int = 95, known: Bool = true, age: Duration = .zero,
        key: String? = nil, mayOpen: Bool = true, kind: PlateKind = .smallCivil,
        role: PlateRead.CameraRole = .front, travel: TravelDirection? = nil
    ) {
        read(
            LaneHarness.plate(plate), confidence: confidence, known: known, age: age, key: key,
            mayOpen: mayOpen, kind: kind, role: role, travel: travel)
    }

    /// A camera that sees a vehicle without a plate.
    mutating func readNoPlate(confidence: Int = 95) {
        lastRecord += 1
        send(
            .read(
                PlateRead(
                    record: Sequence(lastRecord), reading: PlateReading(plate: nil, raw: "", isNoPlate: true),
                    confidence: confidence, role: .front, capturedAt: now.uptime, mayOpen: true,
                    duplicateKey: nil, isKnown: false, travel: nil)))
    }

    mutating func read(
        _ plate: Plate, confidence: Int = 95, known: Bool = true, age: Duration = .zero,
        key: String? = nil, mayOpen: Bool = true, kind: PlateKind = .smallCivil,
        role: PlateRead.CameraRole = .front, travel: TravelDirection? = nil
    ) {
        lastRecord += 1
        let reading = PlateReading(plate: plate, raw: plate.text, kind: kind, isRegular: true)
        send(
            .read(
                PlateRead(
                    record: Sequence(lastRecord), reading: reading, confidence: confidence, role: role,
                    capturedAt: now.uptime + (.zero - age), mayOpen: mayOpen, duplicateKey: key,
                    isKnown: known, travel: travel)))
    }

    mutating func person(_ action: LaneOrder.Action, onSite: Bool = false) {
        send(
            .person(
                LaneOrder(
                    action: action, by: Operator(channel: "socket", name: "li"), reason: "test",
                    isOnSite: onSite)))
    }

    mutating func forget() { effects = [] }

    /// The arm rises as commanded.
    mutating func raise() {
        set(.limitDown, .off)
        advance(.milliseconds(60))
        set(.limitUp, .on)
        advance(.milliseconds(60))
    }

    mutating func lower() {
        set(.limitUp, .off)
        advance(.milliseconds(60))
        set(.limitDown, .on)
        advance(.milliseconds(60))
    }

    /// A vehicle drives up, is granted, and the arm is up.
    mutating func openForVehicle(_ plate: UInt64 = 1) {
        settle(.presence, .on)
        read(plate)
        raise()
    }

    /// The whole of a normal passage but the lowering.
    mutating func passThrough() {
        set(.safety(0), .on)
        advance(.milliseconds(500))
        set(.presence, .off)
        set(.clear, .on)
        advance(.milliseconds(500))
        set(.safety(0), .off)
        advance(.milliseconds(450))
        set(.clear, .off)
        advance(.milliseconds(110))
    }

    // MARK: - Looking

    var opens: Int { count { if case .command(.open, .pulse, _, _, _) = $0 { true } else { false } } }
    var openCauses: [CommandCause] {
        effects.compactMap { if case .command(.open, .pulse, _, _, let cause) = $0 { cause } else { nil } }
    }
    var closes: Int { count { if case .command(.close, .pulse, _, _, _) = $0 { true } else { false } } }
    var holds: Int { count { if case .command(.hold, .on, _, _, _) = $0 { true } else { false } } }
    var triggers: Int { count { $0 == .triggerCamera } }

    var notes: [LaneNoteKind] { noteValues.map(\.kind) }
    var noteValues: [LaneNote] {
        effects.compactMap { if case .record(.note(let note)) = $0 { note } else { nil } }
    }
    var passages: [Passage] {
        effects.compactMap { if case .record(.passage(let passage)) = $0 { passage } else { nil } }
    }
    var decisions: [Decision] {
        effects.compactMap { if case .record(.decided(_, _, let decision)) = $0 { decision } else { nil } }
    }
    var shown: LaneTextKey? { lane.status(at: now).text?.key }
    var phase: LanePhase { lane.phase }

    func isRaised(_ code: LaneFaultCode) -> Bool { lane.status(at: now).faults.contains(code) }

    private func count(_ matches: (LaneEffect) -> Bool) -> Int { effects.count { matches($0) } }

    // MARK: - Answers

    /// Far enough apart not to be look-alikes.
    /// Plates of which no two look alike: five characters differ.
    static func plate(_ number: UInt64) -> Plate {
        let symbols = Array("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ")
        let symbol = String(symbols[Int(number) % symbols.count])
        let province = Int(number) < symbols.count ? "沪" : "京"
        return Plate(province + "A" + String(repeating: symbol, count: 5)) ?? Plate(packed: number)
    }

    static func grant(_ request: AccessRequest) -> Decision {
        Decision(
            verdict: .grant, reason: .permitVehicle, rule: 5, plate: request.read?.reading.plate,
            isHousehold: true)
    }

    static func deny(_ request: AccessRequest) -> Decision {
        Decision(verdict: .deny, reason: .noGrant, rule: 18, plate: request.read?.reading.plate)
    }

    static func pay(_ request: AccessRequest) -> Decision {
        Decision(
            verdict: .pending, reason: .paymentDue, rule: 15, plate: request.read?.reading.plate,
            stay: Sequence(7), waitsFor: "payment")
    }

    static func emergency(_ request: AccessRequest) -> Decision {
        Decision(
            verdict: .grant, reason: .emergency, rule: 1, plate: request.read?.reading.plate,
            isEmergency: true)
    }
}

extension LaneMemory {
    /// Nothing remembered, and the detectors kept their power.
    static var quiet: LaneMemory {
        var memory = LaneMemory()
        memory.detectorsMayHaveRestarted = false
        return memory
    }
}

extension LanePlan {
    /// Everything wired, the gateway closes.
    static var entryWithAll: LanePlan {
        var plan = LanePlan(name: "north", kind: .entry, area: AreaID(0), closing: .gateway)
        plan.presence = .loop
        plan.safety = [.loop]
        plan.clear = .loop
        plan.hasLimitUp = true
        plan.hasLimitDown = true
        plan.hasGuardButton = true
        plan.hasBoomBreak = true
        plan.outputs = [.open, .close, .hold, .red, .green]
        return plan
    }

    static func controlled(_ kind: Kind = .entry) -> LanePlan {
        var plan = entryWithAll
        plan.name = "controlled"
        plan.kind = kind
        plan.closing = .controller
        plan.outputs = [.open]
        return plan
    }

    func with(_ change: (inout LanePlan) -> Void) -> LanePlan {
        var plan = self
        change(&plan)
        return plan
    }
}
