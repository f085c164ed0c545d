// SPDX-License-Identifier: Apache-2.0
import GatehouseCore
import Testing

/// People and vehicles under or on the arm (hazards.md), as far as a lane answers for them.
struct LaneArmHazardTests {
    /// A lane whose close command has just gone out.
    private func closing(_ change: (inout LanePlan) -> Void = { _ in }) -> LaneHarness {
        var lane = LaneHarness.at(.clearing, .entryWithAll.with(change))
        while lane.closes == 0 { lane.advance(.milliseconds(50)) }
        lane.set(.limitUp, .off)
        lane.advance(.milliseconds(60))
        lane.forget()
        return lane
    }

    @Test func `H-01 the arm is lowered clear_delay after safety and not before`() {
        var lane = LaneHarness.at(.passing, .entryWithAll.with { $0.timers.clearDelay = .seconds(2) })
        lane.set(.presence, .off)
        lane.set(.clear, .on)
        lane.advance(.seconds(5))
        lane.set(.safety(0), .off)
        lane.forget()
        lane.advance(.milliseconds(1990))
        #expect(lane.closes == 0)
        lane.advance(.milliseconds(20))
        #expect(lane.closes == 1)
        #expect(lane.phase == .closing)
    }

    @Test func `H-01 no order of a person lowers the arm over an occupied safety zone`() {
        var lane = LaneHarness.at(.passing)
        lane.person(.close, onSite: true)
        #expect(lane.closes == 0)
        #expect(lane.noteValues.last?.why == "safety_on")
    }

    @Test func `H-01 a warning precedes the lowering where a siren is wired`() {
        var lane = LaneHarness.at(
            .clearing,
            .entryWithAll.with {
                $0.outputs.insert(.warn)
                $0.timers.warnBeforeClose = .seconds(1)
            })
        var warned: Uptime?
        while lane.closes == 0 {
            lane.advance(.milliseconds(50))
            let isWarning = lane.effects.contains {
                if case .command(.warn, .on, _, _, _) = $0 { true } else { false }
            }
            if isWarning && warned == nil { warned = lane.now.uptime }
        }
        #expect(warned.map { lane.now.uptime - $0 >= .milliseconds(950) } == true)
    }

    @Test func `H-02 the first sample of safety opens again in the same step`() {
        var lane = closing()
        lane.set(.safety(0), .on)
        #expect(lane.opens == 1)
        #expect(lane.phase == .passing)
        #expect(lane.notes == [.closeAborted])
        let order = lane.effects.compactMap { effect -> String? in
            switch effect {
            case .withdrawClose: "withdraw"
            case .command(.close, .off, .safety, _, _): "release"
            case .command(.open, .pulse, .safety, nil, .safety): "open"
            case .record(.note): "record"
            default: nil
            }
        }
        #expect(order == ["withdraw", "release", "open", "record"])
    }

    @Test func `H-03 a rider whom safety never sees keeps the arm up for vanish_delay and is undetermined`() {
        var lane = LaneHarness.ready()
        lane.settle(.presence, .on)
        lane.read(kind: .motorcycle)
        lane.raise()
        lane.set(.presence, .off)
        lane.forget()
        lane.advance(.milliseconds(8200))
        #expect(lane.closes == 0)
        #expect(lane.phase == .open)
        lane.advance(.milliseconds(200))
        #expect(lane.notes == [.undetermined])
        #expect(lane.passages.isEmpty)
    }

    @Test func `H-04 a granted follower is opened for at the first sample of safety off`() {
        var lane = LaneHarness.at(.passing, .controlled())
        lane.set(.presence, .off)
        lane.set(.clear, .on)
        lane.advance(.milliseconds(400))
        lane.settle(.presence, .on)
        lane.read(2)
        lane.forget()
        lane.set(.safety(0), .off)
        #expect(lane.opens == 1)
        lane.advance(.seconds(2))
        #expect(lane.opens == 1)
        #expect(lane.phase == .open)
    }

    @Test func `H-05 a drop-out between axles is one vehicle`() {
        var lane = LaneHarness.at(.passing, .entryWithAll.with { $0.timers.mergeGap = .milliseconds(1200) })
        lane.set(.clear, .on)
        lane.advance(.seconds(1))
        lane.set(.safety(0), .off)
        lane.advance(.milliseconds(1000))
        lane.set(.safety(0), .on)
        lane.advance(.seconds(1))
        lane.set(.presence, .off)
        lane.set(.safety(0), .off)
        lane.advance(.seconds(2))
        #expect(lane.passages.count == 1)
    }

    @Test func `H-06 an arm that does not start is tried once more and then left alone`() {
        var lane = LaneHarness.at(.present)
        lane.read()
        lane.advance(.milliseconds(1600))
        #expect(lane.opens == 2)
        #expect(lane.notes.contains(.retried))
        lane.advance(.seconds(30))
        #expect(lane.opens == 2)
        #expect(lane.phase == .fault(.arm))
        #expect(lane.isRaised(.armStuck))
    }

