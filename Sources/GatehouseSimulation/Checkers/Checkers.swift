// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine

/// The judges. They see what an honest outsider could: the terminals of the twin, the arm, the road, what
/// became durable and what was answered; never the state of the code under test.
final class Checkers {
    let estate: Estate
    let mix: FaultMix
    private(set) var violation: Violation?
    private(set) var passages = 0

    var openings: OpeningChecker
    var closings: ClosingChecker
    var books = BookChecker()
    var money: MoneyChecker
    var paidExits: PaidExitChecker
    var collections = CollectionChecker()
    var order = SequenceChecker()
    var rights: RightsChecker
    var fireWatch = FireChecker()
    var feet: FootChecker
    var signs: DisplayChecker
    private var pace: RelayPaceChecker
    var answers: AnswerChecker
    private var foreign = ForeignChecker()
    private var exits: ExitChecker
    private var origins: [(boot: String, origin: Uptime)] = []
    private(set) var trulyInside = 0
    /// A scene brought what a plain day has not.
    private var mayMiscount = false
    /// When somebody last turned back at a gate.
    private var turnedBackAt: [Uptime]
    private var plates = ShownPlates()
    /// Last trouble or person's act at a gate, for judges that need a healthy lane.
    private(set) var lastTrouble: [Uptime]

    init(estate: Estate, mix: FaultMix) {
        self.estate = estate
        self.mix = mix
        openings = OpeningChecker(
            lanes: (0..<estate.plan.laneCount).map { estate.plan.name(of: LaneID($0)) })
        feet = FootChecker(estate.plan)
        signs = DisplayChecker(estate.plan)
        pace = RelayPaceChecker(estate)
        answers = AnswerChecker(estate.plan)
        closings = ClosingChecker(estate.plan)
        money = MoneyChecker(estate.prices, zone: estate.plan.zone)
        paidExits = PaidExitChecker(estate)
        exits = ExitChecker(lanes: estate.plan.lanes.count)
        rights = RightsChecker(estate: estate)
        lastTrouble = Array(repeating: .zero, count: estate.plan.lanes.count)
        turnedBackAt = lastTrouble
    }

    func report(_ checker: String, _ what: String, at now: Uptime) {
        if violation == nil { violation = Violation(checker: checker, what: what, at: now) }
    }

    func report(_ found: (String, String)?, at now: Uptime) {
        if let found { report(found.0, found.1, at: now) }
    }

    // MARK: What the world says

    func started(boot: String, origin: Uptime, at now: Uptime) {
        if origins.last?.boot != boot { origins.append((boot, origin)) }
        openings.started(at: now)
        fireWatch.started(at: now)
        feet.started(at: now)
        signs.started(at: now)
        pace.started(at: now)
        answers.started(at: now)
        paidExits.started(at: now)
        collections.started(at: now)
        for gate in lastTrouble.indices { closings.witnesses[gate].started(at: now) }
    }

    func crashed(at now: Uptime, power: Bool) {
        for gate in lastTrouble.indices {
            disturb(gate, at: now)
            exits.disturbed(gate, at: now)
            closings.witnesses[gate].ended()
            if power { poweredUp(gate) }
        }
        openings.crashed(at: now, power: power)
        fireWatch.crashed(at: now)
        feet.crashed(at: now)
        signs.crashed(at: now)
        pace.crashed()
        paidExits.crashed()
        collections.crashed()
    }

    /// Current returns to a gate's board and detectors.
    func poweredUp(_ gate: Int) { closings.witnesses[gate].poweredUp() }

    func store(takesRecords: Bool, at now: Uptime) { openings.store(takesRecords: takesRecords, at: now) }

    /// The terminals of a gate as they are now.
    func sensed(_ gate: Gate, at now: Uptime) {
        closings.witnesses[gate.lane.index].senses(
            isOn: !gate.board.inputs[Estate.Input.safety - 1],
            isClearOn: gate.board.inputs[Estate.Input.clear - 1], isLineSound: gate.isLineSound, at: now)
    }

