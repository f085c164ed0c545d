// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDrivers
internal import GatehouseEngine
internal import GatehouseTransport
internal import NIOCore
internal import NIOPosix

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
    private let patience: TimeAmount
    private var session: HikvisionSession
    private var wakeUp: Scheduled<Void>?
    private var isStopped = false
    private var errands = Table<Int, Errand>()
    private var lastErrand = 0

    /// An event on its way to the journal, and the requests that wait for it.
    private struct Errand {
        var key: String?
        var reply: ReplyID?
        var waiting: [@Sendable (Bool) -> Void]
        var deadline: Scheduled<Void>
    }

    struct Shared {
        var loop: any EventLoop
        var clock: SystemClock
        var inbox: Inbox
        var replies: Replies
        var pictures: PictureKeeper
        var captures: CaptureRing
        /// The engine answers within 3 s; an event that lost its place in the inbox is never answered.
        var patience = TimeAmount.seconds(5)
    }

    init(device: DeviceID, plan: DevicePlan, shared: Shared) {
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
        patience = shared.patience
        session = HikvisionSession(HikvisionSettings(plan), at: shared.clock.uptime())
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
            isStopped = true
            wakeUp?.cancel()
        }
        try? await stopped.get()
    }

    // MARK: On the camera loop

    /// Before the body: nil when this peer may push.
    func refusal(of peer: String) -> Int? {
        loop.preconditionInEventLoop()
        guard !isStopped else { return 503 }
        let outputs = session.refuse(peer: peer, at: clock.uptime())
        handle(outputs)
        for case .reply(let said) in outputs { return said.status }
        return nil
    }

    func receive(_ request: PushRequest, _ reply: @escaping @Sendable (PushReply) -> Void) {
        loop.preconditionInEventLoop()
        guard !isStopped else { return reply(PushReply(status: 503)) }
        let now = clock.now()
        let push = CameraPush(
            peer: request.peer, target: request.path, contentType: request.contentType, body: request.body)
        let outputs = session.receive(push, at: now)
        captures.keep(
            request.body, from: name, outputs.contains(.heartbeat) ? .heartbeat : .event, at: now.wall)
        var said = PushReply(status: 200)
        var observed: ObservedPlate?
        var repeated: String?
        for output in outputs {
            switch output {
            case .reply(let answer):
                said = PushReply(status: answer.status, contentType: answer.contentType, body: answer.body)
            case .observed(let plate): observed = plate
            case .repeated(let key): repeated = key
            default: break
            }
        }
        handle(outputs)
        let yes = said
        let done = { @Sendable (isDurable: Bool) in reply(isDurable ? yes : PushReply(status: 503)) }
        if let observed {
            offer(observed, receivedAt: now.uptime, done)
            // After the event is on its way: the record names the picture by its hash.
            pictures.keep(observed.pictures.filter { !$0.isEmpty }, of: request.body)
        } else if let repeated {
            join(repeated, done)
        } else {
            reply(said)
        }
    }

    private func offer(
        _ plate: ObservedPlate, receivedAt: Uptime, _ done: @escaping @Sendable (Bool) -> Void
    ) {
        lastErrand += 1
        let number = lastErrand
        let id = replies.expect { [self] answer in
            var isDurable = false
            if case .done = answer { isDurable = true }
            loop.execute { [self, isDurable] in settle(number, isDurable: isDurable) }
        }
        let deadline = loop.scheduleTask(in: patience) { [self] in settle(number, isDurable: false) }
        errands[number] = Errand(
            key: plate.observation.duplicateKey, reply: id, waiting: [done], deadline: deadline)
        let observation = Observation(
            device: device, plate: plate.observation, capturedAt: plate.capturedAt,
            clockOffset: plate.clockOffset, isFresh: plate.mayOpen, receivedAt: receivedAt)
        guard let id, inbox.offer(.site(.observed(observation, reply: id))) == .accepted else {
            return settle(number, isDurable: false)
        }
    }

    /// A repeat gets the answer of the first.
    private func join(_ key: String, _ done: @escaping @Sendable (Bool) -> Void) {
        guard let number = errands.inOrder.first(where: { $0.value.key == key })?.key else {
            return done(false)
        }
        errands[number]?.waiting.append(done)
    }

    private func settle(_ number: Int, isDurable: Bool) {
        loop.preconditionInEventLoop()
        guard let errand = errands.remove(number) else { return }
        errand.deadline.cancel()
        if let reply = errand.reply { replies.forget(reply) }
        session.settled(errand.key, isDurable: isDurable)
        for done in errand.waiting { done(isDurable) }
    }

    private func tell(_ event: DeviceEvent) {
        guard !isStopped else { return }
        inbox.offer(.site(.device(device, event)))
    }

    private func handle(_ outputs: [CameraOutput]) {
        loop.preconditionInEventLoop()
        for output in outputs {
            switch output {
            case .probe: probe()
            case .faultRaised(let fault):
                tell(.faultRaised(code: fault.code, severity: fault.severity, detail: fault.detail))
            case .faultCleared(let code): tell(.faultCleared(code: code))
            case .reply, .observed, .repeated, .heartbeat: break
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