    @Test func `H-40 an arm that did not start and is raised by somebody is somebody's opening`() {
        var lane = LaneHarness.at(.present)
        lane.read()
        lane.advance(.seconds(30))
        #expect(lane.phase == .fault(.arm))
        let before = lane.notes.count { $0 == .armMovedUncommanded }
        lane.set(.limitDown, .off)
        lane.advance(.seconds(3))
        #expect(lane.notes.count { $0 == .armMovedUncommanded } == before + 1)
        lane.set(.limitUp, .on)
        lane.advance(.milliseconds(100))
        #expect(lane.phase == .open)
        #expect(lane.lane.status(at: lane.now).isForeign)
    }

    @Test func `H-06 an arm that moves at last for the next vehicle was raised by us`() {
        var lane = LaneHarness.at(.present)
        lane.read()
        lane.advance(.seconds(30))
        lane.set(.presence, .off)
        lane.advance(.seconds(90))
        lane.set(.presence, .on)
        lane.advance(.seconds(1))
        let opens = lane.opens
        lane.read(2)
        #expect(lane.opens == opens + 1)
        lane.set(.limitDown, .off)
        lane.advance(.seconds(3))
        lane.set(.limitUp, .on)
        lane.advance(.milliseconds(100))
        #expect(lane.phase == .open)
        #expect(!lane.notes.contains(.armMovedUncommanded))
    }

    @Test func `H-06 whoever turns back under an arm that does not move keeps no later vehicle waiting`() {
        var lane = LaneHarness.at(.present)
        lane.read()
        lane.advance(.seconds(30))
        lane.set(.presence, .off)
        lane.advance(.seconds(90))
        lane.settle(.presence, .on)
        lane.read(2)
        lane.set(.safety(0), .on)
        lane.advance(.milliseconds(300))
        lane.set(.safety(0), .off)
        lane.advance(.seconds(5))
        #expect(lane.phase == .fault(.arm) && lane.lane.awaitsGranted)
        lane.advance(.seconds(65))
        #expect(!lane.lane.awaitsGranted)
    }

    @Test func `H-17 whoever drives through under a lower limit that is stuck on is counted`() {
        var lane = LaneHarness.at(.present)
        lane.read()
        lane.advance(.seconds(5))
        lane.set(.presence, .off)
        lane.advance(.seconds(90))
        #expect(lane.phase == .fault(.arm), "the limit says that it never left the ground")
        // It bounces: the arm was seen down after the fault began.
        lane.settle(.limitDown, .off)
        lane.settle(.limitDown, .on)
        lane.settle(.presence, .on)
        lane.read(2)
        lane.set(.limitUp, .on)
        lane.advance(.seconds(3))
        #expect(lane.isRaised(.limitsContradict))
        lane.forget()
        lane.passThrough()
        lane.advance(.seconds(5))
        #expect(lane.passages.map(\.cause) == [.granted])
        #expect(!lane.notes.contains(.zoneOccupied))
    }

    @Test
    func `H-06 a person under the arm for ten seconds is told to go and after a minute shown to the guard`() {
        var lane = LaneHarness.at(.passing)
        lane.advance(.seconds(10))
        #expect(lane.shown == .dontStop)
        lane.advance(.seconds(50))
        #expect(lane.notes.contains(.vehicleUnderArm))
        #expect(lane.opens + lane.closes == 0)
    }

    @Test func `H-07 an arm found half-way at start is raised, whatever safety says`() {
        for level in [Level.off, .on, .unknown] {
            var lane = LaneHarness(.entryWithAll)
            lane.start(.quiet, safety: level, up: .off, down: .off)
            lane.advance(.seconds(6))
            #expect(lane.opens == 1)
            #expect(lane.closes == 0)
        }
    }

    @Test func `H-07 stop is never commanded`() {
        for phase in LanePhase.allPhases {
            for happening in Happening.allCases {
                var lane = LaneHarness.at(phase, .entryWithAll.with { $0.outputs.insert(.stop) })
                happening.happen(to: &lane)
                lane.advance(.seconds(30))
                let stops = lane.effects.contains {
                    if case .command(.stop, _, _, _, _) = $0 { true } else { false }
                }
                #expect(!stops)
            }
        }
    }

    @Test func `H-09 the end of a hold lowers by the guard, after a warning of three seconds`() {
        var lane = LaneHarness.ready(.entryWithAll.with { $0.outputs.insert(.warn) })
        lane.person(.holdOpen(until: lane.now.wall + .seconds(60)))
        lane.raise()
        lane.set(.safety(0), .on)
        lane.advance(.seconds(61))
        #expect(lane.phase == .passing, "somebody stands there")
        lane.set(.safety(0), .off)
        let off = lane.now.uptime
        lane.forget()
        while lane.closes == 0 { lane.advance(.milliseconds(50)) }
        #expect(lane.now.uptime - off >= .seconds(3))
    }

