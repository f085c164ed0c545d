// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What a site hears of its devices, and what of it survives a restart.
struct SiteDeviceTests {
    private static let lost = DeviceEvent.faultRaised(code: "line_lost", severity: .critical, detail: "")
    private static let north = LanePlan(name: "north", kind: .entry, area: AreaID(0), closing: .guard)

    @Test func `a fault of a lane does not outlive the process that saw it`() {
        var before = SiteBench(.bench(Self.north))
        var out = Site.Effects(now: before.now)
        for code in [LaneFaultCode.armStuck, .outputFailed] { before.site.raise(LaneID(0), code, &out) }
        #expect(before.site.memory.faults.count == 2)
        let bench = SiteBench(.bench(Self.north), before.site.memory)
        let held = bench.site.lanes[0].faults.map(\.rawValue)
        #expect(bench.site.memory.faults.inOrder.allSatisfy { held.contains($0.value.code) })
        #expect(!held.contains(LaneFaultCode.armStuck.rawValue))
    }

    @Test func `H-19 a lane sees again what its board never stopped seeing`() {
        var lane = Self.north
        lane.safety = [.beam]
        let safety = Terminal(DeviceID(0), 2)
        var plan = SitePlan.bench(lane)
        plan.wire(safety, .lane(LaneID(0), .safety(0)))
        var bench = SiteBench(plan)
        bench.level(safety, .on)
        #expect(bench.site.lanes[0].safety.level == .on)
        bench.send(.device(DeviceID(0), .outputStuck(channel: 1, true)))
        #expect(bench.site.lanes[0].faults.contains(.outputStuck))
        bench.send(.device(DeviceID(0), .begins))
        #expect(!bench.site.lanes[0].faults.contains(.outputStuck))
        bench.send(.device(DeviceID(0), Self.lost))
        #expect(bench.site.lanes[0].safety.level == .unknown)
        bench.send(.device(DeviceID(0), .faultCleared(code: "line_lost")))
        #expect(bench.site.lanes[0].safety.level == .on)
    }

    @Test func `a board that fails takes nothing away that another board says`() {
        var lane = Self.north
        lane.safety = [.beam]
        lane.presence = .loop
        var plan = SitePlan.bench(lane)
        plan.devices.append(
            DevicePlan(name: "more", profile: "p", driver: "modbus-relay", address: "/dev/more"))
        let more = DeviceID(plan.devices.count - 1)
        let (presence, safety) = (Terminal(DeviceID(0), 2), Terminal(more, 1))
        plan.wire(presence, .lane(LaneID(0), .presence))
        plan.wire(safety, .lane(LaneID(0), .safety(0)))
        var bench = SiteBench(plan)
        bench.level(presence, .off)
        bench.level(safety, .off)
        bench.send(.device(DeviceID(0), Self.lost))
        #expect(bench.site.lanes[0].level(of: .presence) == .unknown)
        #expect(bench.site.lanes[0].safety.level == .off, "it is the other board's, which is well")
        bench.send(.device(DeviceID(0), .faultCleared(code: "line_lost")))
        bench.advance(.seconds(1))
        #expect(bench.site.lanes[0].level(of: .presence) == .off)
    }

    @Test func `H-11 of a lane with two boards the sound one is believed whatever the other does`() {
        var lane = Self.north
        lane.safety = [.beam]
        lane.presence = .loop
        let safety = Terminal(DeviceID(0), 2)
        let presence = Terminal(DeviceID(1), 2)
        var plan = SitePlan.bench(lane)
        plan.devices.append(
            DevicePlan(name: "second", profile: "p", driver: "modbus-relay", address: "/dev/2"))
        plan.wire(safety, .lane(LaneID(0), .safety(0)))
        plan.wire(presence, .lane(LaneID(0), .presence))
        var bench = SiteBench(plan)
        bench.level(safety, .on)
        bench.level(presence, .on)
        bench.send(.device(DeviceID(1), Self.lost))
        #expect(bench.site.lanes[0].safety.level == .on)
        #expect(bench.site.lanes[0].presenceLoop.reaction.level == .unknown)
        bench.send(.device(DeviceID(1), .faultCleared(code: "line_lost")))
        bench.advance(.seconds(1))
        #expect(bench.site.lanes[0].safety.level == .on)
        #expect(bench.site.lanes[0].presenceLoop.reaction.level == .on)
    }

    @Test func `H-27 a fire input that never answered opens the lane`() {
        var plan = SitePlan.bench(Self.north)
        plan.wire(Terminal(DeviceID(0), 3), .fire([LaneID(0)]))
        var bench = SiteBench(plan)
        bench.advance(plan.lanes[0].timers.fireUnknownAfter)
        #expect(bench.site.lanes[0].phase == .fire)
    }

