// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDrivers
internal import GatehouseEngine
internal import GatehouseTransport
internal import NIOCore

/// One relay board on its line, which others may share: feeds the session with bytes, commands and time, and does what it says.
/// Everything happens on the `io` loop; commands arrive from the engine's thread by one hop. Unchecked for the compiler,
/// checked at the entries.
final class RelayService: LineRider, @unchecked Sendable {
    let device: DeviceID
    private let loop: any EventLoop
    private let clock: SystemClock
    private let inbox: Inbox
    private let captures: CaptureRing
    private let name: String
    private let guards: Table<Int, ContactWiring>
    private var session: ModbusRelaySession
    private var bank: InputBank
    private let bus: any DeviceLine
    private var line: (any SerialWriter)?
    private var wakeUp: Scheduled<Void>?
    private var wakeUpAt: Uptime?
    private var isLineFaulted = false
    private var isMuted = false
    /// Outputs that were commanded already.
    private var commanded: Set<Int> = []
    private var isStopped = false
    private var idling: Idling?
    /// Channels that a stop puts to rest.
    private let idleOutputs: [Int]

    /// `holding`: outputs that stay asserted through the restart. `bus`: the line, where others have it too.
    init(
        device: DeviceID, plan: SitePlan, holding: Set<Int>, loop: any EventLoop, clock: SystemClock,
        inbox: Inbox, captures: CaptureRing, bus: (any DeviceLine)? = nil
    ) {
        self.device = device
        self.loop = loop
        self.clock = clock
        self.inbox = inbox
        self.captures = captures
        let devicePlan = plan.devices[device.index]
        name = devicePlan.name
        let settings = ModbusRelaySettings(devicePlan)
        idleOutputs = plan.outputs.filter { $0.terminal.device == device && !$0.output.mayStandOpen }
            .map(\.terminal.channel)
        let wires = plan.inputs.filter { $0.terminal.device == device }
        guards = Table(wires.map { ($0.terminal.channel, $0.contact) })
        session = ModbusRelaySession(settings, holding: holding)
        var inputs = [InputBank.Input?](repeating: nil, count: settings.inputs)
        for wire in wires where inputs.indices.contains(wire.terminal.channel - 1) {
            inputs[wire.terminal.channel - 1] = InputBank.Input(
                contact: wire.contact, staleAfter: wire.staleAfter, chatterEdges: wire.chatterEdges)
        }
        bank = InputBank(inputs)
        self.bus = bus ?? SerialBus(path: devicePlan.address, line: devicePlan.line, loop: loop, clock: clock)
    }

    func start() {
        loop.execute { [self] in
            tell(.begins)
            bus.join(self)
        }
    }

    /// The output is wanted closed until further notice.
    func isMaintained(_ channel: Int) async -> Bool {
        let answer = loop.submit { [self] in session.isMaintained(channel) }
        return (try? await answer.get()) ?? false
    }

    /// Before `start`: the output stays closed, as another service left it, unless it was commanded since.
    func inherit(_ channel: Int) async {
        let done = loop.submit { [self] in
            if !commanded.contains(channel) { session.maintain(channel) }
        }
        try? await done.get()
    }

    /// Before another takes its place: what it read is unknown from now on, and it says no more about its
    /// inputs, whose meaning may change, nor of faults, whose number may be another device's by then. Commands
    /// are still carried out.
    func mute() async {
        let muted = loop.submit { [self] in
            offer(bank.lost(at: clock.uptime()))
            isMuted = true
        }
        try? await muted.get()
    }

    /// An orderly stop: every output idle, but for a hold that a fire latch or a durable hold-open keeps (an arm
    /// must not fall because we restarted, H-43); then the line is closed. Ends within `stopPatience` though
    /// the board is silent.
    func stop() async {
        let idle = loop.flatSubmit { [self] in
            let promise = loop.makePromise(of: Void.self)
            idling = Idling(left: Set(idleOutputs), done: promise)
            for channel in idleOutputs {
                let command = RelayCommand(
                    token: Self.idleToken, channel: channel, action: .off, commandClass: .safety, expires: nil
                )
                step { session, now in session.send(command, at: now) }
            }
            loop.scheduleTask(in: Self.stopPatience) { [self] in finishIdling() }
            if idleOutputs.isEmpty || line == nil { finishIdling() }
            return promise.futureResult
        }
        try? await idle.get()
        let closed = loop.submit { [self] in
            isStopped = true
            wakeUp?.cancel()
            bus.leave(self)
            line = nil
        }
        try? await closed.get()
    }

    private static let stopPatience = TimeAmount.milliseconds(500)
    private static let idleToken = -1

    private struct Idling {
        var left: Set<Int>
        var done: EventLoopPromise<Void>
    }

    private func finishIdling() {
        idling?.done.succeed()
        idling = nil
    }

    private func idled(_ channel: Int, _ outcome: CommandOutcome) {
        if case .written = outcome { return }
        idling?.left.remove(channel)
        if idling?.left.isEmpty == true { finishIdling() }
    }

