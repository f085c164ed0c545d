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

    @Test func `H-32 a camera that sees again is asked for the vehicle that it missed`() {
        var lane = blind()
        lane.advance(.seconds(60))
        lane.forget()
        lane.send(.fault(.camera, isRaised: false))
        #expect(lane.triggers == 1)
        lane.advance(.seconds(7))
        #expect(lane.notes.contains(.noPlate), "the guard is called as for any plate that is not read")
        lane.read(3)
        #expect(lane.decisions.last?.plate == LaneHarness.plate(3))
        #expect(!lane.notes.contains(.exitBlindOpened))
    }

    @Test func `H-32 a camera that goes and comes does not begin the wait anew`() {
        var lane = blind()
        for second in stride(from: 10, through: 110, by: 10) {
            lane.send(.fault(.camera, isRaised: second % 20 == 0))
            lane.advance(.seconds(10))
        }
        #expect(lane.opens == 0)
        lane.advance(.seconds(11))
        #expect(lane.opens == 1)
        #expect(lane.notes.contains(.exitBlindOpened))
    }

    @Test func `H-32 pauses in the reads do not begin the time of who waits anew`() {
        var lane = LaneHarness.ready(.controlled(.exit).with { $0.presence = nil })
        lane.answer = {
            Decision(verdict: .pending, reason: .confirmNeeded, rule: 8, plate: $0.read?.reading.plate)
        }
        // Longer than `camera_presence`: each time the vehicle counts as gone.
        for _ in 0..<19 {
            lane.read(3)
            lane.advance(.seconds(30))
        }
        #expect(lane.notes.contains(.leftWaiting))
        #expect(lane.opens == 0)
        lane.read(3)
        lane.advance(.seconds(32))
        lane.read(3)
        lane.advance(.seconds(1))
        #expect(lane.opens == 1)
    }

    @Test
    func
        `H-32 who was to be let out and stands there still, since the board did not hear, waits no second time`()
    {
        var lane = LaneHarness.at(.waiting, .controlled(.exit))
        lane.advance(.seconds(601))
        #expect(lane.opens == 1)
        lane.answer = LaneHarness.pay
        lane.send(.command(.open, .expired))
        lane.read()
        lane.advance(.seconds(4))
        #expect(lane.opens == 1, "not as fast as its board says no")
        lane.advance(.seconds(2))
        #expect(lane.decisions.count { $0.reason == .debtRelease } == 2)
        #expect(lane.opens == 2)
    }

    @Test func `H-32 pauses in the reads do not begin the time of a vehicle without a plate anew`() {
        var lane = LaneHarness.ready(.controlled(.exit).with { $0.presence = nil })
        lane.answer = { _ in Decision(verdict: .pending, reason: .noEntryRecord, rule: 8) }
        for _ in 0..<19 {
            lane.readNoPlate()
            lane.advance(.seconds(30))
        }
        #expect(lane.notes.contains(.leftWaiting))
        #expect(lane.opens == 0)
        lane.readNoPlate()
        lane.advance(.seconds(32))
        lane.readNoPlate()
        lane.advance(.seconds(1))
        #expect(lane.opens == 1)
    }

    /// By plates that no table knows as look-alikes, at a loop and where reads alone say who stands there.
    @Test(arguments: [TestLine.loop, .camera])
    func `H-32 misreads do not begin the time of who waits anew`(_ line: TestLine) {
        var lane = LaneHarness.ready(.controlled(.exit).with { if line == .camera { $0.presence = nil } })
        lane.answer = {
            Decision(verdict: .pending, reason: .confirmNeeded, rule: 8, plate: $0.read?.reading.plate)
        }
        if line == .loop { lane.settle(.presence, .on) }
        // Strong reads after more than `requestUnseen`, and after more than `camera_presence`.
        for turn in 0..<29 {
            lane.read(turn % 2 == 0 ? 3 : 4)
            lane.advance(.seconds(20))
        }
        #expect(lane.decisions.count > 3)
        #expect(lane.opens == 0)
        lane.read(3)
        lane.advance(.seconds(22))
        lane.read(4)
        lane.advance(.seconds(1))
        #expect(lane.decisions.count { $0.reason == .debtRelease } == 1)
        #expect(lane.opens > 0)
    }

    enum TestLine: Sendable { case loop, camera }

    @Test func `H-32 another vehicle's time is its own`() {
        var lane = LaneHarness.ready(.controlled(.exit).with { $0.presence = nil })
        lane.answer = {
            Decision(verdict: .pending, reason: .confirmNeeded, rule: 8, plate: $0.read?.reading.plate)
        }
        lane.read(3)
        lane.advance(.seconds(590))
        lane.read(4)
        lane.advance(.seconds(12))
        #expect(lane.opens == 0)
    }

    @Test func `H-32 a camera that lives and reads nothing keeps nobody inside`() {
        var lane = LaneHarness.at(.present, .controlled(.exit))
        lane.advance(.seconds(118))
        #expect(lane.effects.contains(.callGuard("no_plate")))
        #expect(lane.opens == 0)
        lane.advance(.seconds(2))
        #expect(lane.opens == 1)
        #expect(lane.notes.contains(.exitBlindOpened))
    }

    @Test func `H-32 a loop that misreads made suspect is believed again when the camera goes dark`() {
        var lane = LaneHarness.ready(.controlled(.exit))
        lane.answer = {
            Decision(verdict: .deny, reason: .laneOutOfService, rule: 8, plate: $0.read?.reading.plate)
        }
        lane.settle(.presence, .on)
        for turn in 0..<16 {
            lane.read(turn % 2 == 0 ? 3 : 4)
            lane.advance(.seconds(20))
        }
        #expect(lane.isRaised(.presenceStuck))
        // Its reads pause for longer than `camera_presence`, and then there are none any more.
        lane.advance(.seconds(30))
        #expect(lane.notes.contains(.leftRefused))
        lane.send(.fault(.camera, isRaised: true))
        lane.advance(.seconds(1))
        #expect(lane.opens == 1)
        #expect(lane.notes.contains(.exitBlindOpened))
    }

    @Test func `an entry opens for nobody whom its camera does not read`() {
        var lane = LaneHarness.at(.present, .controlled())
        lane.advance(.seconds(600))
        #expect(lane.opens == 0)
    }

    @Test func `H-18 what stands on the loop and never drives is opened for once`() {
        var lane = LaneHarness.at(.present, .controlled(.exit))
        lane.advance(.seconds(121))
        lane.raise()
        lane.advance(.seconds(80))
        lane.lower()
        lane.forget()
        lane.advance(.seconds(600))
        #expect(lane.phase == .present)
        #expect(lane.effects.contains(.callGuard("no_plate")))
        #expect(lane.opens == 0)
        lane.settle(.presence, .off)
        lane.advance(.seconds(3))
        lane.settle(.presence, .on)
        lane.advance(.seconds(121))
        #expect(lane.opens == 1, "another vehicle has its own time")
    }

    @Test func `H-32 a wait that ends while the arm cannot be commanded is over when it can`() {
        var lane = blind()
        lane.send(.fault(.outputs, isRaised: true))
        lane.advance(.seconds(121))
        #expect(lane.opens == 0)
        #expect(lane.effects.contains(.callGuard("exit_waits")))
        lane.send(.fault(.outputs, isRaised: false))
        #expect(lane.opens == 1)
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
