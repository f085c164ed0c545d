// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics
internal import GatehouseEngine
internal import Logging
internal import Synchronization

/// Carries the engine's decisions to devices, askers and watchers. Called on the engine's thread: nothing
/// here waits, everything is one hop to another loop.
final class Shell: EnginePorts {
    private let devices = Mutex(Devices())
    private let payments = Mutex<PaymentService?>(nil)
    private let replies: Replies
    private let keeper: DirectoryKeeper
    private let watchers: Watchers
    private let tally: Tally
    private let logger: Logger
    private let ticks = Atomic<Int>(0)

    init(replies: Replies, keeper: DirectoryKeeper, watchers: Watchers, tally: Tally, logger: Logger) {
        self.replies = replies
        self.keeper = keeper
        self.watchers = watchers
        self.tally = tally
        self.logger = logger
    }

    private struct Devices: Sendable {
        var attached: DeviceServices?
        var next: DeviceServices?
    }

    func attach(_ service: PaymentService) { payments.withLock { $0 = service } }

    func attach(_ services: DeviceServices) { devices.withLock { $0.attached = services } }

    /// These take over with the plan that they belong to, between two commands.
    func prepare(_ next: DeviceServices) { devices.withLock { $0.next = next } }

    func replanned() {
        devices.withLock { devices in
            devices.attached = devices.next ?? devices.attached
            devices.next = nil
        }
    }

    var attached: DeviceServices? { devices.withLock { $0.attached } }

    /// Ticks that the engine's loop handled: proof of progress for the watchdog.
    var progress: Int { ticks.load(ordering: .relaxed) }

    func perform(_ command: DeviceCommand) {
        attached?.perform(command)
    }

    func withdraw(_ terminals: [Terminal]) {
        for terminal in terminals {
            attached?.relays[terminal.device]?.withdraw(channel: terminal.channel)
        }
    }

    func answer(_ reply: ReplyID, _ answer: Answer) { replies.answer(reply, answer) }

    func made(_ records: [Record]) {
        tally.made(records)
        watchers.publish(records)
        for record in records where record.kind.hasPrefix("fault") { log(record) }
    }

    /// What is wrong stands in the log too: without a socket nobody else can say so.
    private func log(_ record: Record) {
        guard let row = try? Fields(record.payload) else { return }
        let words = "\(row.text("subject") ?? "?"): \(row.text("code") ?? "?")"
        guard record.kind == "faultRaised" else { return logger.notice("\(words) is over") }
        let level: Logger.Level =
            switch row.text("severity").flatMap(FaultSeverity.init) {
            case .critical: .error
            case .warning: .warning
            case .notice, nil: .notice
            }
        logger.log(level: level, "\(words): \(row.text("detail") ?? "")")
    }

    func notice(_ notice: EngineNotice) {
        switch notice {
        case .directoryChanged(let through): keeper.changed(through: through)
        case .callGuard(let lane, let why):
            logger.notice("guard called", metadata: ["lane": "\(lane.index)", "why": "\(why)"])
        case .store(.unavailable(let why, let room)):
            let lost: String? =
                switch room {
                case .all: nil
                case .essential: "reads and repeats"
                case .none: "all records"
                }
            logger.critical(
                "journal unavailable: \(why)", metadata: lost.map { ["counted only": "\($0)"] } ?? [:])
        case .store(.available): logger.notice("journal available")
        case .show(let lane, let text): attached?.show(text, at: lane)
        case .collect(let request): payments.withLock { $0 }?.collect(request)
        case .collectionOver(let number): payments.withLock { $0 }?.forget(number)
        // No driver here can ask its camera for a picture: pushing ones have no such channel.
        case .triggerCamera: break
        }
    }

    func progressed(_ state: borrowing EngineState) { ticks.add(1, ordering: .relaxed) }
}
