// SPDX-License-Identifier: Apache-2.0
import GatehouseCore
import Testing

/// Where the life of a read is longer than it may be, and where nobody says that it is over (lanes.md n3).
struct LaneReadLifeGapTests {
    private func pending(_ request: AccessRequest) -> Decision {
        Decision(
            verdict: .pending, reason: .confirmNeeded, rule: 1, plate: request.read?.reading.plate,
            waitsFor: "confirm")
    }

    @Test func `H-18 under a loop that never falls another plate read since speaks against who wants in`() {
        var lane = LaneHarness.ready(.controlled())
        lane.answer = pending
        lane.settle(.presence, .on)
        lane.read(1)
        lane.advance(.seconds(60))
        // Too badly read to be asked about, and no look-alike.
        lane.read(2, confidence: 60, known: false)
        lane.advance(.seconds(10))
        lane.answer = {
            $0.read?.reading.plate == LaneHarness.plate(1) ? LaneHarness.grant($0) : LaneHarness.deny($0)
        }
        lane.forget()
        lane.send(.reconsider(.directory))
        #expect(lane.opens == 0)
    }

    @Test func `a loop that was silent and then off for a moment vouches for nobody until the next read`() {
        var lane = LaneHarness.ready(.controlled())
        lane.answer = pending
        lane.settle(.presence, .on)
        lane.read(1)
        lane.set(.presence, .unknown)
        lane.advance(.seconds(10))
        lane.settle(.presence, .off)
        lane.settle(.presence, .on)
        lane.advance(.seconds(20))
        lane.answer = { LaneHarness.grant($0) }
        lane.forget()
        lane.send(.reconsider(.directory))
        #expect(lane.opens == 0)
    }

    /// No driver can ask its camera for a picture: whoever is read once, as the loop rises, is read no more.
    @Test func `who could go in by now, but for an old read, and is not read again, is not left to himself`()
    {
        var lane = LaneHarness.ready(.controlled())
        lane.answer = {
            Decision(
                verdict: .pending, reason: .interlockWait, rule: 1, plate: $0.read?.reading.plate,
                waitsFor: "interlock")
        }
        lane.settle(.presence, .on)
        lane.read(1)
        lane.advance(.seconds(130))
        lane.answer = { LaneHarness.grant($0) }
        lane.forget()
        lane.send(.reconsider(.interlock))
        lane.advance(.seconds(30))
        #expect(
            lane.effects.contains { if case .callGuard = $0 { true } else { false } }
                || lane.shown == .back)
    }

    @Test func `a hold that does not reach its board is said, although its last end did not reach it either`()
    {
        var lane = LaneHarness.ready(.controlled().with { $0.outputs = [.open, .hold] })
        lane.person(.holdOpen(until: nil))
        lane.send(.command(.hold, .confirmed(at: lane.now.uptime)))
        lane.raise()
        lane.person(.release)
        lane.send(.command(.hold, .refused("exception 4")))
        lane.forget()
        lane.person(.holdOpen(until: nil))
        lane.send(.command(.hold, .refused("exception 4")))
        #expect(lane.notes.contains(.commandFailed))
    }

    @Test func `who waits at an entry that was held closed for minutes is told nothing that is over`() {
        var lane = LaneHarness.ready(.controlled())
        lane.person(.holdClosed(until: nil))
        lane.settle(.presence, .on)
        lane.read(1)
        lane.advance(.seconds(180))
        lane.forget()
        lane.person(.release)
        lane.advance(.seconds(60))
        #expect(lane.opens == 1 || lane.shown != .closed)
    }

    @Test func `n3 a read of a vehicle that backs off the loop opens for nobody, though it has paid`() {
        var lane = LaneHarness.at(.waiting, .controlled(.exit))
        lane.settle(.presence, .off)
        lane.send(.reconsider(.payment))
        lane.read(1)
        #expect(lane.opens == 0)
        lane.settle(.presence, .on)
        #expect(lane.opens == 1)
    }
}
