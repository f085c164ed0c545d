// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDrivers
internal import GatehouseEngine
internal import GatehouseTransport
internal import NIOCore

/// What shows a lane's texts, on a line of ours or behind a camera.
protocol DisplayDevice: AnyObject, Sendable {
    func start()
    /// From the engine's thread.
    func show(_ text: LaneText)
    /// Before another takes its place: it says no more of its faults, whose device may be another by then.
    func mute() async
    func stop() async
}

/// One display card on its line: feeds the session with texts, bytes and time, and does what it says. Everything
/// happens on the line's loop; texts arrive from the engine's thread by one hop. Unchecked for the compiler, checked
/// at the entries.
final class DisplayService: DisplayDevice, LineRider, @unchecked Sendable {
    let device: DeviceID
    private let loop: any EventLoop
    private let clock: SystemClock
    private let inbox: Inbox
    private let captures: CaptureRing
    private let name: String
    private let settings: DisplaySettings
    private let bus: any DeviceLine
    private var session: DisplaySession
    private var shown: LaneText?
    private var line: (any SerialWriter)?
    private var wakeUp: Scheduled<Void>?
    private var isLineFaulted = false
    private var isMuted = false

    /// `bus`: the card's line, which others may share. Nil for a device that is no display.
    init?(
        device: DeviceID, plan: SitePlan, loop: any EventLoop, clock: SystemClock, inbox: Inbox,
        captures: CaptureRing, bus: any DeviceLine
    ) {
        let devicePlan = plan.devices[device.index]
        guard let settings = DisplaySettings(devicePlan),
            let session = DisplaySession(devicePlan, zone: plan.zone)
        else { return nil }
        // Its tables are not to be made on a loop that relays share.
        DisplayText.prepare()
        self.device = device
        self.loop = loop
        self.clock = clock
        self.inbox = inbox
        self.captures = captures
        self.settings = settings
        self.session = session
        self.bus = bus
        name = devicePlan.name
    }

    func start() {
        loop.execute { [self] in
            tell(.begins)
            bus.join(self)
        }
    }

    /// From the engine's thread. The same text again is no news.
    func show(_ text: LaneText) {
        loop.execute { [self] in
            guard text != shown else { return }
            shown = text
            let content = DisplayLayout.content(text, settings)
            step { session, now in session.show(content, at: now) }
        }
    }

    func mute() async {
        let muted = loop.submit { [self] in isMuted = true }
        try? await muted.get()
    }

    func stop() async {
        let stopped = loop.submit { [self] in
            isMuted = true
            wakeUp?.cancel()
            bus.leave(self)
            line = nil
        }
        try? await stopped.get()
    }

    // MARK: The line

    func connected(_ line: any SerialWriter) {
        loop.preconditionInEventLoop()
        self.line = line
        if isLineFaulted { tell(.faultCleared(code: "line_lost")) }
        isLineFaulted = false
        step { session, now in session.connected(at: now) }
    }

    func received(_ bytes: [UInt8]) {
        loop.preconditionInEventLoop()
        captures.frame(bytes, isSent: false, of: name, at: clock.now().wall)
        step { session, now in session.receive(bytes, at: now) }
    }

    /// A display stops no lane: a warning.
    func disconnected(why: String) {
        loop.preconditionInEventLoop()
        line = nil
        if !isLineFaulted { tell(.faultRaised(code: "line_lost", severity: .warning, detail: why)) }
        isLineFaulted = true
        session.disconnected()
        bus.settled(self, at: clock.uptime())
    }

    func claim(at now: Uptime) -> LineClaim { session.claim(at: now) }

    var isExchanging: Bool { session.isExchanging }

    func lineFreed() { step { session, now in session.lineFreed(at: now) } }

    // MARK: The session

    private func step(_ tell: (inout DisplaySession, Moment) -> [DisplayOutput]) {
        loop.preconditionInEventLoop()
        let now = clock.now()
        session.mayBegin = bus.mayBegin(self, at: now.uptime)
        handle(tell(&session, now))
        bus.settled(self, at: now.uptime)
    }

    private func handle(_ outputs: [DisplayOutput]) {
        for output in outputs {
            switch output {
            case .write(let bytes):
                captures.frame(bytes, isSent: true, of: name, at: clock.now().wall)
                line?.write(bytes)
            case .faultRaised(let fault):
                tell(.faultRaised(code: fault.code, severity: fault.severity, detail: fault.detail))
            case .faultCleared(let code): tell(.faultCleared(code: code))
            }
        }
        wakeUp?.cancel()
        wakeUp = session.nextTimer.map { due in
            loop.scheduleTask(in: .nanoseconds(max(0, (due - clock.uptime()).inNanoseconds))) { [weak self] in
                self?.step { session, now in session.timer(at: now) }
            }
        }
    }

    private func tell(_ event: DeviceEvent) {
        guard !isMuted else { return }
        inbox.offer(.site(.device(device, event)))
    }
}
