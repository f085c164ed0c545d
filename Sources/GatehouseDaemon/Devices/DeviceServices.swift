// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDrivers
internal import GatehouseEngine
internal import GatehouseTransport
internal import NIOCore

/// All devices of a plan: relay boards, lines of chips, displays, cameras, readers of cards and of codes. A broken device is a fault of that device; it never
/// stops another.
final class DeviceServices: Sendable {
    let relays: Table<DeviceID, any RelayDevice>
    let displays: Table<DeviceID, any DisplayDevice>
    let cameras: Table<DeviceID, CameraService>
    /// Cameras on serial lines of their own.
    let serialCameras: Table<DeviceID, SerialCameraService>
    let readers: Table<DeviceID, ReaderService>
    private let camerasByPath: Table<String, CameraService>
    private let plan: SitePlan
    /// By the path of the line.
    private let buses: Table<String, SerialBus>

    /// The services of the plan before go on where nothing changed for them; the others are new and stand still
    /// until `start`. A new relay service takes commands already and carries them out when its line opens.
    init(
        plan: SitePlan, memory: SiteMemory, io: any EventLoop, shared: CameraService.Shared,
        replacing old: DeviceServices? = nil
    ) {
        var relays = Table<DeviceID, any RelayDevice>()
        var displays = Table<DeviceID, any DisplayDevice>()
        let kept = Self.kept(plan, from: old)
        var serialCameras = Table<DeviceID, SerialCameraService>()
        let buses = Self.buses(plan, kept: kept, io, shared.clock, old)
        var cameras = Table<DeviceID, CameraService>()
        var readers = Table<DeviceID, ReaderService>()
        for (index, device) in plan.devices.enumerated() {
            let id = DeviceID(index)
            let isKept = kept[index]
            switch device.driver {
            case "modbus-relay":
                relays[id] =
                    isKept
                    ? old?.relays[id]
                    : BoardService(
                        device: id, plan: plan, holding: Self.holding(id, plan, memory), loop: io,
                        clock: shared.clock, inbox: shared.inbox, captures: shared.captures,
                        bus: buses[device.address])
            case "gpio-lines":
                relays[id] =
                    isKept
                    ? old?.relays[id]
                    : GPIOService(
                        device: id, plan: plan, holding: Self.holding(id, plan, memory), loop: io,
                        clock: shared.clock, inbox: shared.inbox)
            case "serial-plate":
                serialCameras[id] =
                    isKept
                    ? old?.serialCameras[id]
                    : SerialCameraService(device: id, plan: device, shared: shared)
            case "serial-card":
                readers[id] =
                    isKept
                    ? old?.readers[id]
                    : ReaderService(
                        CardSpeaker(device: id, settings: device.settings), device: id, plan: device,
                        loop: io, shared)
            case "serial-scanner":
                guard let wire = plan.scanners.first(where: { $0.device == id }) else { continue }
                readers[id] =
                    isKept
                    ? old?.readers[id]
                    : ReaderService(
                        CodeSpeaker(lane: wire.lane, settings: device.settings), device: id, plan: device,
                        loop: io, shared)
            default:
                if plan.displays.contains(where: { $0.device == id }), let bus = buses[device.address] {
                    displays[id] =
                        isKept
                        ? old?.displays[id]
                        : DisplayService(
                            device: id, plan: plan, loop: io, clock: shared.clock, inbox: shared.inbox,
                            captures: shared.captures, bus: bus)
                    continue
                }
                let outputs = Set(
                    plan.outputs.filter { $0.terminal.device == id }.map(\.terminal.channel))
                let session = device.cameraSession(outputs: outputs, at: shared.clock.uptime())
                if isKept {
                    cameras[id] = old?.cameras[id]
                } else if let session {
                    cameras[id] = CameraService(device: id, plan: device, session: session, shared: shared)
                }
            }
        }
        for (index, device) in plan.devices.enumerated() {
            let id = DeviceID(index)
            guard plan.displays.contains(where: { $0.device == id }), let name = device.through?.camera,
                let camera = plan.devices.firstIndex(where: { $0.name == name }),
                let service = cameras[DeviceID(camera)]
            else { continue }
            displays[id] =
                kept[index]
                ? old?.displays[id]
                : PassedDisplay(
                    device: device, camera: service, zone: plan.zone, loop: shared.loop, clock: shared.clock,
                    captures: shared.captures)
        }
        self.plan = plan
        self.buses = buses
        self.relays = relays
        self.displays = displays
        self.cameras = cameras
        self.serialCameras = serialCameras
        self.readers = readers
        camerasByPath = Table(cameras.inOrder.map { ($0.value.path, $0.value) })
    }

