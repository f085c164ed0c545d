// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDrivers
internal import GatehouseEngine
internal import GatehouseTransport
internal import NIOCore

/// All devices of a plan: the relay boards and the cameras with their listener. A broken device is a fault of
/// that device; it never stops another.
final class DeviceServices: Sendable {
    let relays: Table<DeviceID, RelayService>
    let cameras: Table<DeviceID, CameraService>
    private let camerasByPath: Table<String, CameraService>

    init(plan: SitePlan, memory: SiteMemory, io: any EventLoop, shared: CameraService.Shared) {
        var relays = Table<DeviceID, RelayService>()
        var cameras = Table<DeviceID, CameraService>()
        for (index, device) in plan.devices.enumerated() {
            let id = DeviceID(index)
            switch device.driver {
            case "modbus-relay":
                relays[id] = RelayService(
                    device: id, plan: plan, holding: Self.holding(id, plan, memory), loop: io,
                    clock: shared.clock, inbox: shared.inbox)
            case "hikvision-isapi": cameras[id] = CameraService(device: id, plan: device, shared: shared)
            default: break
            }
        }
        self.relays = relays
        self.cameras = cameras
        camerasByPath = Table(cameras.inOrder.map { ($0.value.path, $0.value) })
    }

    func start() {
        for (_, relay) in relays.inOrder { relay.start() }
        for (_, camera) in cameras.inOrder { camera.start() }
    }

    func stop() async {
        for (_, camera) in cameras.inOrder { camera.stop() }
        for (_, relay) in relays.inOrder { await relay.stop() }
    }

    /// Requests of cameras by path; others are unknown here.
    func receive(_ request: PushRequest, _ reply: @escaping @Sendable (PushReply) -> Void) {
        guard let camera = camerasByPath[request.path] else {
            return reply(PushReply(status: 404))
        }
        camera.receive(request, reply)
    }

    /// Hold outputs that stay asserted through a restart: a durable hold-open or a fire release stands (H-43).
    private static func holding(_ device: DeviceID, _ plan: SitePlan, _ memory: SiteMemory) -> Set<Int> {
        var channels: Set<Int> = []
        for wire in plan.outputs where wire.terminal.device == device && wire.output == .hold {
            let remembered = memory.lanes[plan.lanes[wire.lane.index].name]
            if remembered?.staysOpen == true { channels.insert(wire.terminal.channel) }
        }
        return channels
    }
}
