// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDrivers
internal import GatehouseEngine
internal import GatehouseTransport
internal import NIOCore

/// One card reader on its line: feeds the session with bytes and time, and tells the engine what it says. Everything
/// happens on the `io` loop. Unchecked for the compiler, checked at the entries.
final class ReaderService: SerialEndpoint, @unchecked Sendable {
    private let device: DeviceID
    private let name: String
    private let loop: any EventLoop
    private let clock: SystemClock
    private let inbox: Inbox
    private let captures: CaptureRing
    private var session: SerialCardSession
    private var link: SerialLink?
    private var wakeUp: Scheduled<Void>?
    private var isLineFaulted = false
    private var isStopped = false

    init(
        device: DeviceID, plan: DevicePlan, loop: any EventLoop, clock: SystemClock, inbox: Inbox,
        captures: CaptureRing
    ) {
        self.device = device
        self.loop = loop
        self.clock = clock
        self.inbox = inbox
        self.captures = captures
        name = plan.name
        session = SerialCardSession(SerialCardSettings(plan.settings))
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
            link = nil
        }
        try? await stopped.get()
    }

    // MARK: The line

    func connected(_ line: any SerialWriter) {
        loop.preconditionInEventLoop()
        session.connected(at: clock.uptime())
        guard isLineFaulted else { return }
        isLineFaulted = false
        tell(.faultCleared(code: "line_lost"))
    }

    func received(_ bytes: [UInt8]) {
        loop.preconditionInEventLoop()
        captures.frame(bytes, isSent: false, of: name, at: clock.now().wall)
        handle(session.receive(bytes, at: clock.uptime()))
    }

    func disconnected(why: String) {
        loop.preconditionInEventLoop()
        guard !isLineFaulted else { return }
        isLineFaulted = true
        tell(.faultRaised(code: "line_lost", severity: .critical, detail: why))
    }

    // MARK: The session

    private func handle(_ outputs: [ReaderOutput]) {
        for output in outputs {
            switch output {
            case .presented(let card, let at):
                guard !isStopped else { continue }
                inbox.offer(.site(.presented(CardPresented(device: device, card: card, receivedAt: at))))
            case .faultRaised(let fault):
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
        guard !isStopped, let due = session.nextTimer else { return }
        let rest = max(0, (due - clock.uptime()).inNanoseconds)
        wakeUp = loop.scheduleTask(in: .nanoseconds(rest)) { [weak self] in self?.wake() }
    }

    private func wake() { handle(session.timer(at: clock.uptime())) }
}