    /// Which devices do not notice the new plan. What goes through a camera stays with it.
    private static func kept(_ plan: SitePlan, from old: DeviceServices?) -> [Bool] {
        guard let old else { return plan.devices.map { _ in false } }
        let alone = plan.devices.indices.map { index in
            Wiring(of: DeviceID(index), in: old.plan) == Wiring(of: DeviceID(index), in: plan)
        }
        return plan.devices.indices.map { index in
            guard let name = plan.devices[index].through?.camera else { return alone[index] }
            return alone[index] && plan.devices.firstIndex { $0.name == name }.map { alone[$0] } ?? false
        }
    }

    /// A line on which somebody stays is the same line; on any other nobody knows the one before.
    private static func buses(
        _ plan: SitePlan, kept: [Bool], _ io: any EventLoop, _ clock: SystemClock, _ old: DeviceServices?
    ) -> Table<String, SerialBus> {
        var buses = Table<String, SerialBus>()
        for (index, device) in plan.devices.enumerated() where kept[index] {
            buses[device.address] = old?.buses[device.address]
        }
        for device in plan.devices where device.address.hasPrefix("/") && buses[device.address] == nil {
            buses[device.address] = SerialBus(
                path: device.address, line: device.line, loop: io, clock: clock)
        }
        return buses
    }

    /// What boards of this lane show from now on.
    func show(_ text: LaneText, at lane: LaneID) {
        for wire in plan.displays where wire.lane == lane { displays[wire.device]?.show(text) }
    }

    /// Those that the services before did not have.
    func start(replacing old: DeviceServices? = nil) {
        for (id, relay) in relays.inOrder where relay !== old?.relays[id] { relay.start() }
        for (id, display) in displays.inOrder where display !== old?.displays[id] { display.start() }
        for (id, camera) in cameras.inOrder where camera !== old?.cameras[id] { camera.start() }
        for (id, camera) in serialCameras.inOrder where camera !== old?.serialCameras[id] { camera.start() }
        for (id, reader) in readers.inOrder where reader !== old?.readers[id] { reader.start() }
    }

    /// What these and not the next ones have says no more to the engine.
    func mute(before next: DeviceServices) async {
        for (id, camera) in cameras.inOrder where camera !== next.cameras[id] { await camera.stop() }
        for (id, camera) in serialCameras.inOrder where camera !== next.serialCameras[id] {
            await camera.stop()
        }
        for (id, reader) in readers.inOrder where reader !== next.readers[id] { await reader.stop() }
        for (id, relay) in relays.inOrder where relay !== next.relays[id] { await relay.mute() }
        for (id, display) in displays.inOrder where display !== next.displays[id] { await display.mute() }
    }

    /// What stands at lanes that the new plan leaves as they are stands on, wherever their outputs are now: a lane
    /// says a level once, and an arm that is held above a vehicle must not fall because its board changed hands.
    func inherit(from old: DeviceServices) async {
        for wire in plan.outputs {
            guard let relay = relays[wire.terminal.device], relay !== old.relays[wire.terminal.device],
                old.plan.laneCount > wire.lane.index, plan.isEqual(wire.lane, in: old.plan),
                let before = old.plan.outputs.first(where: {
                    $0.lane == wire.lane && $0.output == wire.output
                }),
                await old.relays[before.terminal.device]?.isMaintained(before.terminal.channel) == true
            else { continue }
            await relay.inherit(wire.terminal.channel)
        }
    }

