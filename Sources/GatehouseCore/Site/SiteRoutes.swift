// SPDX-License-Identifier: Apache-2.0

/// The plan turned round: from a terminal or a device to what it means. Made once per plan.
struct SiteRoutes: Sendable {
    private(set) var inputs = Table<Terminal, [InputWire.Meaning]>()
    private(set) var cameras = Table<DeviceID, [CameraWire]>()
    /// Lanes whose texts somebody reads.
    private(set) var shownLanes: [LaneID] = []
    private(set) var readers = Table<DeviceID, [ReaderWire]>()
    /// Lanes whose outputs, camera or reader a device carries.
    private(set) var equipment = Table<DeviceID, [Use]>()
    /// Lanes that have inputs at a device.
    private(set) var sensed = Table<DeviceID, [LaneID]>()
    private var outputs = Table<LaneID, [OutputWire]>()
    private var safety = Table<LaneID, [Terminal]>()

    struct Use: Hashable, Sendable {
        var lane: LaneID
        var equipment: LaneEquipment
    }

    init(plan: SitePlan) {
        for wire in plan.inputs {
            inputs[wire.terminal, default: []].append(wire.meaning)
            switch wire.meaning {
            case .lane(let lane, let input):
                addSensed(lane, wire.terminal.device)
                if case .safety = input { safety[lane, default: []].append(wire.terminal) }
            case .walkway(let lane, _): addSensed(lane, wire.terminal.device)
            case .fire, .fireReset: break
            }
        }
        for wire in plan.outputs {
            outputs[wire.lane, default: []].append(wire)
            // A lamp that is out of order stops no lane.
            guard wire.output != .linkLamp else { continue }
            add(Use(lane: wire.lane, equipment: .outputs), wire.terminal.device)
        }
        shownLanes = Set(plan.displays.map(\.lane)).sorted()
        for wire in plan.cameras {
            cameras[wire.device, default: []].append(wire)
            add(Use(lane: wire.lane, equipment: .camera), wire.device)
        }
        for wire in plan.readers {
            readers[wire.device, default: []].append(wire)
            add(Use(lane: wire.lane, equipment: .reader), wire.device)
        }
    }

    func terminal(_ lane: LaneID, _ output: LaneOutput) -> Terminal? {
        outputs[lane]?.first { $0.output == output }?.terminal
    }

    func fireInputs(of lane: LaneID) -> [Terminal] {
        inputs.inOrder.filter { _, meanings in
            meanings.contains { if case .fire(let lanes) = $0 { lanes.contains(lane) } else { false } }
        }.map(\.key)
    }

    /// Inputs that must read off when a close is written.
    func safety(of lane: LaneID) -> [Terminal] { safety[lane] ?? [] }

    private mutating func addSensed(_ lane: LaneID, _ device: DeviceID) {
        if sensed[device]?.contains(lane) != true { sensed[device, default: []].append(lane) }
    }

    private mutating func add(_ use: Use, _ device: DeviceID) {
        if equipment[device]?.contains(use) != true { equipment[device, default: []].append(use) }
    }
}
