// SPDX-License-Identifier: Apache-2.0
import GatehouseCore
import Testing

/// What is written of vehicles that no loop saw whole (lanes.md §6.3, §6.5, n7).
struct LaneAccountingTests {
    private static let withoutClear = LanePlan.entryWithAll.with { $0.clear = nil }

    @Test func `a vehicle that went while safety was silent is assumed to have passed`() {
        var lane = LaneHarness.ready()
        lane.set(.safety(0), .unknown)
        lane.openForVehicle()
        #expect(lane.phase == .open)
        lane.settle(.presence, .off)
        lane.advance(.seconds(10))
        #expect(!lane.notes.contains(.turnedBack))
        #expect(lane.passages.map(\.certainty) == [.assumed])
        #expect(lane.passages.map(\.request).count == 1)
        #expect(lane.phase == .fault(.safety))
    }

    @Test func `a vehicle that left while safety was silent for a while is undetermined`() {
        var lane = LaneHarness.ready()
        lane.set(.safety(0), .unknown)
        lane.openForVehicle()
        lane.settle(.presence, .off)
        lane.advance(.seconds(2))
        lane.set(.safety(0), .off)
        lane.advance(.seconds(9))
        #expect(!lane.notes.contains(.turnedBack))
        #expect(lane.notes.contains(.undetermined))
        #expect(lane.passages.isEmpty)
    }

    @Test func `a vehicle that stays on presence while safety is silent has not gone`() {
        var lane = LaneHarness.ready()
        lane.set(.safety(0), .unknown)
        lane.openForVehicle()
        lane.advance(.seconds(71))
        #expect(lane.passages.isEmpty)
        #expect(lane.notes.contains(.notPassed))
    }

    @Test func `a vehicle that turned back under a healthy safety still has turned back`() {
        var lane = LaneHarness.ready()
        lane.openForVehicle()
        lane.settle(.presence, .off)
        lane.advance(.seconds(9))
        #expect(lane.notes.contains(.turnedBack))
    }

    @Test func `H-04 a granted follower is opened for though the vehicle before it had no grant`() {
        var lane = LaneHarness.at(.clearing, .controlled())
        lane.answer = { LaneHarness.deny($0) }
        lane.settle(.presence, .on)
        lane.read(2)
        lane.set(.safety(0), .on)
        lane.advance(.milliseconds(300))
        lane.settle(.presence, .off)
        lane.answer = { LaneHarness.grant($0) }
        lane.settle(.presence, .on)
        lane.read(3)
        lane.forget()
        lane.set(.safety(0), .off)
        #expect(lane.opens == 1, "at the first sample")
    }

    @Test func `H-04 a granted follower is opened for when safety falls out of silence`() {
        var lane = LaneHarness.at(.passing, .controlled())
        lane.settle(.presence, .off)
        lane.settle(.presence, .on)
        lane.read(2)
        lane.set(.safety(0), .unknown)
        lane.advance(.seconds(1))
        lane.forget()
        lane.set(.safety(0), .off)
        #expect(lane.opens == 1)
    }

    /// A vehicle without grant was on safety behind another, and nobody knows whether it went or backed off.
    private func unsettled() -> LaneHarness {
        var lane = LaneHarness.at(.clearing, Self.withoutClear)
        lane.answer = { LaneHarness.deny($0) }
        lane.settle(.presence, .on)
        lane.read(2)
        lane.set(.safety(0), .on)
        lane.advance(.seconds(1))
        lane.forget()
        lane.set(.safety(0), .off)
        lane.advance(.milliseconds(700))
        return lane
    }

    @Test func `a vehicle without grant that stands nose to tail with the next one is counted`() {
        var lane = unsettled()
        #expect(lane.passages.isEmpty, "it may have backed off")
        lane.set(.safety(0), .on)
        lane.advance(.seconds(1))
        #expect(lane.passages.map(\.cause) == [.ungranted])
        #expect(lane.passages.first?.flags.contains("review") == true)
        #expect(lane.passages.first?.reading?.plate == LaneHarness.plate(2))
    }

    @Test func `a vehicle without grant that backed off is not counted`() {
        var lane = unsettled()
        lane.settle(.presence, .off)
        lane.advance(.seconds(20))
        #expect(lane.passages.isEmpty)
    }

    @Test func `a vehicle that backed off and is read again at the line has not gone`() {
        var lane = unsettled()
        lane.read(2)
        lane.set(.safety(0), .on)
        lane.advance(.seconds(1))
        #expect(lane.passages.isEmpty, "it is on safety again, and the only one")
    }

    @Test func `a late read of a vehicle that may have gone does not bring it back`() {
        var lane = unsettled()
        lane.read(2, age: .seconds(1))
        lane.set(.safety(0), .on)
        lane.advance(.seconds(1))
        #expect(lane.passages.map(\.cause) == [.ungranted])
    }

    @Test func `nobody drove under an arm for which the opening was never sent`() {
        var lane = LaneHarness.ready()
        lane.set(.safety(0), .unknown)
        lane.set(.limitDown, .unknown)
        lane.settle(.presence, .on)
        lane.read()
        lane.settle(.presence, .off)
        lane.send(.command(.open, .expired))
        #expect(lane.passages.isEmpty)
        #expect(lane.noteValues.contains { $0.kind == .notPassed && $0.why == "not_sent" })
    }

