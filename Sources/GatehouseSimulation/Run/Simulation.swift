// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseEngine
import GatehouseSync

/// One run: the world, the gateway in it, and the checkers beside it. A function of its options.
final class Simulation {
    let options: RunOptions
    let estate: Estate
    let mix: FaultMix
    var agenda = Agenda<WorldEvent>()
    var now = Uptime.zero
    /// Faults and strange habits end here; what follows is the quiet tail in which everything must work.
    let faultsEnd: Uptime
    let end: Uptime

    var gates: [Gate]
    var cameras: [PlateCameraModel]
    /// By their places among the cameras; nil: it only tells.
    var answering: [AnsweringCamera?]
    var exchanges: [Int: CameraExchange] = [:]
    var lastExchange = 0
    var silentCameras: Set<Int> = []
    var cars: [Car] = []
    var ways: [Footway]
    var readers: [FootReader]
    var walkers: [Walker] = []
    var signs: [Signboard]
    var disk = Disk()
    var gateway: Gateway?
    var upstream = Upstream()
    var payments = PaymentPlatform()
    var provider = CollectingProvider()
    let checkers: Checkers
    var saboteur: Saboteur
    var transcript: Transcript

    var isFireOn = false
    var isResetPressed = false
    var clockOffset = Duration.zero
    var clockQuality = ClockQuality.synchronised
    var incarnations = 0
    var boots = 0
    var bootOrigin = Uptime.zero
    var needsBoot = false
    var diskIsPlanned = false
    var directoryIsImported = false
    var probed: Set<Int> = []
    private var lastWatch = Uptime.zero
    /// A scene's word about the next car's driver.
    var forcedHabit: Car.Habit?

    // Streams of their own, so that a change in one part leaves the others' days as they were.
    var traffic: Random
    var optics: Random
    var mishap: Random
    var latency: Random
    var line: Random
    var crowd: Random
    var screens: Random
    var purse: Random
    var wallet: Random
    var gifts: Random

    static let wallOrigin = WallTime(milliseconds: 1_772_409_600_000)
    static let tail = Duration.seconds(50 * 60)

    init(_ options: RunOptions) {
        self.options = options
        var random = Random(seed: options.seed &* 0x2545_F491_4F6C_DD1D)
        traffic = random.fork()
        optics = random.fork()
        mishap = random.fork()
        latency = random.fork()
        let form = options.form.flatMap(Estate.Form.init) ?? Estate.Form(seed: options.seed)
        let days = max(1, options.hours / 24)
        let prices = options.charges ? EstatePrices(seed: options.seed, days: days) : nil
        estate = Estate(form: form, prices: prices, random: &random)
        var mix = FaultMix(seed: options.seed, random: &random, only: options.onlyFaults)
        line = random.fork()
        crowd = random.fork()
        mix.addPeople(seed: options.seed, random: &crowd, only: options.onlyFaults)
        screens = random.fork()
        mix.addDisplays(seed: options.seed, random: &screens, only: options.onlyFaults)
        if form == .answering {
            mix.addOpeners(seed: options.seed, random: &screens, only: options.onlyFaults)
        }
        purse = random.fork()
        wallet = random.fork()
        gifts = random.fork()
        if prices != nil { mix.addPayers(seed: options.seed, random: &purse, only: options.onlyFaults) }
        self.mix = mix
        end = .zero + .seconds(options.hours * 3600)
        faultsEnd = end + (.zero - Self.tail)
        gates = estate.plan.lanes.indices.map { [estate] in
            Gate(lane: LaneID($0), plan: estate.plan.lanes[$0], at: .zero)
        }
        if mix.has(.tuneOut) {
            for index in gates.indices { gates[index].road.forgetsAfter = .seconds(300) }
        }
        ways = estate.plan.walkways.indices.map { [estate] in
            Footway(lane: LaneID(estate.plan.lanes.count + $0), plan: estate.plan.walkways[$0])
        }
        readers = estate.plan.readers.map { FootReader(wire: $0, model: CardReaderModel(.rdm6300)) }
        signs = estate.plan.displays.map { [estate] wire in
            let isOther = estate.plan.devices[wire.device.index].driver == "led-card-aa55"
            return Signboard(wire: wire, card: DisplayCardModel(isOther ? .cardAA55 : .card64))
        }
        cameras = estate.plan.cameras.map { [estate] wire in
            let device = estate.plan.devices[wire.device.index]
            var camera = PlateCameraModel(address: device.address, target: "/camera/\(device.name)")
            camera.serial = "9d\(20 + wire.device.index)"
            return camera
        }
        answering = estate.plan.cameras.map { [estate] wire in
            let device = estate.plan.devices[wire.device.index]
            guard device.driver == "vzenith-http" else { return nil }
            var model = VzenithCameraModel(address: device.address, target: "/camera/\(device.name)")
            model.serial = "8c1f20a4-5b07d3\(20 + wire.device.index)"
            return AnsweringCamera(
                gate: wire.lane.index, isComet: device.settings["comet_hold"] != nil, model: model)
        }
        saboteur = Saboteur(options.bug, estate)
        checkers = Checkers(estate: estate, mix: mix)
        transcript = Transcript(keeps: options.traces, origin: Self.wallOrigin)
    }

