// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

struct SiteDeviceTests {
    @Test func `a fault of a lane does not outlive the process that saw it`() {
        var plan = SitePlan(id: "bench")
        plan.areas = [AreaPlan(name: "main")]
        plan.lanes = [LanePlan(name: "north", kind: .entry, area: AreaID(0), closing: .guard)]
        var memory = SiteMemory()
        var now = Moment(uptime: Uptime(nanoseconds: 1_000_000_000), wall: WallTime(milliseconds: 0))
        for code in [LaneFaultCode.armStuck, .outputFailed] {
            var before = Site(
                plan: plan, memory: memory, directory: .empty, nextSequence: Sequence(1), boot: "a")
            var out = Site.Effects(now: now)
            before.raise(LaneID(0), code, &out)
            memory = before.memory
        }
        #expect(memory.faults.count == 2)
        var site = Site(plan: plan, memory: memory, directory: .empty, nextSequence: Sequence(9), boot: "b")
        now.uptime = now.uptime + .seconds(1)
        _ = site.step(
            .started(ProcessStart(version: "t", planHash: "h", wasClean: false, isNewBoot: true)), at: now)
        let held = site.lanes[0].faults.map(\.rawValue)
        #expect(site.memory.faults.inOrder.allSatisfy { held.contains($0.value.code) })
        #expect(!held.contains(LaneFaultCode.armStuck.rawValue))
    }

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
        say(.device(DeviceID(0), .outputStuck(channel: 1, true)))
        #expect(site.lanes[0].faults.contains(.outputStuck))
        say(.device(DeviceID(0), .begins))
        #expect(!site.lanes[0].faults.contains(.outputStuck))
        say(.device(DeviceID(0), .faultRaised(code: "relay_silent", severity: .critical, detail: "")))
        #expect(site.lanes[0].safety.level == .unknown)
        say(.device(DeviceID(0), .faultCleared(code: "relay_silent")))
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

    /// Two lanes, each with a board of its own.
    private var twoLanes: SitePlan {
        var plan = SitePlan(id: "bench")
        plan.areas = [AreaPlan(name: "main")]
        for (index, name) in ["north", "south"].enumerated() {
            plan.devices.append(
                DevicePlan(
                    name: "board-\(name)", profile: "p", driver: "modbus-relay", address: "/dev/\(name)"))
            plan.lanes.append(LanePlan(name: name, kind: .entry, area: AreaID(0), closing: .guard))
            plan.outputs.append(
                OutputWire(terminal: Terminal(DeviceID(index), 1), lane: LaneID(index), output: .open))
        }
        return plan
    }

    private func start(_ plan: SitePlan, _ memory: SiteMemory = SiteMemory()) -> Site {
        var site = Site(
            plan: plan, memory: memory, directory: .empty, nextSequence: Sequence(1), boot: "b")
        let start = ProcessStart(version: "t", planHash: "h", wasClean: true, isNewBoot: false)
        _ = site.step(.started(start), at: moment)
        return site
    }

    private let moment = Moment(
        uptime: Uptime(nanoseconds: 1_000_000_000), wall: WallTime(milliseconds: 0))
    private let lost = DeviceEvent.faultRaised(code: "line_lost", severity: .critical, detail: "")

    @Test func `a board that is dead after a restart as before it puts its lane out of order again`() {
        var before = start(twoLanes)
        _ = before.step(.device(DeviceID(0), lost), at: moment)
        var site = start(twoLanes, before.memory)
        _ = site.step(.device(DeviceID(0), .begins), at: moment)
        #expect(!site.memory.faults.keysInOrder.contains("device board-north/line_lost"))
        #expect(!site.lanes[0].outputsFailed)
        _ = site.step(.device(DeviceID(0), lost), at: moment)
        #expect(site.memory.faults.keysInOrder.contains("device board-north/line_lost"))
        #expect(site.lanes[0].outputsFailed)
    }

    @Test func `a fault of a part of the process stands until it is cleared`() {
        var site = start(twoLanes)
        let taken = DeviceEvent.faultRaised(code: "cannot_listen", severity: .critical, detail: "")
        for _ in 0..<2 { _ = site.step(.service(.cameraPort, taken), at: moment) }
        #expect(site.memory.faults.keysInOrder == ["camera port/cannot_listen"])
        _ = site.step(.service(.cameraPort, .faultCleared(code: "cannot_listen")), at: moment)
        #expect(site.memory.faults.isEmpty)
    }

    @Test func `a reload that takes a board away takes its faults, claims and outcomes along`() {
        var site = start(twoLanes)
        _ = site.step(.device(DeviceID(0), lost), at: moment)
        site.claims[LaneID(1)] = .in
        let order = LaneOrder(
            action: .open, by: Operator(channel: "t", name: "t"), reason: "TEST", isOnSite: true)
        _ = site.step(.order(LaneID(1), order, reply: ReplyID(1)), at: moment)
        #expect(site.pending.inOrder.contains { $0.value.lane == LaneID(1) })
        var plan = twoLanes
        plan.devices.removeFirst()
        plan.lanes.removeFirst()
        plan.outputs = [OutputWire(terminal: Terminal(DeviceID(0), 1), lane: LaneID(0), output: .open)]
        _ = site.step(.plan(plan, hash: "n"), at: moment)
        #expect(!site.memory.faults.keysInOrder.contains("device board-north/line_lost"))
        #expect(site.claims.isEmpty)
        #expect(!site.pending.inOrder.contains { $0.value.lane == LaneID(1) })
    }

    @Test func `a lane that a reload made anew hears that its board is out of order`() {
        var site = start(twoLanes)
        _ = site.step(.device(DeviceID(1), lost), at: moment)
        var plan = twoLanes
        plan.lanes[1].closing = .controller
        _ = site.step(.plan(plan, hash: "n"), at: moment)
        #expect(site.lanes[1].outputsFailed)
        _ = site.step(.device(DeviceID(1), .faultCleared(code: "line_lost")), at: moment)
        #expect(!site.lanes[1].outputsFailed)
        #expect(!site.memory.faults.keysInOrder.contains("lane south/output_failed"))
    }
}