    /// From the engine's thread.
    func perform(_ command: DeviceCommand) {
        loop.execute { [self] in
            commanded.insert(command.terminal.channel)
            let command = relayCommand(for: command)
            step { session, now in session.send(command, at: now) }
        }
    }

    func withdraw(channel: Int) {
        loop.execute { [self] in
            step { session, now in
                session.withdrawClose(
                    channel: channel, reason: "the lane is no longer known clear", at: now)
            }
        }
    }

    // MARK: The line

    func connected(_ line: any SerialWriter) {
        loop.preconditionInEventLoop()
        self.line = line
        clearLineFault()
        step { session, now in session.connected(at: now) }
    }

    func received(_ bytes: [UInt8]) {
        loop.preconditionInEventLoop()
        captures.frame(bytes, isSent: false, of: name, at: clock.now().wall)
        step { session, now in session.receive(bytes, at: now) }
    }

    func claim(at now: Uptime) -> LineClaim { session.claim(at: now) }

    var isExchanging: Bool { session.isExchanging }

    func lineFreed() { step { session, now in session.lineFreed(at: now) } }

    func disconnected(why: String) {
        loop.preconditionInEventLoop()
        line = nil
        if !isLineFaulted {
            isLineFaulted = true
            tell(.faultRaised(code: "line_lost", severity: .critical, detail: why))
        }
        step { session, now in session.disconnected(at: now) }
    }

    private func clearLineFault() {
        guard isLineFaulted else { return }
        isLineFaulted = false
        tell(.faultCleared(code: "line_lost"))
    }

    // MARK: The session

    /// Everything that the session is told, it is told here: whether the line is its to begin on is known before,
    /// and what it did with the line after.
    private func step(_ tell: (inout ModbusRelaySession, Uptime) -> [RelayOutput]) {
        loop.preconditionInEventLoop()
        let now = clock.uptime()
        session.mayBegin = bus.mayBegin(self, at: now)
        handle(tell(&session, now))
        bus.settled(self, at: now)
    }

    private func handle(_ outputs: [RelayOutput]) {
        loop.preconditionInEventLoop()
        for output in outputs {
            switch output {
            case .write(let bytes):
                captures.frame(bytes, isSent: true, of: name, at: clock.now().wall)
                line?.write(bytes)
            case .inputs(let closed, let at): offer(bank.sample(closed, at: at))
            case .inputsLost(let at): offer(bank.lost(at: at))
            case .outcome(Self.idleToken, let channel, let outcome): idled(channel, outcome)
            case .outcome(let token, _, let outcome):
                inbox.offer(.site(.command(DeviceCommand.ID(Int64(token)), outcome)))
            case .restarted: tell(.restarted)
            case .stuck(let channel, let isStuck): tell(.outputStuck(channel: channel, isStuck))
            case .version: break
            case .faultRaised(let fault):
                tell(.faultRaised(code: fault.code, severity: fault.severity, detail: fault.detail))
            case .faultCleared(let code): tell(.faultCleared(code: code))
            }
        }
        schedule()
    }

    private func tell(_ event: DeviceEvent) {
        guard !isMuted else { return }
        inbox.offer(.site(.device(device, event)))
    }

    private func offer(_ changes: [InputBank.Change]) {
        guard !isMuted else { return }
        for change in changes {
            inbox.offer(
                .site(.input(Terminal(device, change.channel), change.level, since: change.since)))
        }
    }

    private func schedule() {
        guard !isStopped else { return }
        let due = [session.nextTimer, bank.nextExpiry].compactMap(\.self).min()
        guard let due else { return }
        if let planned = wakeUpAt, planned <= due, wakeUp != nil { return }
        wakeUp?.cancel()
        wakeUpAt = due
        let rest = max(0, (due - clock.uptime()).inNanoseconds)
        wakeUp = loop.scheduleTask(in: .nanoseconds(rest)) { [weak self] in self?.wake() }
    }

    private func wake() {
        wakeUp = nil
        wakeUpAt = nil
        let now = clock.uptime()
        offer(bank.expire(at: now))
        step { session, now in session.timer(at: now) }
    }

    private func relayCommand(for command: DeviceCommand) -> RelayCommand {
        // Inputs of another board cannot be read by this one: for them the engine's withdrawal stands.
        let here = command.mustBeOff.filter { $0.device == device }
        return RelayCommand(
            token: Int(command.id.number), channel: command.terminal.channel, action: command.action,
            commandClass: command.commandClass, expires: command.expires, isClose: command.isClose,
            guards: here.map {
                RelayCommand.Guard(channel: $0.channel, contact: guards[$0.channel] ?? .normallyClosed)
            })
    }
}

extension SerialSettings {
    init(_ line: SerialLine) {
        let parity: Parity =
            switch line.format {
            case .e81, .e71: .even
            case .o81, .o71: .odd
            case .n81, .n82: .none
            }
        self.init(
            baud: line.baud, dataBits: line.format == .e71 || line.format == .o71 ? 7 : 8, parity: parity,
            stopBits: line.format == .n82 ? 2 : 1)
    }
}
