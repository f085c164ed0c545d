// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDrivers
internal import GatehouseEngine
internal import GatehouseTransport
internal import NIOCore

/// One reader of cards or of codes on its line: feeds the session with bytes and time, and tells the engine what it says.
/// Everything happens on the `io` loop. Unchecked for the compiler, checked at the entries.
final class ReaderService: SerialEndpoint, @unchecked Sendable {
    private let device: DeviceID
    private let name: String
    private let loop: any EventLoop
    private let clock: SystemClock
    private let inbox: Inbox
    private let captures: CaptureRing
    private var speaker: any SerialSpeaker
    private var link: SerialLink?
    private var line: (any SerialWriter)?
    private var wakeUp: Scheduled<Void>?
    private var isLineFaulted = false
    private var isStopped = false

    init(
        _ speaker: any SerialSpeaker, device: DeviceID, plan: DevicePlan, loop: any EventLoop,
        _ shared: CameraService.Shared
    ) {
        self.speaker = speaker
        self.device = device
        self.loop = loop
        clock = shared.clock
        inbox = shared.inbox
        captures = shared.captures
        name = plan.name
        link = SerialLink(
            path: plan.address, settings: SerialSettings(plan.line), loop: loop, endpoint: self)
    }

    func start() {
        loop.execute { [self] in
            tell(.begins)
            link?.start()
        }
    }

    /// Says no more, and lets go of the line.
    func stop() async {
        let stopped = loop.submit { [self] in
            isStopped = true
            wakeUp?.cancel()
            link?.stop()
            (link, line) = (nil, nil)
            speaker.disconnected()
        }
        try? await stopped.get()
    }

    // MARK: The line

    func connected(_ line: any SerialWriter) {
        loop.preconditionInEventLoop()
        self.line = line
        if isLineFaulted { tell(.faultCleared(code: "line_lost")) }
        isLineFaulted = false
        handle(speaker.connected(at: clock.uptime()))
    }

    func received(_ bytes: [UInt8]) {
        loop.preconditionInEventLoop()
        captures.frame(speaker.kept(bytes), isSent: false, of: name, at: clock.now().wall)
        handle(speaker.receive(bytes, at: clock.uptime()))
    }

    func disconnected(why: String) {
        loop.preconditionInEventLoop()
        line = nil
        speaker.disconnected()
        schedule()
        guard !isLineFaulted else { return }
        isLineFaulted = true
        let severity = type(of: speaker).lineLost
        tell(.faultRaised(code: "line_lost", severity: severity, detail: why))
    }

    // MARK: The session

    private func handle(_ said: [Speech]) {
        for speech in said {
            switch speech {
            case .event(let event):
                if !isStopped { inbox.offer(.site(event)) }
            case .write(let bytes):
                captures.frame(bytes, isSent: true, of: name, at: clock.now().wall)
                line?.write(bytes)
            case .fault(let fault):
                tell(.faultRaised(code: fault.code, severity: fault.severity, detail: fault.detail))
            case .faultCleared(let code): tell(.faultCleared(code: code))
            }
        }
        schedule()
    }

    private func tell(_ event: DeviceEvent) {
        guard !isStopped else { return }
        inbox.offer(.site(.device(device, event)))
    }

    private func schedule() {
        wakeUp?.cancel()
        guard !isStopped, let due = speaker.nextTimer else { return }
        let rest = max(0, (due - clock.uptime()).inNanoseconds)
        wakeUp = loop.scheduleTask(in: .nanoseconds(rest)) { [weak self] in self?.wake() }
    }

    private func wake() { handle(speaker.timer(at: clock.uptime())) }
}
