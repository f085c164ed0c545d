// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// Of an area's ways out one stays in use (H-32).
struct SiteWaysOutTests {
    private var now = Moment(uptime: Uptime(nanoseconds: 1_000_000_000), wall: WallTime(milliseconds: 0))

    private static var plan: SitePlan {
        var plan = SitePlan(id: "bench")
        plan.areas = [AreaPlan(name: "main"), AreaPlan(name: "garage")]
        plan.devices = [DevicePlan(name: "relays", profile: "p", driver: "modbus-relay", address: "/dev/x")]
        let lanes: [(String, LanePlan.Kind, Int)] = [
            ("in", .entry, 0), ("east", .exit, 0), ("west", .exit, 0), ("ramp", .twoWay, 1),
        ]
        plan.lanes = lanes.map {
            LanePlan(name: $0.0, kind: $0.1, area: AreaID($0.2), closing: .controller)
        }
        plan.outputs = plan.lanes.indices.map {
            OutputWire(terminal: Terminal(DeviceID(0), $0 + 1), lane: LaneID($0), output: .open)
        }
        return plan
    }

    private mutating func site(_ memory: SiteMemory = SiteMemory()) -> Site {
        var site = Site(
            plan: Self.plan, memory: memory, directory: .empty, nextSequence: Sequence(1), boot: "b")
        _ = site.step(
            .started(ProcessStart(version: "t", planHash: "h", wasClean: true, isNewBoot: false)), at: now)
        now.uptime = now.uptime + .seconds(10)
        for lane in site.lanes.indices { _ = site.step(.timer(.lane(LaneID(lane), .startWait)), at: now) }
        return site
    }

    private func order(_ action: LaneOrder.Action, _ lane: Int, _ site: inout Site) -> String? {
        let order = LaneOrder(action: action, by: Operator(channel: "socket", name: "li"), reason: "test")
        for effect in site.step(.order(lane: Self.plan.lanes[lane].name, order, reply: ReplyID(1)), at: now) {
            if case .answer(_, .refused(_, let message), _) = effect { return message }
        }
        return nil
    }

    @Test mutating func `H-32 the exits of an area are not held closed one after another`() {
        var site = site()
        #expect(order(.holdClosed(until: nil), 0, &site) == nil, "an entry")
        #expect(order(.holdClosed(until: nil), 1, &site) == nil, "west is open")
        let refusal = order(.holdClosed(until: nil), 2, &site)
        #expect(refusal?.contains("east") == true && refusal?.contains("main") == true, "\(refusal ?? "")")
        #expect(site.lanes[2].hold == nil)
        #expect(order(.release, 1, &site) == nil)
        #expect(order(.holdClosed(until: nil), 2, &site) == nil)
    }

    @Test mutating func `H-32 the only way out of an area is never held closed`() {
        var site = site()
        #expect(order(.holdClosed(until: nil), 3, &site)?.contains("garage") == true)
        #expect(site.lanes[3].hold == nil)
    }

    @Test mutating func `H-32 an exit that cannot be opened is no way out`() {
        var site = site()
        _ = site.step(
            .device(DeviceID(0), .faultRaised(code: "silent", severity: .critical, detail: "")), at: now)
        #expect(order(.holdClosed(until: nil), 1, &site)?.contains("fault_output") == true)
    }

    @Test mutating func `H-32 holds that are remembered do not lock an area`() {
        var memory = SiteMemory()
        for lane in ["east", "west", "ramp"] {
            let note = LaneNote(.holdStarted, flags: ["closed"])
            _ = memory.apply(.laneNote(lane: lane, note, decision: nil), Sequence(1), at: now)
        }
        let site = site(memory)
        #expect(site.lanes[1].hold?.kind == .closed)
        #expect(site.lanes[2].hold == nil)
        #expect(site.lanes[3].hold == nil)
    }
}