    @Test func `H-27 of several fire contacts each releases and none speaks for another`() {
        let contacts = [3, 4].map { Terminal(DeviceID(0), $0) }
        var plan = SitePlan.bench(Self.north)
        for contact in contacts { plan.wire(contact, .fire([LaneID(0)])) }
        var bench = SiteBench(plan)
        bench.level(contacts[0], .off)
        bench.advance(plan.lanes[0].timers.fireUnknownAfter)
        #expect(bench.site.lanes[0].phase == .fire, "the second one never answered")
        bench.level(contacts[1], .off)
        bench.advance(.seconds(3))
        #expect(bench.site.lanes[0].phase != .fire)
        // Its neighbour says off before it is believed.
        bench.level(contacts[1], .on, for: .milliseconds(50))
        bench.level(contacts[0], .off)
        bench.advance(.milliseconds(200))
        #expect(bench.site.lanes[0].phase == .fire)
    }

    @Test func `a board that is dead after a restart as before it puts its lane out of order again`() {
        var before = SiteBench(.bench(Self.north))
        before.send(.device(DeviceID(0), Self.lost))
        var bench = SiteBench(.bench(Self.north), before.site.memory)
        bench.send(.device(DeviceID(0), .begins))
        #expect(!bench.site.memory.faults.keysInOrder.contains("device board-north/line_lost"))
        #expect(!bench.site.lanes[0].outputsFailed)
        bench.send(.device(DeviceID(0), Self.lost))
        #expect(bench.site.memory.faults.keysInOrder.contains("device board-north/line_lost"))
        #expect(bench.site.lanes[0].outputsFailed)
    }

    private static let clear = DeviceEvent.faultCleared(code: "line_lost")

    private func withCameras(_ lane: LanePlan, _ directions: [TravelDirection]) -> SitePlan {
        var lane = lane
        lane.hasCamera = true
        var plan = SitePlan.bench(lane)
        for (index, direction) in directions.enumerated() {
            plan.devices.append(
                DevicePlan(
                    name: "cam-\(index)", profile: "p", driver: "vzenith-http", address: "192.0.2.\(index)"))
            plan.cameras.append(
                CameraWire(device: DeviceID(index + 1), lane: LaneID(0), direction: direction))
        }
        return plan
    }

    @Test func `a lane with two cameras is dark when both are, and no more when one is back`() {
        var bench = SiteBench(withCameras(Self.north, [.in, .in]))
        bench.send(.device(DeviceID(1), Self.lost))
        #expect(!bench.site.lanes[0].faults.contains(.cameraLost))
        bench.send(.device(DeviceID(2), Self.lost))
        #expect(bench.site.lanes[0].faults.contains(.cameraLost))
        bench.send(.device(DeviceID(1), Self.clear))
        #expect(!bench.site.lanes[0].faults.contains(.cameraLost))
        #expect(bench.site.memory.faults.keysInOrder == ["device cam-1/line_lost"])
        let plan = withCameras(Self.north.with { $0.isMixedUse = true }, [.in, .in])
        bench.reload(plan)
        #expect(!bench.site.lanes[0].faults.contains(.cameraLost))
    }

    @Test func `a two-way lane is dark with either side`() {
        var bench = SiteBench(withCameras(Self.north.with { $0.kind = .twoWay }, [.in, .out]))
        bench.send(.device(DeviceID(2), Self.lost))
        #expect(bench.site.lanes[0].faults.contains(.cameraLost))
        bench.send(.device(DeviceID(1), Self.lost))
        bench.send(.device(DeviceID(2), Self.clear))
        #expect(bench.site.lanes[0].faults.contains(.cameraLost))
        bench.send(.device(DeviceID(1), Self.clear))
        #expect(!bench.site.lanes[0].faults.contains(.cameraLost))
    }

    @Test func `outputs on two devices are out of order until both are back`() {
        var plan = withCameras(Self.north.with { $0.outputs = [.open, .red] }, [.in])
        plan.outputs.append(OutputWire(terminal: Terminal(DeviceID(1), 1), lane: LaneID(0), output: .open))
        plan.outputs[0].output = .red
        var bench = SiteBench(plan)
        bench.send(.device(DeviceID(0), Self.lost))
        bench.send(.device(DeviceID(1), Self.lost))
        bench.send(.device(DeviceID(0), Self.clear))
        #expect(bench.site.lanes[0].outputsFailed)
        bench.send(.device(DeviceID(1), Self.clear))
        #expect(!bench.site.lanes[0].outputsFailed)
    }

    @Test func `a fault of a part of the process stands until it is cleared`() {
        var bench = SiteBench(.bench(Self.north))
        let taken = DeviceEvent.faultRaised(code: "cannot_listen", severity: .critical, detail: "")
        for _ in 0..<2 { bench.send(.service(.cameraPort, taken)) }
        #expect(bench.site.memory.faults.keysInOrder == ["camera port/cannot_listen"])
        bench.send(.service(.cameraPort, .faultCleared(code: "cannot_listen")))
        #expect(bench.site.memory.faults.isEmpty)
    }
}
