// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDrivers
internal import GatehouseEngine
internal import GatehouseTransport
internal import NIOCore
internal import NIOPosix

/// What stands behind a serial port of a camera: a display card, a voice box. Called on the cameras' loop.
protocol CameraSerialUser: AnyObject, Sendable {
    func received(_ bytes: [UInt8])
    /// What became of a batch that was passed, by its token: `written` and `confirmed`, or why it was not.
    func passed(_ token: Int, _ outcome: CommandOutcome)
}

/// One camera that pushes: its session lives on the `cameras` loop, apart from relays, so that a 300 KB
/// picture never stands before one. A request is answered when its record is durable. Unchecked for the compiler; that
/// everything happens on that loop is checked at the entries.
final class CameraService: @unchecked Sendable {
    let device: DeviceID
    private let name: String
    /// Path below which this camera pushes.
    let path: String
    private let address: String
    private let loop: any EventLoop
    private let clock: SystemClock
    private let inbox: Inbox
    private let replies: Replies
    private let pictures: PictureKeeper
    private let captures: CaptureRing
    private let clocks: ClockBoard
    private let patience: TimeAmount
    private var session: any CameraSession
    private var wakeUp: Scheduled<Void>?
    private var isStopped = false
    /// Requests that are not answered yet.
    private var requests = Table<PushID, @Sendable (PushReply) -> Void>()
    private var errands = Table<PushID, Errand>()
    private var lastPush: UInt64 = 0
    private var serialUsers = Table<Int, any CameraSerialUser>()

    /// An event on its way to the journal.
    private struct Errand {
        var reply: ReplyID?
        var deadline: Scheduled<Void>
    }

    struct Shared {
        var loop: any EventLoop
        var clock: SystemClock
        var inbox: Inbox
        var replies: Replies
        var pictures: PictureKeeper
        var captures: CaptureRing
        var clocks = ClockBoard()
        /// The engine answers within 3 s; an event that lost its place in the inbox is never answered.
        var patience = TimeAmount.seconds(5)
    }

    init(device: DeviceID, plan: DevicePlan, session: any CameraSession, shared: Shared) {
        self.device = device
        name = plan.name
        path = "/camera/\(plan.name)"
        address = plan.address
        loop = shared.loop
        clock = shared.clock
        inbox = shared.inbox
        replies = shared.replies
        pictures = shared.pictures
        captures = shared.captures
        clocks = shared.clocks
        patience = shared.patience
        self.session = session
    }

    func start() {
        loop.execute { [self] in
            tell(.begins)
            schedule()
        }
    }

    /// When it returns, no event of this camera is offered any more.
    func stop() async {
        let stopped = loop.submit { [self] in
            handle(session.stop(at: clock.uptime()))
            isStopped = true
            wakeUp?.cancel()
        }
        try? await stopped.get()
    }

    // MARK: What answers carry

    /// From the engine's thread.
    func perform(_ command: DeviceCommand) {
        loop.execute { [self] in
            guard !isStopped else {
                let why = CommandOutcome.withdrawn("the camera's service has ended")
                inbox.offer(.site(.command(command.id, why)))
                return
            }
            let order = RelayCommand(
                token: Int(command.id.number), channel: command.terminal.channel, action: command.action,
                commandClass: command.commandClass, expires: command.expires)
            handle(session.send(order, at: clock.uptime()))
        }
    }

    /// Who uses a serial port behind this camera; one a port, before it passes anything.
    func attach(_ user: any CameraSerialUser, port: Int) {
        loop.execute { [self] in
            serialUsers[port] = user
            session.useSerial()
        }
    }

    /// Bytes for the port, from any thread. They go out with the next answer that the camera reads; a newer batch
    /// replaces one that waits.
    func pass(_ batch: SerialBatch) {
        loop.execute { [self] in handle(session.pass(batch, at: clock.uptime())) }
    }

    // MARK: On the camera loop

    /// Before the body: nil when this peer may push.
    func refusal(of peer: String) -> Int? {
        loop.preconditionInEventLoop()
        guard !isStopped else { return 503 }
        let admission = session.admit(peer: peer, at: clock.uptime())
        handle(admission.outputs)
        return admission.refusal
    }

