// SPDX-License-Identifier: Apache-2.0
import GatehouseCore
import Testing

/// Nobody is kept inside for ever, and what still comes before that (lanes.md n10, H-32).
struct LaneExitTests {
    private func blind() -> LaneHarness {
        var lane = LaneHarness.ready(.controlled(.exit))
        lane.send(.fault(.camera, isRaised: true))
        lane.settle(.presence, .on)
        return lane
    }

    @Test func `H-32 a camera that sees again ends the wait of a dead one`() {
        var lane = blind()
        lane.advance(.seconds(60))
        lane.forget()
        lane.send(.fault(.camera, isRaised: false))
        #expect(lane.triggers == 1)
        lane.advance(.seconds(100))
        #expect(lane.opens == 0)
        #expect(lane.notes.contains(.noPlate), "the guard is called as for any plate that is not read")
    }

    @Test func `H-32 a vehicle that was decided is not opened for as if it had never been read`() {
        var lane = blind()
        lane.answer = { LaneHarness.pay($0) }
        lane.read(3)
        lane.advance(.seconds(130))
        #expect(lane.opens == 0)
        #expect(lane.phase == .waiting)
        #expect(!lane.notes.contains(.exitBlindOpened))
    }

    @Test func `a lane that is held closed opens for no deadline, and afterwards at once`() {
        var lane = LaneHarness.at(.waiting, .controlled(.exit))
        lane.answer = { LaneHarness.pay($0) }
        lane.person(.holdClosed(until: nil))
        lane.forget()
        lane.advance(.seconds(700))
        #expect(lane.opens == 0)
        #expect(lane.effects.contains(.callGuard("exit_waits")))
        lane.person(.release)
        #expect(lane.opens == 1)
        #expect(lane.decisions.last?.reason == .debtRelease)
    }

    @Test func `a deadline waits for another arm of the set`() {
        var lane = LaneHarness.at(.waiting, .controlled(.exit).with { $0.interlockSet = 1 })
        lane.answersOwed = {
            Decision(verdict: .pending, reason: .interlockWait, rule: 14, plate: $0.plate)
        }
        lane.advance(.seconds(605))
        #expect(lane.opens == 0)
        #expect(lane.phase == .waiting)
        lane.answersOwed = { $0 }
        lane.send(.reconsider(.interlock))
        #expect(lane.opens == 1)
    }
}
