// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDrivers
internal import GatehouseEngine
internal import GatehouseTransport
internal import NIOCore

/// A device on a line: what it hears and what the line asks it. All calls come on the line's event loop.
protocol LineRider: SerialEndpoint, Sendable {
    func claim(at now: Uptime) -> LineClaim
    /// A request of this one is on the line, or its answer is waited for.
    var isExchanging: Bool { get }
    /// The line was another's until now.
    func lineFreed()
}

/// A way for a device's bytes.
/// Before its session is told anything a rider asks whether it may begin, and after says that it is done.
protocol DeviceLine: AnyObject, Sendable {
    func join(_ rider: any LineRider)
    func leave(_ rider: any LineRider)
    func mayBegin(_ rider: any LineRider, at now: Uptime) -> Bool
    func settled(_ rider: any LineRider, at now: Uptime)
}

/// One tty and the devices on it, which take turns (`LineTurns`). It opens with the first and closes with the last.
/// Unchecked for the compiler: everything happens on the loop, checked at the entries.
final class SerialBus: DeviceLine, SerialEndpoint, @unchecked Sendable {
    let path: String
    let settings: SerialLine
    private let loop: any EventLoop
    private let clock: SystemClock
    private var riders = Table<Int, any LineRider>()
    private var lastRider = 0
    private var turns = LineTurns()
    private var link: SerialLink?
    private var line: (any SerialWriter)?
    private var reminder: Scheduled<Void>?

    private static let patience = TimeAmount.milliseconds(20)

    init(path: String, line: SerialLine, loop: any EventLoop, clock: SystemClock) {
        self.path = path
        settings = line
        self.loop = loop
        self.clock = clock
    }

    func join(_ rider: any LineRider) {
        loop.preconditionInEventLoop()
        lastRider += 1
        riders[lastRider] = rider
        if let line { return rider.connected(line) }
        guard link == nil else { return }
        let link = SerialLink(path: path, settings: SerialSettings(settings), loop: loop, endpoint: self)
        self.link = link
        link.start()
    }

    func leave(_ rider: any LineRider) {
        loop.preconditionInEventLoop()
        guard let number = number(of: rider) else { return }
        riders.remove(number)
        if riders.isEmpty {
            link?.stop()
            (link, line) = (nil, nil)
            reminder?.cancel()
        }
        let hadLine = turns.holder == number
        turns.left(number)
        if hadLine { remind() }
    }

    func mayBegin(_ rider: any LineRider, at now: Uptime) -> Bool {
        guard riders.count > 1 else { return true }
        guard let number = number(of: rider) else { return false }
        if turns.mayBegin(number, claims: claims(at: now)) { return true }
        // Whoever goes first may think better of it; then nobody else would say that the line is free.
        if turns.holder == nil, reminder == nil {
            reminder = loop.scheduleTask(in: Self.patience) { [weak self] in self?.remind() }
        }
        return false
    }

    private func remind() {
        reminder = nil
        offer(order: turns.order(claims(at: clock.uptime())))
    }

    func settled(_ rider: any LineRider, at now: Uptime) {
        guard let number = number(of: rider) else { return }
        if rider.isExchanging {
            turns.began(number)
        } else {
            offer(order: turns.ended(number, claims: claims(at: now)))
        }
    }

    private func offer(order: [Int]) {
        for number in order where turns.holder == nil { riders[number]?.lineFreed() }
    }

    private func number(of rider: any LineRider) -> Int? {
        riders.inOrder.first { $0.value === rider }?.key
    }

    private func claims(at now: Uptime) -> [Int: LineClaim] {
        Dictionary(uniqueKeysWithValues: riders.inOrder.map { ($0.key, $0.value.claim(at: now)) })
    }

    // MARK: The line

    func connected(_ line: any SerialWriter) {
        loop.preconditionInEventLoop()
        self.line = line
        turns.reset()
        for (_, rider) in riders.inOrder { rider.connected(line) }
    }

    /// An answer is for who asked; what comes unasked on a shared line is for nobody.
    func received(_ bytes: [UInt8]) {
        if riders.count == 1 { return riders.inOrder.forEach { $0.value.received(bytes) } }
        guard let holder = turns.holder else { return }
        riders[holder]?.received(bytes)
    }

    func disconnected(why: String) {
        line = nil
        turns.reset()
        for (_, rider) in riders.inOrder { rider.disconnected(why: why) }
    }
}