    func run() -> RunResult {
        say("site", "\(estate.form)")
        for kind in mix.inOrder { say("today", kind.rawValue) }
        populate()
        populateFootways()
        agenda.plan(.processStart, at: now + .seconds(1))
        for camera in cameras.indices { agenda.plan(.heartbeat(camera), at: now + .seconds(2 + camera)) }
        planFaults()
        planTail()
        planMoney()
        planLink()
        for index in options.scenes.indices {
            agenda.plan(.scene(index), at: .zero + options.scenes[index].at)
        }
        while let next = agenda.next, next <= end, checkers.violation == nil {
            guard let (at, event) = agenda.take() else { break }
            now = max(now, at)
            handle(event)
            pump()
            for gate in gates.indices { settle(gate) }
            checkers.feet.look(at: now)
            if let wrong = checkers.feet.wrong { checkers.report(wrong, at: now) }
            checkers.look(self)
            if now - lastWatch >= .seconds(30) {
                lastWatch = now
                checkers.watch(self)
            }
        }
        finish()
        return RunResult(
            seed: options.seed, form: "\(estate.form)", violation: checkers.violation,
            records: Int(disk.last), passages: checkers.passages,
            restarts: incarnations - 1, transcriptHash: transcript.hash, transcript: transcript.lines,
            money: estate.prices.map { _ in checkers.money.report })
    }

