// SPDX-License-Identifier: Apache-2.0
import GatehouseCore
import Testing

/// Timers that expire (lanes.md §4.6), restarts (§4.7) and texts (§4.8).
struct LaneTimerTests {
    @Test func `a timer that was stopped or replaced is harmless`() {
        for phase in LanePhase.allPhases {
            var lane = LaneHarness.at(phase)
            let before = lane.phase
            for timer in [
                LaneTimer.clearDelay, .moveDown, .moveUp, .waitForVehicle, .startWait, .vanishDelay,
            ] {
                lane.send(.timer(timer))
            }
            #expect(lane.phase == before)
            #expect(lane.opens + lane.closes == 0)
        }
    }

    @Test func `a granted vehicle that does not come ends its grant after wait_for_vehicle`() {
        var lane = LaneHarness.at(.open)
        lane.advance(.seconds(60))
        #expect(lane.notes.contains(.notPassed))
        #expect(lane.passages.isEmpty)
        lane.advance(.seconds(5))
        #expect(lane.closes == 1)
    }

    @Test func `leaving is believed after leave_confirm`() {
        var lane = LaneHarness.at(.waiting)
        lane.set(.presence, .off)
        lane.advance(.milliseconds(2200))
        #expect(lane.phase == .waiting)
        lane.advance(.milliseconds(200))
        #expect(lane.phase == .clear)
        #expect(lane.notes == [.leftWaiting])
    }

    @Test func `an unread plate asks the camera, then the guard`() {
        var lane = LaneHarness.at(.clear)
        lane.settle(.presence, .on)
        lane.advance(.seconds(3))
        #expect(lane.triggers == 1)
        lane.advance(.seconds(3))
        #expect(lane.notes == [.noPlate])
        #expect(lane.shown == .noPlate)
        #expect(lane.phase == .present)
    }

    @Test func `a confirmation that does not come refuses, and a person's confirmation opens`() {
        let confirm: (AccessRequest) -> Decision = {
            Decision(verdict: .pending, reason: .confirmNeeded, rule: 9, plate: $0.read?.reading.plate)
        }
        var late = LaneHarness.at(.present)
        late.answer = confirm
        late.read()
        late.advance(.seconds(121))
        #expect(late.phase == .refused)
        #expect(late.decisions.map(\.reason) == [.confirmNeeded, .holdTimeout])
        var confirmed = LaneHarness.at(.present)
        confirmed.answer = confirm
        confirmed.read()
        confirmed.person(.confirm)
        #expect(confirmed.opens == 1)
        #expect(confirmed.decisions.map(\.reason) == [.confirmNeeded, .operatorOpen])
        var refused = LaneHarness.at(.present)
        refused.answer = confirm
        refused.read()
        refused.person(.refuse)
        #expect(refused.decisions.map(\.reason) == [.confirmNeeded, .operatorRefused])
        let word = refused.noteValues.first { $0.kind == .manualRefusal }
        #expect(word?.by?.name.isEmpty == false && word?.plate == refused.decisions.last?.plate)
    }

    @Test func `a refused plate is decided again after refused_retry and not before`() {
        var lane = LaneHarness.at(.refused)
        lane.read()
        #expect(lane.opens == 0)
        lane.advance(.seconds(16))
        lane.read()
        #expect(lane.opens == 1)
    }

    @Test func `the same pending answer again is not recorded again`() {
        var lane = LaneHarness.at(.waiting)
        lane.answer = { LaneHarness.pay($0) }
        lane.send(.reconsider(.directory))
        #expect(lane.decisions.isEmpty)
        #expect(lane.phase == .waiting)
    }

    @Test func `unknown safety under a vehicle becomes an assumed passage after safety_wait`() {
        var lane = LaneHarness.at(.passing)
        lane.set(.presence, .off)
        lane.set(.safety(0), .unknown)
        lane.advance(.seconds(11))
        #expect(lane.passages.map(\.certainty) == [.assumed])
        #expect(lane.phase == .fault(.safety))
        lane.set(.safety(0), .off)
        lane.advance(.milliseconds(310))
        #expect(lane.phase == .clearing)
    }