    func receive(_ request: PushRequest, _ reply: @escaping @Sendable (PushReply) -> Void) {
        loop.preconditionInEventLoop()
        guard !isStopped else { return reply(PushReply(status: 503)) }
        let now = clock.now()
        lastPush += 1
        let push = CameraPush(
            id: PushID(lastPush), peer: request.peer, target: request.path, contentType: request.contentType,
            body: request.body)
        requests[push.id] = reply
        let outputs = session.receive(push, at: now)
        if let read = session.deviceClock { clocks.note(read, of: name) }
        if session.mayShow(push) {
            captures.keep(
                request.body, from: name, outputs.contains(.heartbeat) ? .heartbeat : .event, at: now.wall)
        }
        handle(outputs, receivedAt: now.uptime)
    }

    private func offer(_ push: PushID, _ plate: ObservedPlate, receivedAt: Uptime) {
        let id = replies.expect { [self] answer in
            var isDurable = false
            if case .done = answer { isDurable = true }
            loop.execute { [self, isDurable] in settle(push, isDurable: isDurable) }
        }
        let deadline = loop.scheduleTask(in: patience) { [self] in settle(push, isDurable: false) }
        errands[push] = Errand(reply: id, deadline: deadline)
        let observation = Observation(
            device: device, plate: plate.observation, capturedAt: plate.capturedAt,
            clockOffset: plate.clockOffset, isFresh: plate.mayOpen, receivedAt: receivedAt)
        guard let id, inbox.offer(.site(.observed(observation, reply: id))) == .accepted else {
            return settle(push, isDurable: false)
        }
        // After the event is on its way: the record names the picture by its hash.
        pictures.keep(plate.pictures.filter { !$0.isEmpty })
    }

    private func answer(_ push: PushID, _ said: CameraReply) {
        guard let reply = requests.remove(push) else { return }
        reply(
            PushReply(status: said.status, contentType: said.contentType, body: said.body) { [self] isSent in
                loop.execute { [self] in
                    handle(session.answered(push, isSent: isSent, at: clock.uptime()))
                }
            })
    }

    private func settle(_ push: PushID, isDurable: Bool) {
        loop.preconditionInEventLoop()
        guard let errand = errands.remove(push) else { return }
        errand.deadline.cancel()
        if let reply = errand.reply { replies.forget(reply) }
        handle(session.settled(push, isDurable: isDurable, at: clock.uptime()))
    }

    private func tell(_ event: DeviceEvent) {
        guard !isStopped else { return }
        inbox.offer(.site(.device(device, event)))
    }

    private func handle(_ outputs: [CameraOutput], receivedAt: Uptime = .zero) {
        loop.preconditionInEventLoop()
        for output in outputs {
            switch output {
            case .answer(let push, let said): answer(push, said)
            case .observed(let push, let plate): offer(push, plate, receivedAt: receivedAt)
            case .probe: probe()
            case .faultRaised(let fault):
                tell(.faultRaised(code: fault.code, severity: fault.severity, detail: fault.detail))
            case .faultCleared(let code): tell(.faultCleared(code: code))
            case .outcome(let token, let outcome):
                inbox.offer(.site(.command(DeviceCommand.ID(Int64(token)), outcome)))
            case .passed(let port, let token, let outcome): serialUsers[port]?.passed(token, outcome)
            case .serial(let port, let bytes): serialUsers[port]?.received(bytes)
            case .heartbeat: break
            }
        }
        schedule()
    }

    /// Any answer at the camera's HTTP port counts, a refusal of the login too; so a connection is enough.
    private func probe() {
        let host = address
        ClientBootstrap(group: loop).connectTimeout(.seconds(5)).connect(host: host, port: 80)
            .whenComplete { [weak self] result in
                var isAlive = false
                if case .success(let channel) = result {
                    isAlive = true
                    channel.close(promise: nil)
                }
                guard let self, !isStopped else { return }
                handle(session.probed(isAlive: isAlive, at: clock.uptime()))
            }
    }

    private func schedule() {
        wakeUp?.cancel()
        guard !isStopped, let due = session.nextTimer else { return }
        let rest = max(0, (due - clock.uptime()).inNanoseconds)
        wakeUp = loop.scheduleTask(in: .nanoseconds(rest)) { [weak self] in
            guard let self else { return }
            handle(session.timer(at: clock.uptime()))
        }
    }
}
