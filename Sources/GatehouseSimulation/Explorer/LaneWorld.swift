// SPDX-License-Identifier: Apache-2.0
package import GatehouseCore

/// Something that the world does to a lane in one move of the exploration.
package enum LaneMove: Hashable, Sendable, CustomStringConvertible {
    case input(LaneInput, Level)
    /// The timer with the next deadline.
    case nextTimer
    /// So many seconds in which nothing happens but timers that only speak.
    case passes(Int)
    case read(LanePlateRole)
    case person(LaneOrder.Action)
    case fire(Level)
    case fireReset
    case paid
    case outputs(isFailed: Bool)
    case inputsFail
    case camera(isFailed: Bool)
    case openExpired
    /// Power comes back and the loops may have forgotten what stands on them.
    case restart
    // Physical surroundings only.
    case arrives(LanePlateRole)
    /// The vehicle of this number, from the front.
    case drives(Int)
    case backs(Int)
    case armMoves
    case controllerLowers
    /// Somebody's remote control raises the arm.
    case remoteControl
    case lies(LaneInput, Level)
    case tellsTheTruth

    package var description: String {
        switch self {
        case .input(let input, let level): "\(input) \(level)"
        case .nextTimer: "next timer"
        case .passes(let seconds): "\(seconds) s pass"
        case .read(let role): "read \(role)"
        case .person(let action): "person \(action)"
        case .fire(let level): "fire \(level)"
        case .fireReset: "fire reset"
        case .paid: "paid"
        case .outputs(let isFailed): isFailed ? "outputs fail" : "outputs return"
        case .inputsFail: "inputs fail"
        case .camera(let isFailed): isFailed ? "camera fails" : "camera returns"
        case .openExpired: "open expired"
        case .restart: "restart"
        case .arrives(let role): "arrives: \(role)"
        case .drives(let index): "vehicle \(index + 1) goes on"
        case .backs(let index): "vehicle \(index + 1) goes back"
        case .armMoves: "the arm moves"
        case .controllerLowers: "the controller lowers the arm"
        case .remoteControl: "remote control"
        case .lies(let input, let level): "\(input) says \(level)"
        case .tellsTheTruth: "the input is itself again"
        }
    }

    fileprivate var isTime: Bool {
        switch self {
        case .nextTimer, .passes: true
        default: false
        }
    }

    /// At most one of these in one history.
    package var isFault: Bool {
        switch self {
        case .input(_, .unknown), .fire(.unknown), .outputs(true), .inputsFail, .camera(true), .openExpired,
            .restart, .remoteControl, .lies:
            true
        default: false
        }
    }
}

/// Plates by what the rules say of them.
package enum LanePlateRole: UInt64, Hashable, Sendable, CaseIterable {
    case granted = 1
    case denied = 2
    case owing = 3

    package var plate: Plate { Plate(packed: rawValue * 0x0101_0101) }
}

/// A mistake planted into a lane, to see that it is found.
package enum PlantedDefect: String, Hashable, Sendable, CaseIterable {
    /// Never hears of a safety sensor that rises while the arm comes down.
    case ignoresSafetyWhileClosing
    /// Lowers at once when safety falls.
    case closesWithoutDelay
    case ignoresFire
    /// Sends every passage twice.
    case countsTwice
}

