// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDrivers
internal import GatehouseEngine
internal import GatehouseTransport
internal import NIOCore

/// One camera that sends plates as text on a serial line of its own, on the `cameras` loop. Nobody answers it: what
/// it says once is offered once. Unchecked for the compiler; that everything happens on that loop is checked at the
/// entries.
final class SerialCameraService: SerialEndpoint, @unchecked Sendable {
    private let device: DeviceID
    private let name: String
    private let loop: any EventLoop
    private let clock: SystemClock
    private let inbox: Inbox
    private let captures: CaptureRing
    private let path: String
    private let settings: SerialSettings
    private var session: SerialPlateSession
    private var link: SerialLink?
    private var isLineFaulted = false
    private var isStopped = false

    init(device: DeviceID, plan: DevicePlan, shared: CameraService.Shared) {
        self.device = device
        name = plan.name
        path = plan.address
        settings = SerialSettings(plan.line)
        loop = shared.loop
        clock = shared.clock
        inbox = shared.inbox
        captures = shared.captures
        session = SerialPlateSession(SerialPlateSettings(plan), at: shared.clock.uptime())
    }

    func start() {
        loop.execute { [self] in
            guard !isStopped else { return }
            tell(.begins)
            let link = SerialLink(path: path, settings: settings, loop: loop, endpoint: self)
            self.link = link
            link.start()
        }
    }

    /// When it returns, nothing of this camera is offered any more.
    func stop() async {
        let stopped = loop.submit { [self] in
            isStopped = true
            link?.stop()
            link = nil
        }
        try? await stopped.get()
    }

    // MARK: The line

    func connected(_ line: any SerialWriter) {
        loop.preconditionInEventLoop()
        session.connected()
        if isLineFaulted { tell(.faultCleared(code: "line_lost")) }
        isLineFaulted = false
    }

    func received(_ bytes: [UInt8]) {
        loop.preconditionInEventLoop()
        let now = clock.now()
        captures.frame(bytes, isSent: false, of: name, at: now.wall)
        for output in session.receive(bytes, at: now) {
            switch output {
            case .observed(_, let plate): offer(plate, receivedAt: now.uptime)
            case .faultRaised(let fault):
                tell(.faultRaised(code: fault.code, severity: fault.severity, detail: fault.detail))
            case .faultCleared(let code): tell(.faultCleared(code: code))
            default: break
            }
        }
    }

    /// A lane without its camera is in the dark.
    func disconnected(why: String) {
        loop.preconditionInEventLoop()
        if !isLineFaulted { tell(.faultRaised(code: "line_lost", severity: .critical, detail: why)) }
        isLineFaulted = true
    }

    private func offer(_ plate: ObservedPlate, receivedAt: Uptime) {
        guard !isStopped else { return }
        let observation = Observation(
            device: device, plate: plate.observation, capturedAt: plate.capturedAt,
            clockOffset: plate.clockOffset, isFresh: plate.mayOpen, receivedAt: receivedAt)
        inbox.offer(.site(.observed(observation, reply: nil)))
    }

    private func tell(_ event: DeviceEvent) {
        guard !isStopped else { return }
        inbox.offer(.site(.device(device, event)))
    }
}
