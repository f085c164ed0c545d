// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import GatehouseCore

/// Fire inputs that fall silent, and vehicles on duty (lanes.md §7.4, §8.1).
struct LaneEmergencyTests {
    /// How often a hold was let go.
    private func drops(_ lane: LaneHarness) -> Int {
        lane.effects.count { if case .command(.hold, .off, _, _, _) = $0 { true } else { false } }
    }

    // MARK: Silent fire input

    @Test func `H-43 a restart under a silent fire input keeps the arm up until the input speaks`() {
        var memory = LaneMemory.quiet
        memory.isFireSilent = true
        #expect(memory.staysOpen)
        var lane = LaneHarness(.entryWithAll)
        lane.send(.started(memory))
        #expect(lane.phase == .fire)
        #expect(lane.holds == 1)
        #expect(drops(lane) == 0)
        lane.send(.fire(.off, since: lane.now.uptime))
        lane.advance(.milliseconds(2100))
        #expect(lane.phase != .fire)
        #expect(lane.notes.contains(.fireReleaseEnded))
    }

    @Test func `H-27 a silent release is remembered as such and is over when it ends`() throws {
        var memory = LaneMemory()
        memory.note(LaneNote(.fireReleaseStarted, why: "input_unknown"), nil)
        #expect(memory.isFireSilent && !memory.isFireLatched)
        memory.note(LaneNote(.fireReleaseStarted, flags: ["latched"]), nil)
        #expect(!memory.isFireSilent && memory.isFireLatched)
        memory.note(LaneNote(.fireReleaseEnded), nil)
        #expect(!memory.staysOpen)
    }

    @Test func `H-27 an entry that is told so raises an alarm over a silent fire input and stays shut`() {
        var lane = LaneHarness.ready(.entryWithAll.with { $0.fireUnknown = .alarmOnly })
        lane.send(.fire(.unknown, since: lane.now.uptime))
        lane.advance(.seconds(6))
        #expect(lane.phase == .clear)
        #expect(lane.isRaised(.fireUnknown))
        #expect(lane.effects.contains(.callGuard("fire_unknown")))
        lane.send(.fire(.on, since: lane.now.uptime))
        lane.advance(.milliseconds(110))
        #expect(lane.phase == .fire, "a fire that is seen opens it like any other lane")
        #expect(!lane.isRaised(.fireUnknown))
    }

    // MARK: Holds and emergencies

    @Test func `H-29 a lane that was held closed is held closed again after an emergency`() {
        var lane = LaneHarness.at(.heldClosed)
        lane.person(.emergency)
        #expect(lane.phase == .heldOpen)
        lane.raise()
        lane.advance(.seconds(181))
        #expect(lane.lane.status(at: lane.now).hold?.kind == .closed)
        lane.lower()
        #expect(lane.phase == .heldClosed)
    }

    @Test func `H-29 nobody's hold ends an emergency, and it stands afterwards`() {
        var lane = LaneHarness.ready()
        lane.person(.emergency)
        lane.raise()
        lane.person(.holdClosed(until: nil))
        #expect(lane.phase == .heldOpen)
        #expect(lane.lane.status(at: lane.now).hold?.kind == .emergency)
        lane.advance(.seconds(181))
        #expect(lane.lane.status(at: lane.now).hold?.kind == .closed)
    }

    @Test func `H-29 what an emergency interrupts survives a restart`() {
        var memory = LaneMemory.quiet
        memory.note(LaneNote(.holdStarted, flags: ["closed"]), nil)
        let end = LaneHarness.epoch.wall + .seconds(60)
        memory.note(LaneNote(.emergency, until: end), nil)
        #expect(memory.hold?.kind == .emergency)
        var lane = LaneHarness(.entryWithAll)
        lane.start(memory)
        #expect(lane.phase == .heldOpen)
        lane.advance(.seconds(61))
        #expect(lane.lane.status(at: lane.now).hold?.kind == .closed)
        memory.note(LaneNote(.holdEnded, flags: ["emergency"]), nil)
        memory.note(LaneNote(.holdStarted, flags: ["closed"]), nil)
        #expect(memory.hold?.kind == .closed && memory.interrupted == nil)
    }

    @Test func `H-29 nobody is waved towards a vehicle on duty, after a restart neither`() {
        func lights(_ lane: LaneHarness) -> Set<LaneOutput> { lane.lane.lamps }
        for (going, lamp) in [(nil, LaneOutput.green), (.in, .green), (.out, .red)]
            as [(TravelDirection?, LaneOutput)]
        {
            var lane = LaneHarness.ready()
            lane.send(
                .person(
                    LaneOrder(
                        action: .emergency, by: Operator(channel: "self", name: "route"), reason: "test",
                        going: going)))
            lane.raise()
            #expect(lane.phase == .heldOpen && lights(lane) == [lamp])
            var memory = LaneMemory.quiet
            for note in lane.noteValues { memory.note(note, nil) }
            var again = LaneHarness(.entryWithAll)
            again.start(memory, up: .on, down: .off)
            #expect(again.phase == .heldOpen && lights(again) == [lamp])
        }
    }

    // MARK: By plate

