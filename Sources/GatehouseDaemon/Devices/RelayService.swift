// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDrivers
internal import GatehouseEngine
internal import NIOCore

/// Something with outputs and inputs, a board or a chip's lines: what the others need to know of its service.
protocol RelayDevice: AnyObject, Sendable {
    func start()
    /// From the engine's thread.
    func perform(_ command: DeviceCommand)
    func withdraw(channel: Int)
    /// The output is wanted closed until further notice.
    func isMaintained(_ channel: Int) async -> Bool
    /// Before `start`: the output stays closed, as another service left it, unless it was commanded since.
    func inherit(_ channel: Int) async
    /// Before another takes its place: what it read is unknown from now on, and it says no more about its
    /// inputs, whose meaning may change, nor of faults, whose number may be another device's by then. Commands
    /// are still carried out.
    func mute() async
    /// An orderly stop: every output idle, but for a hold that a fire latch or a durable hold-open keeps (an arm
    /// must not fall because we restarted, H-43); then the line is closed. Ends within `stopPatience` though
    /// the board is silent.
    func stop() async
}

/// Carries out commands by a session and tells the engine what the inputs say. How the session reaches its outputs is
/// each kind's own. Everything happens on the `io` loop; commands arrive from the engine's thread by one hop. Unchecked
/// for the compiler, checked at the entries.
class RelayService<Session: RelaySession>: RelayDevice, @unchecked Sendable {
    let device: DeviceID
    let loop: any EventLoop
    let clock: SystemClock
    let name: String
    var session: Session
    private let inbox: Inbox
    private let guards: Table<Int, ContactWiring>
    private var bank: InputBank
    private var wakeUp: Scheduled<Void>?
    private var wakeUpAt: Uptime?
    private var isMuted = false
    /// Outputs that were commanded already.
    private var commanded: Set<Int> = []
    private(set) var isStopped = false
    private var idling: Idling?
    /// Channels that a stop puts to rest.
    private let idleOutputs: [Int]

    init(
        _ session: Session, inputs count: Int, device: DeviceID, plan: SitePlan, loop: any EventLoop,
        clock: SystemClock, inbox: Inbox
    ) {
        self.session = session
        self.device = device
        self.loop = loop
        self.clock = clock
        self.inbox = inbox
        name = plan.devices[device.index].name
        idleOutputs = plan.outputs.filter { $0.terminal.device == device && !$0.output.mayStandOpen }
            .map(\.terminal.channel)
        let wires = plan.inputs.filter { $0.terminal.device == device }
        guards = Table(wires.map { ($0.terminal.channel, $0.contact) })
        var inputs = [InputBank.Input?](repeating: nil, count: count)
        for wire in wires where inputs.indices.contains(wire.terminal.channel - 1) {
            inputs[wire.terminal.channel - 1] = InputBank.Input(
                contact: wire.contact, staleAfter: wire.staleAfter, chatterEdges: wire.chatterEdges)
        }
        bank = InputBank(inputs)
    }

    // MARK: What each kind adds, on the loop

    func open() {}
    func close() {}
    var isOpen: Bool { false }
    /// Bytes of the session.
    func write(_ bytes: [UInt8]) {}

    /// Everything that the session is told, it is told here.
    func step(_ tell: (inout Session, Uptime) -> [RelayOutput]) {
        loop.preconditionInEventLoop()
        handle(tell(&session, clock.uptime()))
    }

    // MARK: From outside

    func start() {
        loop.execute { [self] in
            tell(.begins)
            open()
        }
    }

    func isMaintained(_ channel: Int) async -> Bool {
        let answer = loop.submit { [self] in session.isMaintained(channel) }
        return (try? await answer.get()) ?? false
    }

    func inherit(_ channel: Int) async {
        let done = loop.submit { [self] in
            if !commanded.contains(channel) { session.maintain(channel) }
        }
        try? await done.get()
    }

    func mute() async {
        let muted = loop.submit { [self] in
            offer(bank.lost(at: clock.uptime()))
            isMuted = true
        }
        try? await muted.get()
    }

    func stop() async {
        let idle = loop.flatSubmit { [self] in
            let promise = loop.makePromise(of: Void.self)
            idling = Idling(left: Set(idleOutputs), done: promise)
            for channel in idleOutputs {
                let command = RelayCommand(
                    token: idleToken, channel: channel, action: .off, commandClass: .safety, expires: nil
                )
                step { session, now in session.send(command, at: now) }
            }
            loop.scheduleTask(in: stopPatience) { [self] in finishIdling() }
            if idleOutputs.isEmpty || !isOpen { finishIdling() }
            return promise.futureResult
        }
        try? await idle.get()
        let closed = loop.submit { [self] in
            isStopped = true
            wakeUp?.cancel()
            close()
        }
        try? await closed.get()
    }

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

    // MARK: The session

    func handle(_ outputs: [RelayOutput]) {
        loop.preconditionInEventLoop()
        for output in outputs {
            switch output {
            case .write(let bytes): write(bytes)
            case .inputs(let closed, let at): offer(bank.sample(closed, at: at))
            case .inputsLost(let at): offer(bank.lost(at: at))
            case .outcome(idleToken, let channel, let outcome): idled(channel, outcome)
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

    func tell(_ event: DeviceEvent) {
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
            }, yields: command.output == .linkLamp)
    }
}

private let stopPatience = TimeAmount.milliseconds(500)
private let idleToken = -1
