// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseEngine
import GatehouseSync

/// The process under test: the engine's state and the real sessions of its devices, wired to one inbox as the
/// daemon wires them, without threads and sockets.
final class Gateway {
    struct NoBell: Doorbell { func ring() {} }

    let incarnation: Int
    let boot: String
    /// World instant at which this machine's monotonic clock read zero.
    let origin: Uptime
    var engine: EngineState
    let inbox = Inbox(bell: NoBell())
    var links: [BoardLink]
    var cameras: [any CameraSession]
    var readers: [SerialCardSession]
    var displays: [DisplayLink]
    /// By lane: whose turn it is where a board and a display share a line, and whether somebody will ask again.
    var turns: [LineTurns]
    var isReminded: [Bool]
    var wakeAt: Uptime?
    var cameraTimers: [Uptime?]
    /// The process gets no processor until then.
    var stalledUntil = Uptime.zero
    var lastReply: UInt64 = 0
    private var lastPush: UInt64 = 0
    /// Camera pushes that wait for their answer.
    var pushes: [UInt64: PushInHand] = [:]
    /// Requests of cameras that open, by their pushes.
    var exchanges: [UInt64: Int] = [:]
    var outbox: OutboxPump?
    var outboxWakeAt: Uptime?
    /// Records that wait for being on record as set aside, by the reply that says so.
    var asides: [UInt64: Sequence] = [:]
    var directoryWanted = Sequence(0)
    var directoryBuilt = Sequence(0)
    var isBuildingDirectory = false

    struct PushInHand {
        var camera: Int
        var request: PlateCameraModel.Request
        var attempt: Int
        /// Of the event, as the session knows it.
        var id: PushID
    }

    init(
        incarnation: Int, boot: String, origin: Uptime, engine: consuming EngineState,
        links: [BoardLink], cameras: [any CameraSession], readers: [SerialCardSession],
        displays: [DisplayLink]
    ) {
        self.incarnation = incarnation
        self.boot = boot
        self.origin = origin
        self.engine = engine
        self.links = links
        self.cameras = cameras
        self.readers = readers
        self.displays = displays
        turns = Array(repeating: LineTurns(), count: links.count)
        isReminded = Array(repeating: false, count: links.count)
        cameraTimers = Array(repeating: nil, count: cameras.count)
    }

    func uptime(_ world: Uptime) -> Uptime { Uptime(nanoseconds: (world - origin).inNanoseconds) }
    func world(_ uptime: Uptime) -> Uptime { origin + (uptime - .zero) }

    func tell(_ device: DeviceID, _ event: DeviceEvent) { inbox.offer(.site(.device(device, event))) }

    func newPush() -> PushID {
        lastPush += 1
        return PushID(lastPush)
    }

    func newReply() -> ReplyID {
        lastReply += 1
        return ReplyID(lastReply)
    }
}

/// One board's session and inputs. While nothing at all happens near its lane, its clock stands still: the
/// polls of a quiet lane would say the same again and again, 1.7 million times a day. Everything that moves,
/// any command and any fault sets it going, real bytes and all, well before it can be seen.
struct BoardLink {
    var session: ModbusRelaySession
    var bank: InputBank
    let guards: Table<Int, ContactWiring>
    private var frozen = Duration.zero
    private var frozenAt: Uptime?
    private var busyUntil: Uptime
    var timerAt: Uptime?
    /// Timers in a row that were due the moment they were asked for.
    var haste = 0

    /// After something moved: longer than any window of the inputs' memory. After a command: longer than its
    /// pulse and the reading back.
    enum Cause: Int { case motion = 12, command = 3 }

    init(device: DeviceID, plan: SitePlan, holding: Set<Int>, at now: Uptime) {
        let settings = ModbusRelaySettings(plan.devices[device.index])
        let wires = plan.inputs.filter { $0.terminal.device == device }
        session = ModbusRelaySession(
            settings, holding: holding, asFound: plan.outputsAsFound(at: device))
        guards = Table(wires.map { ($0.terminal.channel, $0.contact) })
        var inputs = [InputBank.Input?](repeating: nil, count: settings.inputs)
        for wire in wires {
            inputs[wire.terminal.channel - 1] = InputBank.Input(
                contact: wire.contact, staleAfter: wire.staleAfter, chatterEdges: wire.chatterEdges)
        }
        bank = InputBank(inputs)
        busyUntil = now + .seconds(Cause.motion.rawValue)
    }

    var isFrozen: Bool { frozenAt != nil }

    /// Instants of the session's own clock and back.
    func own(_ uptime: Uptime) -> Uptime { (frozenAt ?? uptime) + (.zero - frozen) }
    func outer(_ own: Uptime) -> Uptime { own + frozen }

    var nextTimer: Uptime? {
        guard !isFrozen else { return nil }
        return [session.nextTimer, bank.nextExpiry].compactMap { $0 }.min().map(outer)
    }

    mutating func stir(_ cause: Cause, at now: Uptime) {
        busyUntil = max(busyUntil, now + .seconds(cause.rawValue))
        guard let since = frozenAt else { return }
        frozen += now - since
        frozenAt = nil
    }

    /// After a good sample, when no request is on the line.
    mutating func freezeIfQuiet(at now: Uptime) {
        guard frozenAt == nil, now >= busyUntil, session.isQuiet else { return }
        frozenAt = now
    }

    func outcome(_ outcome: CommandOutcome) -> CommandOutcome {
        switch outcome {
        case .written(let at): .written(at: outer(at))
        case .confirmed(let at): .confirmed(at: outer(at))
        default: outcome
        }
    }

    func command(_ command: DeviceCommand) -> RelayCommand {
        let here = command.mustBeOff.filter { $0.device == command.terminal.device }
        return RelayCommand(
            token: Int(command.id.number), channel: command.terminal.channel, action: command.action,
            commandClass: command.commandClass, expires: command.expires.map { $0 + (.zero - frozen) },
            isClose: command.isClose,
            guards: here.map {
                RelayCommand.Guard(channel: $0.channel, contact: guards[$0.channel] ?? .normallyClosed)
            })
    }
}