    func stop(before next: DeviceServices? = nil) async {
        for (id, camera) in cameras.inOrder where camera !== next?.cameras[id] { await camera.stop() }
        for (id, camera) in serialCameras.inOrder where camera !== next?.serialCameras[id] {
            await camera.stop()
        }
        for (id, display) in displays.inOrder where display !== next?.displays[id] { await display.stop() }
        for (id, reader) in readers.inOrder where reader !== next?.readers[id] { await reader.stop() }
        // Silent boards are waited for together.
        await withDiscardingTaskGroup { group in
            for (id, relay) in relays.inOrder where relay !== next?.relays[id] {
                group.addTask { await relay.stop() }
            }
        }
    }

    /// To the board or the camera that has this output.
    func perform(_ command: DeviceCommand) {
        let device = command.terminal.device
        relays[device]?.perform(command)
        cameras[device]?.perform(command)
    }

    /// The status that refuses a push, by its path and peer; nil: the body may come.
    func refusal(of request: PushRequest) -> Int? {
        guard let camera = camerasByPath[request.path] else { return 404 }
        return camera.refusal(of: request.peer)
    }

    /// Requests of cameras by path; others are unknown here.
    func receive(_ request: PushRequest, _ reply: @escaping @Sendable (PushReply) -> Void) {
        guard let camera = camerasByPath[request.path] else {
            return reply(PushReply(status: 404))
        }
        camera.receive(request, reply)
    }

    /// What a device's service was made from. A device that only got another number is another one: events that
    /// are under way carry the number.
    private struct Wiring: Hashable {
        struct Input: Hashable {
            var channel: Int
            var contact: ContactWiring
            var staleAfter: Duration
            var chatterEdges: Int
        }

        struct Output: Hashable {
            var channel: Int
            var lane: String
            var output: LaneOutput
        }

        var device: DevicePlan?
        var inputs: [Input]
        var outputs: [Output]
        /// Lanes whose texts it shows, and the zone of its clock.
        var shows: [String]
        var zone: ZoneRules?
        /// Lanes whose payment codes it reads.
        var scans: [LaneID]
        /// Devices whose bytes this camera passes on.
        var passes: [DevicePlan]

        init(of id: DeviceID, in plan: SitePlan) {
            device = plan.devices.indices.contains(id.index) ? plan.devices[id.index] : nil
            inputs = plan.inputs.filter { $0.terminal.device == id }
                .map {
                    Input(
                        channel: $0.terminal.channel, contact: $0.contact, staleAfter: $0.staleAfter,
                        chatterEdges: $0.chatterEdges)
                }
            outputs = plan.outputs.filter { $0.terminal.device == id }.map { wire in
                Output(
                    channel: wire.terminal.channel, lane: plan.name(of: wire.lane),
                    output: wire.output)
            }
            shows = plan.displays.filter { $0.device == id }.map { plan.lanes[$0.lane.index].name }
            zone = shows.isEmpty ? nil : plan.zone
            scans = plan.scanners.filter { $0.device == id }.map(\.lane)
            let name = device?.name
            passes = plan.devices.filter { $0.through != nil && $0.through?.camera == name }
        }
    }

    /// Hold outputs that stay asserted through a restart: a durable hold-open or a fire release stands (H-43).
    private static func holding(_ device: DeviceID, _ plan: SitePlan, _ memory: SiteMemory) -> Set<Int> {
        var channels: Set<Int> = []
        for wire in plan.outputs where wire.terminal.device == device && wire.output.mayStandOpen {
            let remembered = memory.lanes[plan.name(of: wire.lane)]
            if remembered?.staysOpen == true { channels.insert(wire.terminal.channel) }
        }
        return channels
    }
}
