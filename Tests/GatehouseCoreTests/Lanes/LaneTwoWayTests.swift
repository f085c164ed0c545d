// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import GatehouseCore

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

    @Test func `H-33 whoever comes to the inner loop while another passes is not taken for it for ever`() {
        var lane = LaneHarness.ready(LaneTwoWayTests.plan)
        lane.openForVehicle()
        lane.set(.safety(0), .on)
        lane.advance(.milliseconds(500))
        lane.set(.presence, .off)
        // The one stands under the arm still when the other drives up from inside.
        lane.set(.clear, .on)
        lane.advance(.milliseconds(500))
        lane.set(.safety(0), .off)
        lane.advance(.seconds(8))
        lane.lower()
        #expect(lane.passages.count == 1)
        lane.forget()
        lane.advance(.seconds(15))
        lane.read(2, travel: .out)
        #expect(lane.opens == 0)
        lane.advance(.seconds(6))
        lane.read(2, travel: .out)
        #expect(lane.opens == 1)
        #expect(lane.decisions.map(\.plate) == [LaneHarness.plate(2)])
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

    // MARK: Nobody waits for ever

    @Test func `H-33 a silent safety under an arm that is down keeps nobody from the token`() {
        var lane = LaneHarness.ready(LaneTwoWayTests.plan)
        lane.openForVehicle()
        lane.passThrough()
        lane.set(.clear, .off)
        lane.set(.safety(0), .unknown)
        lane.lower()
        #expect(lane.phase == .clear)
        #expect(claims(lane).last == "free")
    }

    @Test func `H-13 a flooded safety does not keep the other end from being served`() {
        var lane = LaneHarness.ready(LaneTwoWayTests.plan)
        lane.set(.safety(0), .on)
        lane.advance(.seconds(20))
        lane.settle(.clear, .on)
        lane.read(2, travel: .out)
        #expect(lane.lane.heading == .out)
        #expect(lane.opens == 1)
        lane.raise()
        lane.settle(.clear, .off)
        lane.settle(.presence, .on)
        lane.settle(.presence, .off)
        lane.advance(.seconds(2))
        #expect(lane.passages.map(\.direction) == [.out])
        #expect(lane.passages.map(\.cause) == [.granted])
    }

    @Test func `nose to nose an unread exit keeps the entry for a moment only`() {
        var lane = LaneHarness.ready(LaneTwoWayTests.plan)
        lane.answer = { LaneHarness.deny($0) }
        lane.settle(.presence, .on)
        lane.read(1, travel: .in)
        lane.settle(.clear, .on)
        #expect(lane.lane.heading == .out, "the exit is asked first")
        lane.answer = { LaneHarness.grant($0) }
        lane.read(1, travel: .in)
        lane.advance(.milliseconds(1000))
        #expect(lane.opens == 0)
        lane.advance(.milliseconds(600))
        #expect(lane.lane.heading == .in)
        #expect(lane.opens == 1)
        #expect(claims(lane) == ["in"])
    }

    @Test func `H-33 somebody without a right at one end does not shut out the other end`() {
        var lane = LaneHarness.ready(LaneTwoWayTests.plan)
        lane.answer = { LaneHarness.deny($0) }
        lane.settle(.clear, .on)
        lane.read(2, travel: .out)
        #expect(lane.phase == .refused)
        lane.settle(.presence, .on)
        #expect(lane.lane.heading == .out)
        lane.advance(.seconds(20))
        #expect(lane.lane.heading == .in)
        lane.answer = { LaneHarness.grant($0) }
        lane.read(1, travel: .in)
        #expect(lane.opens == 1)
    }

    @Test func `H-32 a vehicle that waits at the exit with a deadline keeps its turn and its deadline`() {
        var lane = LaneHarness.ready(LaneTwoWayTests.plan)
        lane.answer = { LaneHarness.pay($0) }
        lane.settle(.clear, .on)
        lane.read(2, travel: .out)
        lane.settle(.presence, .on)
        lane.advance(.seconds(601))
        #expect(lane.opens == 1)
        #expect(claims(lane) == ["out"])
    }

    @Test
    func `H-32 a vehicle that nobody reads at the exit goes on waiting while the other end has its turn`() {
        var lane = LaneHarness.ready(LaneTwoWayTests.plan)
        lane.answer = { LaneHarness.deny($0) }
        lane.settle(.clear, .on)
        lane.settle(.presence, .on)
        var headings: Set<TravelDirection> = []
        for _ in 0..<145 where lane.opens == 0 {
            lane.advance(.seconds(1))
            headings.insert(lane.lane.heading)
        }
        #expect(headings.count == 2, "the lane turned meanwhile")
        #expect(lane.opens == 1)
        #expect(lane.notes.contains(.exitBlindOpened))
        #expect(claims(lane) == ["out"])
    }

    @Test func `H-32 a way out that is owed outlives a lane held closed and whoever waits at the other end`()
    {
        var lane = LaneHarness.ready(LaneTwoWayTests.plan)
        lane.answer = { LaneHarness.pay($0) }
        lane.settle(.clear, .on)
        lane.read(2, travel: .out)
        lane.person(.holdClosed(until: nil))
        lane.advance(.seconds(601))
        lane.settle(.presence, .on)
        lane.advance(.seconds(60))
        #expect(lane.lane.heading == .out)
        #expect(lane.opens == 0)
        lane.person(.release)
        #expect(lane.opens == 1)
        #expect(claims(lane) == ["out"])
    }

    /// A vehicle leaves while somebody waits at the other end, and the next one stands on the inner loop when the arm is down.
    private func leave(_ lane: inout LaneHarness, _ plate: UInt64) {
        lane.settle(.clear, .on)
        guard lane.lane.heading == .out else { return }
        lane.read(plate, travel: .out)
        lane.raise()
        // The one at the other end backs off for it, and comes again.
        lane.settle(.presence, .off)
        lane.set(.safety(0), .on)
        lane.advance(.seconds(5))
        lane.settle(.presence, .on)
        lane.settle(.clear, .off)
        lane.set(.safety(0), .off)
        lane.settle(.clear, .on)
        lane.settle(.presence, .off)
        lane.advance(.seconds(1))
        lane.settle(.presence, .on)
        lane.lower()
    }

    @Test func `after dir_fair vehicles one way the other end has its turn`() {
        var lane = LaneHarness.ready(
            LaneTwoWayTests.plan.with {
                $0.timers.directionFair = 2
                $0.timers.directionWaitMax = .seconds(10)
            })
        lane.settle(.clear, .on)
        lane.settle(.presence, .on)
        leave(&lane, 2)
        #expect(lane.lane.heading == .out, "one went, and the other end waits for less than dir_wait_max")
        leave(&lane, 3)
        leave(&lane, 4)
        #expect(lane.lane.heading == .in)
        lane.read(1, travel: .in)
        #expect(lane.lane.status(at: lane.now).granted == [LaneHarness.plate(1)])
    }
}