/// One lane with its clock, its timers and what is known of its surroundings: one state of the exploration.
package struct LaneWorld: ExploredWorld {
    package private(set) var lane: Lane
    package private(set) var now: Moment
    private var monitor: LaneMonitor
    private let defect: PlantedDefect?
    private let scope: ExplorerScope
    private var around: Surroundings
    private let wired: [LaneInput]
    /// What each of them said last; nil before it said anything.
    private var raw: [Level?]
    private var fire = Level.off
    private var faultsLeft: Int
    private var outputsFailed = false
    private var cameraFailed = false
    private var records: Int64 = 0
    private var isPaid = false
    package private(set) var violations: [String] = []

    package init(plan: LanePlan, defect: PlantedDefect? = nil, scope: ExplorerScope = ExplorerScope()) {
        self.scope = scope
        around = Surroundings(plan: plan)
        wired = plan.wiredInputs
        raw = Array(repeating: nil, count: wired.count)
        faultsLeft = scope.faults
        lane = Lane(plan: plan, id: LaneID(0))
        now = Moment(
            uptime: Uptime(nanoseconds: 1_000_000_000_000), wall: WallTime(milliseconds: 1_700_000_000_000))
        monitor = LaneMonitor(plan: plan)
        self.defect = defect
        var memory = LaneMemory()
        memory.detectorsMayHaveRestarted = false
        send(.started(memory))
        if scope.inputs == .physical { look() }
    }

    package var phaseName: String { lane.phase.name }

    package var fingerprint: LaneFingerprint {
        var print = LaneFingerprint()
        lane.mix(into: &print, at: now)
        monitor.mix(into: &print, at: now)
        print.mix(min(faultsLeft, 3), bits: 2)
        print.mix(fire)
        print.mix(outputsFailed)
        print.mix(cameraFailed)
        if scope.inputs == .physical { around.mix(into: &print) }
        print.finish()
        return print
    }

    /// Every move that can be made here.
    package var moves: [LaneMove] {
        var moves: [LaneMove] = []
        if nextTimer != nil { moves.append(.nextTimer) }
        moves += LaneWorld.waits.filter { mayPass(.seconds($0)) }.map { .passes($0) }
        switch scope.inputs {
        case .physical: moves += around.moves(scope)
        case .free:
            for input in wired {
                for level in Level.allCases where level != raw(input) { moves.append(.input(input, level)) }
            }
            moves += scope.roles.map { .read($0) }
            moves.append(.inputsFail)
        }
        if scope.parts.contains(.people) {
            moves += [.open, .close, .holdOpen(until: nil), .holdClosed(until: nil), .release].map {
                .person($0)
            }
            if scope.roles.contains(.owing) { moves.append(.paid) }
        }
        if scope.parts.contains(.fire) {
            for level in Level.allCases where level != fire { moves.append(.fire(level)) }
            moves.append(.fireReset)
        }
        moves += [.openExpired, .restart]
        moves.append(.outputs(isFailed: !outputsFailed))
        moves.append(.camera(isFailed: !cameraFailed))
        return faultsLeft > 0 ? moves : moves.filter { !$0.isFault }
    }

    package mutating func make(_ move: LaneMove) {
        if move.isFault { faultsLeft -= 1 }
        if !move.isTime { pass(.milliseconds(10)) }
        switch move {
        case .input(let input, let level):
            say(input, level)
        case .nextTimer: letTimePass()
        case .passes(let seconds): wait(.seconds(seconds))
        case .read(let role): read(role)
        case .person(let action):
            send(
                .person(
                    LaneOrder(
                        action: action, by: Operator(channel: "socket", name: "explorer"),
                        reason: "exploration", isOnSite: true)))
        case .fire(let level):
            fire = level
            send(.fire(level, since: now.uptime))
        case .fireReset: send(.fireReset)
        case .paid:
            isPaid = true
            send(.reconsider(.payment))
            isPaid = false
        case .outputs(let isFailed):
            outputsFailed = isFailed
            send(.fault(.outputs, isRaised: isFailed))
        case .inputsFail:
            for input in wired { say(input, .unknown) }
        case .camera(let isFailed):
            cameraFailed = isFailed
            send(.fault(.camera, isRaised: isFailed))
        case .openExpired: send(.command(.open, .expired))
        case .restart: restart()
        case .arrives, .drives, .backs, .armMoves, .controllerLowers, .remoteControl, .lies,
            .tellsTheTruth:
            around.make(move)
        }
        if scope.inputs == .physical { look() }
    }

    /// Inputs say what is around them, until that is believed; what is due before comes before.
    private mutating func look() {
        for (index, input) in wired.enumerated() {
            let level = around.level(input)
            if level != raw[index] { say(input, level) }
        }
        while lane.timers.entries.contains(where: { $0.timer.isSettling }) { fireNextTimer() }
    }

    private func raw(_ input: LaneInput) -> Level? {
        wired.firstIndex(of: input).flatMap { raw[$0] }
    }

    private mutating func say(_ input: LaneInput, _ level: Level) {
        if let index = wired.firstIndex(of: input) { raw[index] = level }
        send(.input(input, level, since: now.uptime))
    }

    private mutating func read(_ role: LanePlateRole) {
        records += 1
        let reading = PlateReading(plate: role.plate, raw: "\(role)", isRegular: true)
        send(
            .read(
                PlateRead(
                    record: Sequence(records), reading: reading, confidence: 95, capturedAt: now.uptime,
                    isKnown: true)))
    }

    private mutating func restart() {
        var memory = lane.memory
        memory.detectorsMayHaveRestarted = true
        let plan = lane.plan
        lane = Lane(plan: plan, id: LaneID(0))
        monitor = LaneMonitor(plan: plan)
        send(.started(memory))
        send(.fire(fire, since: now.uptime))
        for input in wired {
            if let level = raw(input) { send(.input(input, level, since: now.uptime)) }
        }
    }

    // MARK: - Time

    /// Long enough to be a vehicle on a loop and not a flicker; long enough for every age to matter no more.
    private static let waits = [1, 900]

    /// No timer that does more than to speak comes before.
    private func mayPass(_ duration: Duration) -> Bool {
        !lane.pendingTimers.contains { $0.at <= now.uptime + duration }
    }

    private var nextTimer: ArmedTimers<LaneTimer>.Entry? {
        lane.timers.entries.min { $0.at < $1.at }
    }

    /// The next thing to happen is that a level is believed.
    var isSettling: Bool {
        nextTimer?.timer.isSettling ?? false
    }

    private mutating func fireNextTimer() {
        guard let next = nextTimer else { return }
        pass(max(next.at - now.uptime, .zero))
        send(.timer(next.timer))
    }

    /// Timers that only speak come along with the next that does more.
    private mutating func letTimePass() {
        guard let next = lane.pendingTimers.min(by: { $0.at < $1.at }) else { return fireNextTimer() }
        while let first = nextTimer, first.timer != next.timer, first.at <= next.at { fireNextTimer() }
        if nextTimer?.timer == next.timer { fireNextTimer() }
    }

    /// Nothing happens but timers.
    package mutating func wait(_ duration: Duration) {
        let end = now.uptime + duration
        while let next = nextTimer, next.at <= end { fireNextTimer() }
        pass(max(end - now.uptime, .zero))
    }

    private mutating func pass(_ duration: Duration) {
        now.uptime = now.uptime + duration
        now.wall = now.wall + duration
    }

    // MARK: - Talking

    private mutating func send(_ event: LaneEvent) {
        var queue = [event]
        var next = 0
        while next < queue.count, next < 64 {
            let event = queue[next]
            next += 1
            monitor.witness(event, at: now)
            let said = isSwallowed(event) ? [] : lane.step(event, at: now)
            let effects = spoilt(said, after: event)
            violations += monitor.judge(event, effects, lane, at: now)
            if scope.inputs == .physical, !outputsFailed {
                for case .command(let output, let action, _, _, _) in effects { around.obey(output, action) }
            }
            for case .decide(let id, let request) in effects {
                queue.append(.decided(id, answer(request)))
            }
        }
        if next >= 64 { violations.append("a question that never ends") }
    }

    private func isSwallowed(_ event: LaneEvent) -> Bool {
        switch (defect, event) {
        case (.ignoresSafetyWhileClosing, .input(.safety, .on, _)): lane.phase == .closing
        case (.ignoresFire, .fire): true
        default: false
        }
    }

    private func spoilt(_ effects: [LaneEffect], after event: LaneEvent) -> [LaneEffect] {
        switch (defect, event) {
        case (.closesWithoutDelay, .input(.safety, .off, _)) where lane.phase == .passing:
            effects + [.command(.close, .pulse(.milliseconds(500)), .safety, life: nil, cause: .clearing)]
        case (.countsTwice, _):
            effects.flatMap { effect in
                if case .record(.passage) = effect { [effect, effect] } else { [effect] }
            }
        default: effects
        }
    }

    private func answer(_ request: AccessRequest) -> Decision {
        let plate = request.read?.reading.plate
        let role = LanePlateRole.allCases.first { $0.plate == plate }
        switch role {
        case .granted: return Decision(verdict: .grant, reason: .permitVehicle, rule: 5, plate: plate)
        case .owing where isPaid: return Decision(verdict: .grant, reason: .paid, rule: 15, plate: plate)
        case .owing: return Decision(verdict: .pending, reason: .paymentDue, rule: 15, plate: plate)
        case .denied, nil: return Decision(verdict: .deny, reason: .noGrant, rule: 18, plate: plate)
        }
    }
}

extension LaneTimer {
    fileprivate var isSettling: Bool {
        if case .settle = self { true } else { false }
    }
}
