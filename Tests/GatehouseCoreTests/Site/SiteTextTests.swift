// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What the boards of lanes are told to show.
struct SiteTextTests {
    private static func plan(displays: [Int] = [0]) -> SitePlan {
        var plan = SitePlan.bench(
            LanePlan(name: "north", kind: .entry, area: AreaID(0), closing: .guard),
            LanePlan(name: "south", kind: .exit, area: AreaID(0), closing: .guard))
        plan.areas = [AreaPlan(name: "main", capacity: 20)]
        for lane in displays {
            plan.devices.append(
                DevicePlan(name: "card\(lane)", profile: "p", driver: "led-card-64", address: "/dev/c\(lane)")
            )
            plan.displays.append(
                DisplayWire(device: DeviceID(plan.devices.count - 1), lane: LaneID(lane)))
        }
        return plan
    }

    private static func shown(_ bench: SiteBench) -> [(LaneID, LaneText)] {
        bench.effects.compactMap { if case .show(let lane, let text) = $0 { (lane, text) } else { nil } }
    }

    @Test func `an idle board shows the free places and hears of each that is taken`() {
        var bench = SiteBench(Self.plan())
        bench.advance(.seconds(60))
        #expect(Self.shown(bench).last { $0.0 == LaneID(0) }?.1 == LaneText(.idle, free: 20))
        // Nobody reads the other lane's.
        #expect(Self.shown(bench).last { $0.0 == LaneID(1) }?.1 == LaneText(.idle))
        bench.forget()
        bench.send(
            .operation(
                .stays(
                    [
                        .import(
                            area: "main", PlateGrammar.parse("沪A2K605"), StayHolder(.temporary),
                            since: WallTime(milliseconds: 0))
                    ], reason: "COUNTED"), by: SiteBench.wang, reply: ReplyID(1)))
        #expect(Self.shown(bench).map(\.1) == [LaneText(.idle, free: 19)])
        #expect(Self.shown(bench).map(\.0) == [LaneID(0)])
        bench.forget()
        bench.advance(.seconds(60))
        #expect(Self.shown(bench).isEmpty)
    }

    @Test func `a reload tells every board what its lane shows`() {
        var bench = SiteBench(Self.plan())
        bench.advance(.seconds(60))
        bench.forget()
        bench.reload(Self.plan(displays: [0, 1]))
        let shown = Self.shown(bench)
        #expect(shown.contains { $0 == (LaneID(0), LaneText(.idle, free: 20)) })
        #expect(shown.contains { $0 == (LaneID(1), LaneText(.idle, free: 20)) })
    }
}