    func troubled(gate: Int, _ kind: FaultKind, at now: Uptime) {
        mayMiscount = mayMiscount || kind.spoilsCounting
        // Judged by itself; and what ails upstream is nothing to a lane.
        guard kind != .fob, !kind.isOfUplink, !kind.isOfFeet, !kind.isOfDisplays else { return }
        if kind == .engineStall { feet.everywhereTroubled(at: now) }
        let isEverywhere = kind == .fire || kind == .engineStall || kind.isOfDisk
        for one in lastTrouble.indices where one == gate || isEverywhere {
            disturb(one, at: now)
            exits.troubled(one, kind, at: now)
            // What ails an answer keeps an arm down that a camera opens.
            if estate.form == .answering { exits.disturbed(one, at: now) }
        }
    }

    /// An on-site release counts as the reset of a fire whose contact is off.
    func ordered(gate: Int, _ action: LaneOrder.Action, isOnSite: Bool, at now: Uptime) {
        if gate >= estate.plan.lanes.count {
            return feet.ordered(gate - estate.plan.lanes.count, action, isOnSite: isOnSite, at: now)
        }
        disturb(gate, at: now)
        signs.ordered(gate: gate, action, at: now)
        switch action {
        case .release: if isOnSite { fireWatch.reset(at: now) }
        case .seenEmpty: if isOnSite { closings.witnesses[gate].seenEmpty() }
        // What keeps or sends away the vehicle that stands there begins its wait anew.
        case .close, .holdClosed: exits.disturbed(gate, at: now)
        default: break
        }
    }

    func fire(isOn: Bool, at now: Uptime) {
        fireWatch.fire(isOn: isOn, at: now)
        feet.fire(isOn: isOn, at: now)
    }

    func fireReset(at now: Uptime) {
        fireWatch.reset(at: now)
        feet.fireReset(at: now)
    }

    /// A relay of a way for people.
    func footRelay(_ edge: RelayBoardModel.Edge, _ here: Footway, way: Int) {
        if edge.isClosed, let output = here.unit.openings[edge.relay] {
            openings.edge(gate: here.lane.index, output: output, at: edge.at)
        }
        feet.relay(edge, here.unit, way)
        report(openings.overdue(at: edge.at), at: edge.at)
    }

    /// Before the arm hears of it.
    func fob(gate: Int, _ simulation: Simulation, at now: Uptime) {
        let here = simulation.gates[gate]
        let barrier = here.barrier
        // A stuck limit shows no movement; two that contradict each other are a fault by themselves.
        let isWatched = simulation.gateway != nil && !here.fault.isAny
        let wasAtRest = barrier.isDown && barrier.motion == .still && isWatched
        if wasAtRest {
            foreign.raised(
                lane: estate.plan.lanes[gate].name, lastTrouble: lastTrouble[gate], checker: "S1", at: now)
        }
        lastTrouble[gate] = now
    }

    /// After the relays of that instant.
    func armRises(_ gate: Int, _ simulation: Simulation, at now: Uptime) {
        guard simulation.estate.form == .interlocked else { return }
        for other in simulation.gates.indices where other != gate { exits.disturbed(other, at: now) }
        let lanes = estate.plan.lanes.map(\.name)
        let others = simulation.gates.indices.filter { $0 != gate && !simulation.gates[$0].barrier.isDown }
        let open = others.compactMap { other in
            simulation.gates[other].barrier.events.last { $0.kind == .rises }.map { (lanes[other], $0.at) }
        }
        guard !open.isEmpty else { return }
        let command = openings.latestCommand(gate: gate, at: now)
        report(InterlockChecker.rises(lanes[gate], others: open, command: command), at: now)
        if command == nil {
            foreign.raised(lane: lanes[gate], lastTrouble: lastTrouble[gate], checker: "S3", at: now)
        }
    }

    private func disturb(_ gate: Int, at now: Uptime) {
        lastTrouble[gate] = now
        foreign.disturbed(lane: estate.plan.lanes[gate].name)
    }

    /// A car that came in under a misread plate, left and came back under its own, and now leaves under the same
    /// misread one closes the old stay, and nobody can know that its own is over.
    func misread(_ car: Car, as text: String, hasStay: Bool) {
        mayMiscount = mayMiscount || plates.isMisreadAgain(car, as: text, hasStay: hasStay)
    }

    func crossed(_ car: Car, at now: Uptime) {
        trulyInside += car.isInside ? 1 : -1
        mayMiscount = mayMiscount || plates.isTaken(by: car)
        plates.crossed(car)
    }