    @Test func `H-10 an arm that meets an obstacle three times stays up`() {
        var lane = closing()
        for _ in 0..<3 {
            while lane.phase != .closing { lane.advance(.milliseconds(50)) }
            lane.set(.safety(0), .on)
            lane.advance(.milliseconds(100))
            lane.set(.safety(0), .off)
            lane.set(.limitUp, .on)
            lane.advance(.milliseconds(400))
            lane.set(.limitUp, .on)
            if lane.isRaised(.armDoesNotClose) { break }
            for _ in 0..<200 where lane.phase != .closing && !lane.isRaised(.armDoesNotClose) {
                lane.advance(.milliseconds(50))
            }
        }
        #expect(lane.phase == .fault(.down))
        let before = lane.closes
        lane.advance(.seconds(50))
        #expect(lane.closes == before, "no attempt before reclose_rest")
    }

    @Test func `H-11 safety lost while lowering opens, and nothing closes on an unknown level`() {
        var lane = closing()
        lane.set(.safety(0), .unknown)
        #expect(lane.opens == 1)
        lane.advance(.seconds(120))
        #expect(lane.closes == 0)
        #expect(lane.phase == .fault(.safety))
        #expect(lane.lane.closeObstacle(at: lane.now) == .safetyUnknown)
    }

    @Test func `H-13 safety that stays on keeps the arm up and raises an alarm, and the count goes on`() {
        var lane = LaneHarness.at(.passing)
        lane.set(.presence, .off)
        lane.set(.clear, .on)
        lane.advance(.seconds(1))
        lane.set(.clear, .off)
        lane.advance(.seconds(700))
        #expect(lane.passages.count == 1, "clear saw it leave")
        #expect(lane.closes == 0)
        #expect(lane.notes.filter { $0 == .vehicleUnderArm }.count == 2)
    }

    @Test func `H-12 where the controller lowers the arm the gateway never does, whoever orders it`() {
        var lane = LaneHarness.ready(.controlled().with { $0.outputs = [.open, .close] })
        lane.openForVehicle()
        lane.passThrough()
        lane.person(.close)
        #expect(lane.noteValues.contains { $0.kind == .orderRefused && $0.why == "controller_closes" })
        lane.advance(.seconds(120))
        lane.person(.release)
        lane.person(.close)
        #expect(lane.closes == 0)
    }

    @Test func `H-20 a close contact that stays on is outweighed by the hold and lowers nothing more`() {
        var lane = LaneHarness.at(.closing)
        lane.send(.outputStuck(.close, true))
        #expect(lane.holds == 1, "open wins on the board, if anything does")
        #expect(lane.phase == .fault(.output))
        #expect(lane.isRaised(.outputStuck))
        lane.person(.close)
        lane.set(.safety(0), .off)
        lane.advance(.seconds(300))
        #expect(lane.closes == 0)
        let dropped = lane.effects.contains {
            if case .command(.hold, .off, _, _, _) = $0 { true } else { false }
        }
        #expect(!dropped, "the hold stands as long as the contact is on")
    }

    @Test func `H-20 a close contact that stays on under a vehicle raises the arm and keeps it up`() {
        var lane = LaneHarness.at(.passing)
        lane.send(.outputStuck(.close, true))
        #expect(lane.holds == 1)
        lane.passThrough()
        lane.advance(.seconds(60))
        #expect(lane.closes == 0)
        #expect(lane.lane.closeObstacle(at: lane.now) == .outputFault)
    }

    @Test func `H-20 a close contact that let go gives the lane its outputs back`() {
        var lane = LaneHarness.at(.closing)
        lane.send(.outputStuck(.close, true))
        lane.send(.fault(.outputs, isRaised: true))
        lane.send(.fault(.outputs, isRaised: false))
        #expect(lane.phase == .fault(.output), "the board is back, the contact is not")
        lane.send(.outputStuck(.close, false))
        #expect(!lane.isRaised(.outputStuck))
        #expect(lane.phase != .fault(.output))
    }

    @Test func `H-20 behind an open contact that stays on nothing is lowered`() {
        var lane = LaneHarness.at(.passing)
        lane.send(.outputStuck(.open, true))
        lane.passThrough()
        lane.advance(.seconds(60))
        #expect(lane.closes == 0)
        #expect(lane.lane.closeObstacle(at: lane.now) == .openBusy)
        lane.send(.outputStuck(.open, false))
        lane.advance(.seconds(10))
        #expect(lane.closes == 1)
    }
}
