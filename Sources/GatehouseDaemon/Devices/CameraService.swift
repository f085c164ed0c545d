// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDrivers
internal import GatehouseEngine
internal import GatehouseStore
internal import GatehouseTransport
internal import NIOCore
internal import NIOPosix

/// One camera that pushes: its session lives on the `cameras` loop, apart from relays, so that a 300 KB
/// picture never stands before one. A request is answered when its record is durable.
final class CameraService: @unchecked Sendable {
    let device: DeviceID
    /// Path below which this camera pushes.
    let path: String
    private let address: String
    private let loop: any EventLoop
    private let clock: SystemClock
    private let inbox: Inbox
    private let replies: Replies
    private let pictures: PictureStore
    private let pictureLoop: any EventLoop
    private let captures: CaptureRing
    private var session: HikvisionSession
    private var wakeUp: Scheduled<Void>?
    private var isStopped = false

    struct Shared {
        var loop: any EventLoop
        var pictureLoop: any EventLoop
        var clock: SystemClock
        var inbox: Inbox
        var replies: Replies
        var pictures: PictureStore
        var captures: CaptureRing
    }

    init(device: DeviceID, plan: DevicePlan, shared: Shared) {
        self.device = device
        path = "/camera/\(plan.name)"
        address = plan.address
        loop = shared.loop
        pictureLoop = shared.pictureLoop
        clock = shared.clock
        inbox = shared.inbox
        replies = shared.replies
        pictures = shared.pictures
        captures = shared.captures
        session = HikvisionSession(HikvisionSettings(plan), at: shared.clock.uptime())
    }

    func start() { loop.execute { [self] in schedule() } }

    func stop() {
        loop.execute { [self] in
            isStopped = true
            wakeUp?.cancel()
        }
    }

    /// On the camera loop.
    func receive(_ request: PushRequest, _ reply: @escaping @Sendable (PushReply) -> Void) {
        let now = clock.now()
        captures.keep(request.body, from: device, at: now.wall)
        let push = CameraPush(
            peer: request.peer, target: request.path, contentType: request.contentType, body: request.body)
        let outputs = session.receive(push, at: now)
        var answer: PushReply?
        var observed: ObservedPlate?
        for output in outputs {
            switch output {
            case .reply(let said):
                answer = PushReply(status: said.status, contentType: said.contentType, body: said.body)
            case .observed(let plate): observed = plate
            case .probe: probe()
            case .faultRaised(let fault): raise(fault)
            case .faultCleared(let code): clear(code)
            }
        }
        let said = answer ?? PushReply(status: 200)
        guard let observed else { return finish(said, reply) }
        offer(observed, receivedAt: now.uptime) { stored in
            reply(stored ? said : PushReply(status: 503))
        }
        keep(observed, from: request.body)
        schedule()
    }

    private func finish(_ answer: PushReply, _ reply: @Sendable (PushReply) -> Void) {
        reply(answer)
        schedule()
    }

    private func offer(
        _ plate: ObservedPlate, receivedAt: Uptime, _ done: @escaping @Sendable (Bool) -> Void
    ) {
        let id = replies.expect { answer in
            if case .done = answer { done(true) } else { done(false) }
        }
        guard let id else { return done(false) }
        let observation = Observation(
            device: device, plate: plate.observation, capturedAt: plate.capturedAt,
            clockOffset: plate.clockOffset, isFresh: plate.mayOpen, receivedAt: receivedAt)
        if inbox.offer(.site(.observed(observation, reply: id))) == .refused {
            replies.forget(id)
            done(false)
        }
    }

    /// After the event is on its way: the record names the picture by its hash.
    private func keep(_ plate: ObservedPlate, from body: [UInt8]) {
        let ranges = plate.pictures.filter { !$0.isEmpty }
        guard !ranges.isEmpty else { return }
        pictureLoop.execute { [pictures, inbox, device] in
            for range in ranges {
                do throws(StoreFault) {
                    _ = try pictures.put(Array(body[range]))
                    inbox.offer(.site(.device(device, .faultCleared(code: "pictures_not_stored"))))
                } catch {
                    let detail = "a picture could not be stored: \(error.words)"
                    inbox.offer(
                        .site(
                            .device(
                                device,
                                .faultRaised(code: "pictures_not_stored", severity: .warning, detail: detail))
                        ))
                }
            }
        }
    }

    private func raise(_ fault: DeviceFault) {
        inbox.offer(
            .site(
                .device(
                    device, .faultRaised(code: fault.code, severity: fault.severity, detail: fault.detail))))
    }

    private func clear(_ code: String) { inbox.offer(.site(.device(device, .faultCleared(code: code)))) }

    private func handle(_ outputs: [CameraOutput]) {
        for output in outputs {
            switch output {
            case .probe: probe()
            case .faultRaised(let fault): raise(fault)
            case .faultCleared(let code): clear(code)
            case .reply, .observed: break
            }
        }
        schedule()
    }

    /// Any answer at the camera's HTTP port counts, a refusal of the login too; so a connection is enough.
    private func probe() {
        let host = address
        ClientBootstrap(group: loop).connectTimeout(.seconds(5)).connect(host: host, port: 80)
            .whenComplete { [weak self] result in
                guard let self else { return }
                var isAlive = false
                if case .success(let channel) = result {
                    isAlive = true
                    channel.close(promise: nil)
                }
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
