// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

/// Whoever was read a moment ago still stands there: no other plate takes its place (lanes.md §4.2, WAITING).
struct LaneSeenAgainTests {
    @Test func `who was refused and is read again is not unseen because its best read is old`() {
        var lane = LaneHarness.ready(.controlled())
        lane.answer = { request in
            let plate = request.read?.reading.plate
            guard plate == LaneHarness.plate(1) else { return LaneHarness.grant(request) }
            return Decision(
                verdict: .pending, reason: .confirmNeeded, rule: 9, plate: plate, waitsFor: "guard")
        }
        lane.settle(.presence, .on)
        lane.read(1, confidence: 95)
        // Nobody confirms: refused, and after a while read again, a little worse than at first.
        lane.advance(.seconds(140))
        lane.read(1, confidence: 90)
        #expect(lane.decisions.last?.verdict == .pending)
        // Who stands behind it.
        lane.read(2, confidence: 92)
        #expect(!lane.notes.contains(.requestReplaced))
        #expect(lane.opens == 0, "the first was read this very moment")
    }

    @Test func `H-32 the time of who waits to leave does not end unheard while an answer is away`() {
        var lane = LaneHarness.ready(.controlled(.exit))
        lane.answer = LaneHarness.pay
        lane.settle(.presence, .on)
        lane.read(1)
        lane.advance(.milliseconds(599_500))
        // Asked about again just then; its answer comes a second late, after the deadline.
        let asked = lane.lane.step(.reconsider(.payment), at: lane.now)
        lane.advance(.milliseconds(900))
        for case .decide(let id, let request) in asked {
            lane.send(.decided(id, LaneHarness.pay(request)))
        }
        lane.advance(.seconds(30))
        #expect(
            lane.decisions.count { $0.reason == .debtRelease } == 1,
            "it has waited for ten minutes and a half")
        #expect(lane.opens > 0)
    }
}
