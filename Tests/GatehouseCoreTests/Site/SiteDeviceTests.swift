// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

struct SiteDeviceTests {
    @Test func `H-19 a lane sees again what its board never stopped seeing`() {
        var plan = SitePlan(id: "bench")
        plan.areas = [AreaPlan(name: "main")]
        plan.devices = [
            DevicePlan(name: "relays", profile: "p", driver: "modbus-relay", address: "/dev/x")
        ]
        var lane = LanePlan(name: "north", kind: .entry, area: AreaID(0), closing: .guard)
        lane.safety = [.beam]
        plan.lanes = [lane]
        let safety = Terminal(DeviceID(0), 2)
        plan.outputs = [OutputWire(terminal: Terminal(DeviceID(0), 1), lane: LaneID(0), output: .open)]
        plan.inputs = [
            InputWire(
                terminal: safety, meaning: .lane(LaneID(0), .safety(0)), contact: .normallyClosed,
                source: .modbus, staleAfter: .milliseconds(400))
        ]
        var site = Site(
            plan: plan, memory: SiteMemory(), directory: .empty, nextSequence: Sequence(1), boot: "b")
        var now = Moment(uptime: Uptime(nanoseconds: 1_000_000_000), wall: WallTime(milliseconds: 0))
        func say(_ event: SiteEvent) {
            now.uptime = now.uptime + .seconds(1)
            _ = site.step(event, at: now)
        }
        say(.started(ProcessStart(version: "t", planHash: "h", wasClean: true, isNewBoot: false)))
        say(.input(safety, .on, since: now.uptime))
        #expect(site.lanes[0].safety.level == .on)
        say(.device(DeviceID(0), .faultRaised(code: "relay_stuck", severity: .critical, detail: "")))
        #expect(site.lanes[0].safety.level == .unknown)
        say(.device(DeviceID(0), .faultCleared(code: "relay_stuck")))
        #expect(site.lanes[0].safety.level == .on)
    }

    @Test func `H-27 a fire input that never answered opens the lane`() {
        var plan = SitePlan(id: "bench")
        plan.areas = [AreaPlan(name: "main")]
        plan.devices = [
            DevicePlan(name: "relays", profile: "p", driver: "modbus-relay", address: "/dev/x")
        ]
        plan.lanes = [LanePlan(name: "north", kind: .entry, area: AreaID(0), closing: .guard)]
        plan.outputs = [OutputWire(terminal: Terminal(DeviceID(0), 1), lane: LaneID(0), output: .open)]
        plan.inputs = [
            InputWire(
                terminal: Terminal(DeviceID(0), 3), meaning: .fire([LaneID(0)]), contact: .normallyClosed,
                source: .modbus, staleAfter: .seconds(2))
        ]
        var site = Site(
            plan: plan, memory: SiteMemory(), directory: .empty, nextSequence: Sequence(1), boot: "b")
        var now = Moment(uptime: Uptime(nanoseconds: 1_000_000_000), wall: WallTime(milliseconds: 0))
        _ = site.step(
            .started(ProcessStart(version: "t", planHash: "h", wasClean: true, isNewBoot: false)), at: now)
        now.uptime = now.uptime + plan.lanes[0].timers.fireUnknownAfter
        _ = site.step(.timer(.lane(LaneID(0), .fireUnknown)), at: now)
        #expect(site.lanes[0].phase == .fire)
    }
}
