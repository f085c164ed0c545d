// SPDX-License-Identifier: Apache-2.0
import GatehouseCore
import Testing

/// Lanes that share an arm or a passage (lanes.md §7.2, §7.3).
struct LaneTwoWayTests {
    private static let plan = LanePlan.entryWithAll.with { $0.kind = .twoWay }

    private func claims(_ lane: LaneHarness) -> [String] {
        lane.effects.compactMap { effect in
            switch effect {
            case .claim(let direction): direction.rawValue
            case .free: "free"
            default: nil
            }
        }
    }

    @Test func `the inner loop is presence for a vehicle that leaves`() {
        var lane = LaneHarness.ready(LaneTwoWayTests.plan)
        lane.settle(.clear, .on)
        #expect(lane.phase == .present)
        lane.read(travel: .out)
        #expect(lane.phase == .opening)
        lane.raise()
        lane.set(.safety(0), .on)
        lane.advance(.milliseconds(500))
        lane.set(.clear, .off)
        lane.set(.presence, .on)
        lane.advance(.milliseconds(500))
        lane.set(.safety(0), .off)
        lane.advance(.milliseconds(450))
        lane.set(.presence, .off)
        lane.advance(.milliseconds(400))
        #expect(lane.passages.map(\.direction) == [.out])
        #expect(lane.passages.map(\.isReverse) == [false])
        #expect(claims(lane) == ["out", "free"])
    }

    @Test func `nose to nose the exit is served first and the entry afterwards`() {
        var lane = LaneHarness.ready(LaneTwoWayTests.plan)
        lane.answer = {
            $0.direction == .in
                ? Decision(verdict: .pending, reason: .opposingUse, rule: 17) : LaneHarness.grant($0)
        }
        lane.settle(.presence, .on)
        lane.read(1, travel: .in)
        #expect(lane.shown == .opposing)
        lane.settle(.clear, .on)
        lane.read(2, travel: .out)
        #expect(lane.phase == .opening)
        #expect(claims(lane) == ["out"])
    }

    @Test func `a vehicle that was let in and stands on the inner loop is not asked to leave`() {
        var lane = LaneHarness.ready(LaneTwoWayTests.plan)
        lane.openForVehicle()
        lane.set(.safety(0), .on)
        lane.advance(.milliseconds(500))
        lane.set(.presence, .off)
        lane.set(.clear, .on)
        lane.advance(.milliseconds(500))
        lane.set(.safety(0), .off)
        lane.advance(.seconds(8))
        lane.lower()
        #expect(lane.phase == .clear)
        #expect(claims(lane) == ["in"], "its loop is not clear yet")
        lane.settle(.clear, .off)
        #expect(claims(lane) == ["in", "free"])
    }

    @Test func `an interlocked lane is free when its arm is down`() {
        var lane = LaneHarness.ready(LanePlan.entryWithAll.with { $0.interlockSet = 1 })
        lane.openForVehicle()
        lane.passThrough()
        lane.advance(.seconds(6))
        #expect(claims(lane) == ["in"])
        lane.lower()
        #expect(claims(lane) == ["in", "free"])
    }

    @Test func `a request that waits for the interlock asks again when it is free`() {
        var lane = LaneHarness.at(.present, LanePlan.entryWithAll.with { $0.interlockSet = 1 })
        lane.answer = { _ in Decision(verdict: .pending, reason: .interlockWait, rule: 17) }
        lane.read()
        #expect(lane.phase == .waiting)
        lane.answer = { LaneHarness.grant($0) }
        lane.send(.reconsider(.interlock))
        #expect(lane.phase == .opening)
    }
}