    @Test func `a vehicle counted by time is not counted again when safety speaks`() {
        var lane = LaneHarness.at(.passing)
        lane.settle(.presence, .off)
        lane.set(.safety(0), .unknown)
        lane.advance(.seconds(11))
        #expect(lane.passages.count == 1)
        lane.set(.safety(0), .on)
        lane.advance(.seconds(1))
        lane.set(.clear, .on)
        lane.advance(.seconds(1))
        lane.set(.safety(0), .off)
        lane.advance(.seconds(1))
        lane.set(.clear, .off)
        lane.advance(.seconds(5))
        #expect(lane.passages.count == 1)
    }

    @Test func `a vehicle counted by time is not counted again by the clear loop alone`() {
        var lane = LaneHarness.at(.passing)
        lane.advance(.seconds(1))
        lane.set(.safety(0), .unknown)
        lane.advance(.seconds(5))
        lane.settle(.presence, .off)
        lane.advance(.seconds(5))
        lane.set(.clear, .on)
        lane.advance(.seconds(1))
        lane.set(.clear, .off)
        lane.advance(.seconds(5))
        #expect(lane.passages.count == 1)
    }

    @Test func `the clear loop alone counts those who come after one counted by time`() {
        var lane = LaneHarness.at(.passing, .entryWithAll.with { $0.presence = nil })
        lane.set(.safety(0), .unknown)
        lane.advance(.seconds(11))
        #expect(lane.passages.map(\.certainty) == [.assumed])
        for passed in 1...3 {
            lane.set(.clear, .on)
            lane.advance(.seconds(1))
            lane.set(.clear, .off)
            lane.advance(.seconds(5))
            #expect(lane.passages.count == passed, "the first cycle is the counted vehicle's own")
        }
    }

    @Test func `the clear loop that falls behind another does not end the wait for the one counted by time`()
    {
        var lane = LaneHarness.ready(.entryWithAll.with { $0.presence = nil })
        lane.read()
        lane.raise()
        lane.passThrough()
        lane.set(.clear, .on)
        lane.read(2)
        lane.set(.safety(0), .on)
        lane.advance(.milliseconds(300))
        lane.set(.safety(0), .unknown)
        lane.advance(.seconds(11))
        let counted = lane.passages.count
        lane.set(.clear, .off)
        lane.advance(.seconds(1))
        lane.set(.clear, .on)
        lane.advance(.seconds(1))
        lane.set(.clear, .off)
        lane.advance(.seconds(5))
        #expect(lane.passages.count == counted)
    }

    @Test func `a vehicle that comes after one counted by time is counted`() {
        var lane = LaneHarness.at(.passing)
        lane.settle(.presence, .off)
        lane.set(.safety(0), .unknown)
        lane.advance(.seconds(11))
        lane.set(.safety(0), .off)
        lane.advance(.seconds(1))
        lane.settle(.presence, .on)
        lane.read(2)
        lane.set(.safety(0), .on)
        lane.advance(.milliseconds(500))
        lane.passThrough()
        lane.advance(.seconds(2))
        #expect(lane.passages.map { $0.reading?.plate } == [LaneHarness.plate(1), LaneHarness.plate(2)])
    }

    @Test func `a vehicle on safety at the start has no cause but that it was there`() {
        var lane = LaneHarness(.entryWithAll)
        lane.start(safety: .on, presence: .on, up: .on, down: .off)
        #expect(lane.phase == .passing)
        lane.passThrough()
        lane.advance(.seconds(1))
        #expect(lane.passages.map(\.cause) == [.unidentified])
    }

    @Test func `H-14 somebody who comes up behind a standing vehicle does not prove that it left`() {
        var lane = LaneHarness.at(.passing)
        lane.settle(.presence, .off)
        lane.advance(.seconds(241))
        lane.settle(.presence, .on)
        lane.forget()
        lane.set(.safety(0), .off)
        lane.advance(.seconds(60))
        #expect(!lane.notes.contains(.suspicionEnded))
        #expect(lane.lane.closeObstacle(at: lane.now) == .safetySuspect)
        #expect(lane.closes == 0)
    }

    @Test func `H-14 two loops that forget a standing vehicle together are no vehicle that left`() {
        var lane = LaneHarness.at(.passing, Self.withoutClear)
        lane.advance(.seconds(300))
        lane.settle(.presence, .off)
        lane.advance(.seconds(7))
        lane.forget()
        lane.set(.safety(0), .off)
        lane.advance(.seconds(60))
        #expect(lane.closes == 0)
    }

    @Test func `H-14 a radar that sees a vehicle drive on clears the loop`() {
        var lane = LaneHarness.at(.passing, Self.withoutClear.with { $0.presence = .radar })
        lane.advance(.seconds(300))
        lane.settle(.presence, .off)
        lane.advance(.seconds(3))
        lane.set(.safety(0), .off)
        lane.advance(.seconds(10))
        #expect(lane.notes.contains(.suspicionEnded))
        #expect(lane.closes == 1)
    }
}