    private func handle(_ event: WorldEvent) {
        switch event {
        case .engineWake(let run, let at):
            if gateway?.incarnation == run, gateway?.wakeAt == at { gateway?.wakeAt = nil }
        case .boardTimer(let gate, let at, let run): boardTimer(gate, at, run)
        case .boardBytes(let gate, let bytes, let run): boardBytes(gate, bytes, run)
        case .look(let lane, let at): look(lane, at)
        case .displayTimer(let display, let at, let run): displayTimer(display, at, run)
        case .frameForCard(let display, let bytes, let run): frameForCard(display, bytes, run)
        case .cardAnswers(let display, let bytes, let run): cardAnswers(display, bytes, run)
        case .lineReminder(let lane, let run): lineReminder(lane, run)
        case .healSign(let kind, let display): heal(kind, sign: display)
        case .connectionBreaks(let exchange): connectionBreaks(exchange)
        case .pushAgain(let exchange): pushAgain(exchange)
        case .pushPatience(let reply, let run): pushPatience(reply, run)
        case .answerLeaves(let camera, let push, let reply, let run): answerLeaves(camera, push, reply, run)
        case .answerSent(let camera, let push, let isSent, let run):
            answerSent(camera, push, isSent: isSent, run)
        case .answerArrives(let exchange, let reply): answerArrives(exchange, reply)
        case .push(let camera, let request, let attempt): push(camera, request, attempt: attempt)
        case .cameraTimer(let camera, let run): cameraTimer(camera, run)
        case .heartbeat(let camera): heartbeat(camera)
        case .diskEnd(let generation): diskEnd(generation)
        case .diskRetry(let generation): if disk.generation == generation { writeDisk() }
        case .uplinkTime(let run, let at): uplinkTime(run, at)
        case .uplinkHears(let run, let connection, let event): uplinkHears(run, connection, event)
        case .directoryReady(let run): directoryReady(run)
        case .processStart: startProcess()
        case .resumed: break
        case .driverPays(let bill, let isLate): driverPays(bill, isLate: isLate)
        case .driverAsks(let car): driverAsks(car)
        case .platformTells(let serial): tell(serial)
        case .platformCancels(let serial): cancel(serial)
        case .platformContradicts(let serial): contradict(serial)
        case .guardActs(let gate, let act, let stay): guardActs(gate, act, for: stay)
        case .driverShowsCode(let bill): driverShowsCode(bill)
        case .providerHears(let request): providerHears(request)
        case .userConfirms(let order): userConfirms(order)
        case .provider(let isAway): provider(isAway: isAway)
        case .customer: customerComes()
        case .merchantGives(let plate): drawCoupon(plate)
        case .couponAgain(let id): couponAgain(id)
        case .couponRevoked(let id): couponRevoked(id)
        case .topUp(let plate): topUp(plate)
        case .emptyBalance(let holder, let amount): emptyBalance(holder, amount)
        case .calledOff(let permit): calledOff(permit)
        case .powerFails: if gateway != nil { inflict(.powerCut, gate: 0) }
        case .tailgater(let car): comesClose(car)
        case .shift(let isEnd): shift(isEnd: isEnd)
        case .dayEnds: dayEnds()
        case .link(let isUp): link(isUp: isUp)
        case .car(let car, let intent): if cars[car].intent == intent { carActs(car) }
        case .trip(let car): if !isSpare(car) { startTrip(car) }
        case .visitor: visitorComes()
        case .capture(let car, let gate, let extra): capture(car, gate, isExtra: extra)
        case .fault(let kind): strike(kind)
        case .heal(let kind, let gate): heal(kind, gate)
        case .buttonReleased(let gate):
            gates[gate].isButtonPressed = false
            stir(gate)
        case .resetReleased:
            isResetPressed = false
            stirFire()
        case .walk(let walker): startWalk(walker)
        case .walker(let walker, let intent):
            if walkers[walker].intent == intent { walkerActs(walker) }
        case .readerSends(let reader): readerSends(reader)
        case .leafShuts(let way): leafShuts(way)
        case .healWay(let kind, let way): heal(kind, way: way)
        case .order(let lane, let action, let onSite): order(lane, action, isOnSite: onSite)
        case .tidy(let step): tidy(step)
        case .probe(let index): probe(index)
        case .checkProbe(let car, let direction): checkProbe(car, direction)
        case .scene(let index): play(options.scenes[index].act)
        }
    }

    /// A line of the world: `tag` of at most five letters.
    func say(_ tag: String, at gate: Int? = nil, plate: String = "", _ text: String) {
        let lane = gate.map { estate.plan.name(of: LaneID($0)) } ?? ""
        transcript.add(tag, lane: lane, plate: plate, text, at: now)
    }

    var wall: WallTime { Self.wallOrigin + (now - .zero) + clockOffset }

    func moment(for gateway: Gateway) -> Moment {
        Moment(uptime: gateway.uptime(now), wall: wall, quality: clockQuality)
    }

    private func finish() {
        guard checkers.violation == nil else { return }
        checkers.finish(self)
    }
}
