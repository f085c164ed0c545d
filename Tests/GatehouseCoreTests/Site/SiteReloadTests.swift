// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// A reload numbers lanes and devices anew: what was under way belongs to names.
struct SiteReloadTests {
    private static let lost = DeviceEvent.faultRaised(code: "line_lost", severity: .critical, detail: "")

    private static func lane(_ name: String) -> LanePlan {
        LanePlan(name: name, kind: .entry, area: AreaID(0), closing: .guard)
    }

    private static let both = SitePlan.bench(lane("north"), lane("south"))

    /// The arms have been idle for a while.
    private static func bench(_ plan: SitePlan = both) -> SiteBench {
        var bench = SiteBench(plan)
        bench.advance(.seconds(30))
        bench.forget()
        return bench
    }

    @Test func `an order reaches the lane of its name, however lanes are numbered by then`() {
        var bench = Self.bench()
        bench.reload(.bench(Self.lane("south"), Self.lane("north")))
        bench.advance(.seconds(30))
        bench.forget()
        #expect(bench.order(.open, "north") == nil)
        #expect(bench.openings == [LaneID(1)])
    }

    @Test func `an order to a lane that a reload took away reaches no other`() {
        var bench = Self.bench()
        bench.reload(.bench(Self.lane("south")))
        bench.advance(.seconds(30))
        bench.forget()
        #expect(bench.order(.open, "north")?.contains("no lane north") == true)
        #expect(bench.openings.isEmpty)
    }

    @Test func `a reload that takes a board away takes its faults, claims and outcomes along`() {
        var bench = Self.bench()
        bench.send(.device(DeviceID(0), Self.lost))
        bench.site.claims[LaneID(1)] = .in
        #expect(bench.order(.open, "south", onSite: true) == nil)
        #expect(bench.site.pending.inOrder.contains { $0.value.lane == LaneID(1) })
        bench.reload(.bench(Self.lane("south")))
        #expect(!bench.site.memory.faults.keysInOrder.contains("device board-north/line_lost"))
        #expect(bench.site.claims.isEmpty)
        #expect(!bench.site.pending.inOrder.contains { $0.value.lane == LaneID(1) })
    }

    @Test func `a lane that a reload made anew hears that its board is out of order`() {
        var bench = Self.bench()
        bench.send(.device(DeviceID(1), Self.lost))
        var plan = Self.both
        plan.lanes[1].closing = .controller
        bench.reload(plan)
        #expect(bench.site.lanes[1].outputsFailed)
        bench.send(.device(DeviceID(1), .faultCleared(code: "line_lost")))
        #expect(!bench.site.lanes[1].outputsFailed)
        #expect(!bench.site.memory.faults.keysInOrder.contains("lane south/output_failed"))
    }

    @Test func `a lane with another board, input or camera starts anew, and one with the same goes on`() {
        var safe = Self.lane("north")
        safe.safety = [.beam]
        var plan = SitePlan.bench(safe, Self.lane("south"))
        plan.wire(Terminal(DeviceID(0), 2), .lane(LaneID(0), .safety(0)))
        plan.cameras = [CameraWire(device: DeviceID(1), lane: LaneID(0), direction: .in)]
        func phaseAfter(_ change: (inout SitePlan) -> Void) -> LanePhase {
            var bench = SiteBench(plan)
            bench.level(Terminal(DeviceID(0), 2), .off)
            bench.advance(.seconds(30))
            bench.order(.holdClosed(until: nil), "south")
            bench.order(.open, "north")
            #expect(bench.site.lanes[0].phase == .opening)
            var new = plan
            change(&new)
            bench.reload(new)
            return bench.site.lanes[0].phase
        }
        #expect(phaseAfter { $0.journal.keepDays = 7 } == .opening)
        #expect(phaseAfter { $0.outputs[0].terminal = Terminal(DeviceID(0), 4) } == .starting)
        #expect(phaseAfter { $0.devices[0].name = "another" } == .starting)
        #expect(phaseAfter { $0.inputs[0].terminal = Terminal(DeviceID(1), 2) } == .starting)
        #expect(phaseAfter { $0.inputs[0].contact = .normallyOpen } == .starting)
        #expect(phaseAfter { $0.cameras[0].role = .rear } == .starting)
        #expect(
            phaseAfter { plan in
                // The same boards under other numbers.
                plan.devices.swapAt(0, 1)
                for index in plan.outputs.indices {
                    plan.outputs[index].terminal = Terminal(DeviceID(1 - index), 1)
                }
                plan.inputs[0].terminal = Terminal(DeviceID(1), 2)
                plan.cameras[0].device = DeviceID(0)
            } == .opening)
    }

    // MARK: Fire

    private static var withFire: SitePlan {
        var plan = SitePlan.bench(lane("north"))
        plan.wire(Terminal(DeviceID(0), 3), .fire([LaneID(0)]))
        return plan
    }

    @Test func `H-28 a latch whose contact a plan took away ends by a reset on site, and by nothing else`() {
        var bench = Self.bench(Self.withFire)
        bench.level(Terminal(DeviceID(0), 3), .on, for: .seconds(10))
        #expect(bench.site.lanes[0].phase == .fire)
        bench.reload(.bench(Self.lane("north")))
        bench.advance(.seconds(600))
        #expect(bench.site.lanes[0].phase == .fire, "nobody was there")
        #expect(bench.order(.release, "north") != nil, "nor is anybody now")
        #expect(bench.order(.release, "north", onSite: true) == nil)
        #expect(bench.site.lanes[0].phase != .fire)
        #expect(bench.site.memory.lanes["north"]?.isFireLatched == false)
    }

    @Test func `H-27 a silence is over when the plan knows its contact no more, after a restart too`() {
        let bench = Self.bench(Self.withFire)
        #expect(bench.site.lanes[0].phase == .fire)
        #expect(bench.site.memory.lanes["north"]?.isFireSilent == true)
        var again = SiteBench(.bench(Self.lane("north")), bench.site.memory)
        again.advance(.seconds(3))
        #expect(again.site.lanes[0].phase != .fire)
        #expect(again.site.memory.lanes["north"]?.isFireSilent == false)
    }
}