    @Test func `an arm left open is an alarm and never a reason to close`() {
        var lane = LaneHarness.ready(.controlled())
        lane.raise()
        lane.advance(.seconds(200))
        #expect(lane.notes.contains(.armLeftOpen))
        #expect(lane.closes == 0)
    }

    @Test func `without safety sensors an opening is an assumed passage`() {
        var plan = LanePlan(name: "bare", kind: .entry, area: AreaID(0), closing: .controller)
        plan.hasLimitDown = true
        var lane = LaneHarness.ready(plan)
        lane.read()
        #expect(lane.opens == 1)
        lane.set(.limitDown, .off)
        lane.advance(.seconds(16))
        #expect(lane.passages.map(\.certainty) == [.assumed])
        #expect(lane.closes == 0)
    }

    @Test func `starting waits for every input, at most start_wait`() {
        var lane = LaneHarness(.entryWithAll)
        lane.send(.started(.quiet))
        lane.set(.limitDown, .on)
        lane.advance(.milliseconds(4900))
        #expect(lane.phase == .starting)
        lane.advance(.milliseconds(200))
        #expect(lane.phase == .clear)
        #expect(lane.isRaised(.safetyUnknown))
        #expect(lane.notes.contains(.laneResumed))
    }

    @Test func `an arm that does not close is tried again once after reclose_rest`() {
        var lane = LaneHarness.at(.fault(.down))
        lane.advance(.seconds(70))
        #expect(lane.closes == 1)
        lane.advance(.seconds(300))
        #expect(lane.closes == 1)
        #expect(lane.phase == .fault(.down))
    }

    @Test(arguments: [
        ("down", Level.off, "clear"), ("down", .on, "clear"), ("down", .unknown, "clear"),
        ("up", .off, "clearing"), ("up", .on, "passing"), ("up", .unknown, "passing"),
        ("between", .off, "opening"), ("between", .on, "passing"), ("between", .unknown, "opening"),
    ])
    func `a restart is judged by the inputs`(_ arm: String, _ safety: Level, _ expected: String) {
        var lane = LaneHarness(.entryWithAll)
        lane.send(.started(.quiet))
        for input in lane.lane.plan.wiredInputs {
            switch input {
            case .safety: lane.set(input, safety)
            case .limitUp: lane.set(input, arm == "up" ? .on : .off)
            case .limitDown: lane.set(input, arm == "down" ? .on : .off)
            default: lane.set(input, .off)
            }
        }
        while lane.phase == .starting { lane.advance(.milliseconds(50)) }
        #expect(lane.phase.name == expected)
        #expect(lane.opens == (arm == "between" ? 1 : 0))
        #expect(lane.closes == 0)
    }

    @Test func `texts follow the vehicle nearest the arm`() {
        let expected: [(LanePhase, LaneTextKey)] = [
            (.clear, .idle), (.present, .wait), (.waiting, .pay), (.refused, .refused), (.open, .welcome),
            (.passing, .dontFollow), (.clearing, .closing), (.heldOpen, .laneOpen), (.heldClosed, .closed),
            (.fire, .fire), (.fault(.arm), .fault),
        ]
        for (phase, key) in expected { #expect(LaneHarness.at(phase).shown == key, "\(phase.name)") }
    }

    @Test func `every setting has a key, and every default lies in its range`() {
        let specifications = LaneTimers.specifications
        #expect(specifications.count == Mirror(reflecting: LaneTimers()).children.count)
        #expect(Set(specifications.map(\.key)).count == specifications.count)
        for specification in specifications {
            switch specification.setting {
            case .duration(_, let range):
                #expect(specification.defaultDuration.map(range.contains) == true, "\(specification.key)")
            case .count(_, let range):
                #expect(specification.defaultCount.map(range.contains) == true, "\(specification.key)")
            }
        }
    }
}