    /// Whoever comes to the line while the grant of one that turned back still lives may pass by it unread:
    /// counted rightly, but under the other's plate.
    func turnsBack(gate: Int, inQueue: Bool, at now: Uptime) {
        turnedBackAt[gate] = now
        mayMiscount = mayMiscount || inQueue
    }

    func arrives(_ car: Car, gate: Int, at now: Uptime) {
        let since = turnedBackAt[gate]
        mayMiscount = mayMiscount || since != .zero && now - since < .seconds(15)
        // Now as well as when it has crossed: who has its plate may leave meanwhile by another gate.
        mayMiscount = mayMiscount || plates.isTaken(by: car)
    }

    func seen(_ text: String, gate: Int, at now: Uptime) {
        rights.seen(text, gate: gate, at: now)
    }

    // MARK: What the gateway does

    func instant(of record: Record) -> Uptime {
        let origin = origins.last { $0.boot == record.boot }?.origin ?? .zero
        return origin + (record.at.uptime - .zero)
    }

    func made(_ records: [Record], _ simulation: Simulation) {
        let now = simulation.now
        for record in records {
            openings.made(record, at: now)
            feet.made(record, at: now)
            pace.made(record, at: now)
            answers.made(record, at: now)
            signs.made(
                record,
                isAtRest: { gate in
                    let barrier = simulation.gates[gate].barrier
                    return barrier.isDown && barrier.motion == .still
                }, at: now)
            if record.kind == "passageCompleted" || record.kind == "passageReverse" { passages += 1 }
        }
    }

    func durable(_ new: ArraySlice<Disk.Durable>) {
        for one in new {
            let at = instant(of: one.record)
            report(order.durable(one.record), at: one.at)
            report(openings.durable(one.record, at: one.at), at: one.at)
            foreign.durable(one.record)
            report(feet.durable(one.record), at: one.at)
            report(rights.durable(one.record, books: books, made: at), at: one.at)
            report(books.durable(one.record), at: one.at)
            report(money.durable(one.record), at: one.at)
            report(collections.durable(one.record), at: one.at)
            paidExits.durable(one.record)
            settled(one.record, made: at, at: one.at)
        }
    }

    private static let mayChangeWhatIsOwed = [
        "chargeAdjusted", "chargeDeferred", "chargeClassified", "chargeDisputed", "disputeSettled",
        "paymentRefunded", "couponGranted", "couponRevoked",
    ]

    /// A record by which a vehicle that waits may owe nothing, or something again.
    private func settled(_ record: Record, made: Uptime, at now: Uptime) {
        let isPayment = record.kind == "paymentSettled"
        guard isPayment || Self.mayChangeWhatIsOwed.contains(record.kind),
            let stay = (try? Fields(record.payload))?.number("stay")
        else { return }
        guard money.mayGo(stay, at: record.at.wall.milliseconds / 1000) else {
            return paidExits.owesAgain(stay)
        }
        paidExits.owesNothing(
            stay, record.sequence.number, isPayment: isPayment, made: made, durable: now)
    }

    func relayCloses(_ relay: Int, _ simulation: Simulation, gate: Int, at edge: Uptime) {
        switch relay {
        case Estate.Output.open:
            foreign.disturbed(lane: estate.plan.lanes[gate].name)
            openings.edge(gate: gate, output: "open", at: edge)
            pace.edge(gate: gate)
            paidExits.edge(gate: gate, at: edge)
        case Estate.Output.hold:
            openings.edge(gate: gate, output: "hold", at: edge)
            paidExits.edge(gate: gate, at: edge)
        case Estate.Output.close:
            report(closings.closes(simulation.gates[gate], estate.plan.lanes[gate], at: edge), at: edge)
            report(fireWatch.closes(at: edge), at: edge)
        default: break
        }
        report(openings.overdue(at: edge), at: edge)
    }

    func acknowledged(_ sequence: Sequence, _ disk: Disk, at now: Uptime) {
        if sequence.number > disk.last {
            report(
                "S6", "record \(sequence.number) was confirmed to its asker, durable is \(disk.last)", at: now
            )
        }
    }

    /// After everything that happens.
    func look(_ simulation: Simulation) {
        report(signs.look(simulation), at: simulation.now)
        report(paidExits.look(at: simulation.now) { sight(of: $0, simulation) }, at: simulation.now)
        report(pace.look(simulation), at: simulation.now)
    }

