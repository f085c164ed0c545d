// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDrivers
internal import GatehouseEngine
internal import GatehouseTransport
internal import NIOCore

/// One relay board on its line, which others may share.
final class BoardService: RelayService<ModbusRelaySession>, LineRider, @unchecked Sendable {
    private let captures: CaptureRing
    private let bus: any DeviceLine
    private var line: (any SerialWriter)?
    private var isLineFaulted = false

    /// `holding`: outputs that stay asserted through the restart. `bus`: the line, where others have it too.
    init(
        device: DeviceID, plan: SitePlan, holding: Set<Int>, loop: any EventLoop, clock: SystemClock,
        inbox: Inbox, captures: CaptureRing, bus: (any DeviceLine)? = nil
    ) {
        let devicePlan = plan.devices[device.index]
        let settings = ModbusRelaySettings(devicePlan)
        self.captures = captures
        self.bus = bus ?? SerialBus(path: devicePlan.address, line: devicePlan.line, loop: loop, clock: clock)
        super.init(
            ModbusRelaySession(settings, holding: holding, asFound: plan.outputsAsFound(at: device)),
            inputs: settings.inputs, device: device,
            plan: plan,
            loop: loop, clock: clock, inbox: inbox)
    }

    override func open() { bus.join(self) }

    override func close() {
        bus.leave(self)
        line = nil
    }

    override var isOpen: Bool { line != nil }

    override func write(_ bytes: [UInt8]) {
        captures.frame(bytes, isSent: true, of: name, at: clock.now().wall)
        line?.write(bytes)
    }

    /// Whether the line is the session's to begin on is known before, and what it did with the line after.
    override func step(_ tell: (inout ModbusRelaySession, Uptime) -> [RelayOutput]) {
        let now = clock.uptime()
        session.mayBegin = bus.mayBegin(self, at: now)
        super.step { session, _ in tell(&session, now) }
        bus.settled(self, at: now)
    }

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