    private func opened(_ plan: LanePlan) -> LaneHarness {
        var lane = LaneHarness.ready(plan)
        lane.answer = { LaneHarness.emergency($0) }
        lane.openForVehicle(77)
        lane.answer = { LaneHarness.grant($0) }
        return lane
    }

    @Test func `H-29 the arm waits longer for a vehicle on duty, but not for ever`() {
        var lane = opened(.entryWithAll)
        lane.settle(.presence, .off)
        lane.advance(.seconds(100))
        #expect(lane.phase == .open)
        #expect(!lane.notes.contains(.turnedBack))
        lane.advance(.seconds(100))
        #expect(lane.notes.contains(.notPassed))
        #expect(lane.phase != .open)
    }

    @Test func `H-29 a controller is kept from lowering until ten seconds after a vehicle on duty`() {
        var lane = opened(.controlled().with { $0.outputs = [.open, .hold] })
        #expect(lane.holds == 1)
        lane.forget()
        lane.passThrough()
        lane.advance(.seconds(5))
        #expect(drops(lane) == 0)
        #expect(lane.phase == .clearing)
        lane.advance(.seconds(6))
        #expect(drops(lane) == 1)
        lane.lower()
        #expect(lane.phase == .clear)
    }

    @Test func `H-29 a controller without hold is opened again behind a vehicle on duty`() {
        var lane = opened(.controlled())
        lane.forget()
        lane.passThrough()
        lane.advance(.seconds(1))
        #expect(lane.opens == 0, "it is up, and a controller may count pulses")
        lane.set(.limitUp, .off)
        lane.advance(.milliseconds(60))
        #expect(lane.opens == 1)
        #expect(lane.phase == .clearing)
    }

    @Test func `H-29 somebody under an arm that falls behind a vehicle on duty gets an opening of his own`() {
        for isThereFirst in [false, true] {
            var lane = opened(.controlled().with { $0.outputs = [.open, .hold] })
            lane.passThrough()
            lane.advance(.seconds(1))
            lane.forget()
            // An unknown safety is the dangerous case, and no vehicle that the count follows.
            if isThereFirst { lane.set(.safety(0), .unknown) }
            lane.set(.limitUp, .off)
            lane.advance(.milliseconds(60))
            if !isThereFirst {
                #expect(lane.holds == 1 && lane.opens == 0)
                lane.set(.safety(0), .on)
            }
            #expect(lane.opens == 1)
        }
    }

    @Test
    func
        `H-29 a gateway that kept a falling arm up behind a vehicle on duty lets go and lowers it afterwards`()
    {
        var lane = opened(.entryWithAll)
        lane.passThrough()
        lane.forget()
        lane.set(.limitUp, .off)
        lane.advance(.milliseconds(60))
        #expect(lane.holds == 1)
        lane.set(.limitUp, .on)
        lane.advance(.seconds(5))
        #expect(drops(lane) == 0 && lane.closes == 0)
        lane.advance(.seconds(10))
        #expect(drops(lane) == 1 && lane.closes == 1)
    }

    @Test func `an arm that comes down lets go of its hold output`() {
        var lane = opened(.controlled().with { $0.outputs = [.open, .hold] })
        lane.forget()
        lane.passThrough()
        lane.advance(.seconds(5))
        lane.lower()
        #expect(drops(lane) == 1)
    }

    // MARK: Help key

    private func helpless() -> LaneHarness {
        var lane = LaneHarness.ready(.entryWithAll.with { $0.hasHelpKey = true })
        lane.answer = { LaneHarness.deny($0) }
        lane.settle(.presence, .on)
        lane.read(5)
        lane.forget()
        return lane
    }

    @Test func `H-29 a help key that nobody answers opens for the vehicle that stands there`() {
        var lane = helpless()
        lane.set(.helpKey, .on)
        lane.advance(.milliseconds(3100))
        lane.set(.helpKey, .off)
        #expect(lane.effects.contains(.callGuard("help")))
        lane.advance(.seconds(59))
        #expect(lane.opens == 0)
        lane.advance(.seconds(2))
        #expect(lane.opens == 1)
        #expect(lane.notes.contains(.emergencyUnanswered))
        lane.raise()
        lane.passThrough()
        lane.advance(.seconds(1))
        #expect(lane.passages.map(\.cause) == [.manual])
        #expect(lane.passages.first?.reading?.plate == LaneHarness.plate(5))
    }

    @Test func `a help key that is answered opens nothing`() {
        var lane = helpless()
        lane.set(.helpKey, .on)
        lane.advance(.milliseconds(3100))
        lane.person(.refuse)
        lane.advance(.seconds(100))
        #expect(lane.opens == 0)
        #expect(!lane.notes.contains(.emergencyUnanswered))
    }

    @Test func `a help key that is touched, or that nobody's vehicle stands at, opens nothing`() {
        var lane = helpless()
        lane.set(.helpKey, .on)
        lane.advance(.seconds(1))
        lane.set(.helpKey, .off)
        lane.advance(.seconds(100))
        #expect(lane.opens == 0)
        lane.settle(.presence, .off)
        lane.advance(.seconds(3))
        lane.set(.helpKey, .on)
        lane.advance(.seconds(100))
        #expect(lane.opens == 0)
    }
}