    private func sight(of gate: Int, _ simulation: Simulation) -> PaidExitChecker.Sight {
        let here = simulation.gates[gate]
        let set = estate.form == .interlocked ? simulation.gates : [here]
        let first = here.queue.lazy.map { simulation.cars[$0] }.first { $0.state == .waiting }
        let line = here.kind == .twoWay ? Estate.Input.clear : Estate.Input.presence
        let isSeen = here.board.inputs[line - 1]
        let isRunning = simulation.gateway.map { simulation.now >= $0.stalledUntil } ?? false
        return PaidExitChecker.Sight(
            isSound: isRunning && !simulation.isFireOn && here.isBoardHealthy
                && set.allSatisfy { $0.lane == here.lane || $0.barrier.isDown },
            isShut: here.barrier.isDown && here.barrier.motion == .still,
            plate: first.flatMap { isSeen && $0.direction == .out ? $0.shows?.text : nil },
            lastTrouble: lastTrouble[gate])
    }

    // MARK: Recovery and end

    func fold(_ disk: Disk, _ rows: SiteMemory, at now: Uptime) {
        report(FoldChecker.compare(disk, rows), at: now)
    }

    func watch(_ simulation: Simulation) {
        report(openings.overdue(at: simulation.now), at: simulation.now)
        report(fireWatch.watch(simulation), at: simulation.now)
        report(foreign.watch(at: simulation.now), at: simulation.now)
        let isRunning = simulation.gateway.map { simulation.now >= $0.stalledUntil } ?? false
        report(collections.watch(at: simulation.now, isRunning: isRunning), at: simulation.now)
        let free = max(0, Estate.capacity - max(0, books.occupancy))
        report(signs.watch(simulation, free: free), at: simulation.now)
        for gate in simulation.gates.indices { watchExit(gate, simulation) }
    }

    private func watchExit(_ gate: Int, _ simulation: Simulation) {
        let here = simulation.gates[gate]
        // Its arm is up, or another of the set, or nobody can see that it is down, which outranks the deadline
        // (lanes.md §7.2): nobody is kept by us.
        let set = estate.form == .interlocked ? simulation.gates : [here]
        // Nor does anything of ours open there while the camera that opens is dark (H-32).
        let isDark = estate.form == .answering && simulation.silentCameras.contains(gate)
        guard !isDark, set.allSatisfy({ $0.barrier.isDown && $0.isBoardHealthy }) else {
            return exits.disturbed(gate, at: simulation.now)
        }
        guard let first = here.queue.lazy.map({ simulation.cars[$0] }).first(where: { $0.state == .waiting }),
            first.direction == .out, first.habit != .wrongWay, let since = first.arrivedAt
        else { return }
        let lastUp = here.barrier.events.last { $0.kind == .isUp }?.at
        // A detector that forgot the vehicle has nobody standing there.
        let line = here.kind == .twoWay ? Estate.Input.clear : Estate.Input.presence
        let isSeen = here.board.inputs[line - 1] && simulation.gateway != nil
        report(
            exits.stands(
                at: gate, estate.plan.lanes[gate], since: since, lastUp: lastUp, isSeen: isSeen,
                at: simulation.now), at: simulation.now)
    }

    func finish(_ simulation: Simulation) {
        let now = simulation.now
        report(openings.overdue(at: now + .seconds(3600)), at: now)
        if let rows = try? SiteMemory(
            rows: simulation.disk.rows.inOrder.map { ProjectionRow($0.key, $0.value) })
        {
            fold(simulation.disk, rows, at: now)
            if let mine = simulation.gateway, simulation.disk.waiting.isEmpty, !simulation.disk.isBusy,
                mine.engine.recordsInFlight == 0, mine.engine.site.memory != rows
            {
                report("S8", "the living site's memory differs from its own journal", at: now)
            }
        }
        let records = simulation.disk.durable.lazy.map(\.record)
        report(money.finish(confirmed: simulation.payments.confirmed, records), at: now)
        if simulation.upstream.received < simulation.disk.last - 200 {
            report("L1", "the outbox does not drain", at: now)
        }
        if !simulation.isAllUpstream() {
            report("L1", "upstream has \(simulation.upstream.received) of \(simulation.disk.last)", at: now)
        }
        if mix.countsHonestly, !mayMiscount, books.occupancy != trulyInside {
            report("S4", "the books count \(books.occupancy), \(trulyInside) cars are inside", at: now)
        }
    }
}
