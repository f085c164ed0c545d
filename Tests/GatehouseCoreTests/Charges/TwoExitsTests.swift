// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// A site with a second exit: one stay is let out at one of them (`tariffs.md` §10.3).
struct TwoExitsTests {
    private typealias Bench = ChargeBench

    private static let west = LaneID(1)
    private static let board = DeviceID(2)
    private static let eye = DeviceID(3)

    private func bench() -> Bench {
        var bench = Bench()
        var plan = bench.bench.site.plan
        var lane = plan.lanes[0]
        lane.name = "west"
        plan.lanes.append(lane)
        plan.devices.append(
            DevicePlan(name: "board-west", profile: "p", driver: "modbus-relay", address: "/dev/west"))
        plan.devices.append(
            DevicePlan(name: "eye-west", profile: "p", driver: "d", address: "192.0.2.2"))
        plan.outputs.append(
            OutputWire(terminal: Terminal(Self.board, 1), lane: Self.west, output: .open))
        plan.wire(Terminal(Self.board, 2), .lane(Self.west, .presence))
        plan.wire(Terminal(Self.board, 3), .lane(Self.west, .safety(0)))
        plan.wire(Terminal(Self.board, 4), .lane(Self.west, .limitDown))
        plan.cameras.append(CameraWire(device: Self.eye, lane: Self.west, direction: .out))
        bench.bench.reload(plan)
        for (level, inputs) in [(Level.off, [Bench.presence, Bench.safety]), (.on, [Bench.limitDown])] {
            for input in inputs {
                bench.bench.level(input, level)
                bench.bench.level(Terminal(Self.board, input.channel), level)
            }
        }
        bench.bench.advance(.seconds(6))
        bench.bench.forget()
        return bench
    }

    private func arrivesInTheWest(_ bench: inout Bench) {
        bench.bench.level(Terminal(Self.board, 2), .on)
        let reading = Bench.plate
        let now = bench.bench.now.uptime
        bench.bench.send(
            .observed(
                Observation(
                    device: Self.eye,
                    plate: PlateObservation(raw: reading.raw, color: reading.color, confidence: 98),
                    capturedAt: now, receivedAt: now), reply: nil))
        bench.bench.advance(.seconds(1))
    }

    @Test func `one payment lets out one of two vehicles with the same plate`() throws {
        var bench = bench()
        let stay = try bench.inside(minutes: 95)
        bench.arrives()
        arrivesInTheWest(&bench)
        #expect(bench.bench.openings.isEmpty)
        #expect(bench.bench.site.lanes[1].waitingStay == stay)
        _ = bench.pays(800, lane: nil, stay: stay)
        bench.bench.level(Bench.limitDown, .off)
        #expect(bench.bench.openings == [LaneID(0)])
        let held = try bench.last("accessHeld")
        #expect(held.text("reason") == "REVIEW" && held.text("waits_for") == "confirm")
        #expect(bench.bench.site.lanes[1].waitingStay == stay)
        // Nor when its account is looked at again.
        bench.bench.advance(.seconds(6))
        #expect(bench.bench.openings == [LaneID(0)])
        #expect(bench.bench.order(.confirm, "west") == nil)
        #expect(bench.bench.openings == [LaneID(0), Self.west])
    }

    @Test func `a household's vehicle waits for nobody, whatever stands at the other exit`() throws {
        var bench = bench()
        let stay = try bench.inside(minutes: 95, StayHolder(.temporary, household: 7))
        _ = bench.pays(800, way: .prepaid, lane: nil, stay: stay)
        bench.arrives()
        bench.bench.level(Bench.limitDown, .off)
        arrivesInTheWest(&bench)
        #expect(bench.bench.openings == [LaneID(0), Self.west])
    }

    private func order(_ bench: inout Bench, _ action: LaneOrder.Action) {
        let technician = Operator(channel: "socket", name: "zhang")
        let order = LaneOrder(action: action, by: technician, reason: "TEST", isOnSite: true)
        bench.bench.send(.order(lane: "south", order, reply: ReplyID(3)))
    }

    @Test func `who paid while the exit was held closed goes when the hold ends`() throws {
        var bench = bench()
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        order(&bench, .holdClosed(until: nil))
        _ = bench.pays(800)
        bench.bench.advance(.seconds(3))
        #expect(!bench.isOpened)
        order(&bench, .release)
        bench.bench.advance(.milliseconds(300))
        #expect(bench.bench.openings.count == 1)
    }
}
