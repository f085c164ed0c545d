// SPDX-License-Identifier: Apache-2.0
import GatehouseCore
import Testing

/// Wrong beliefs, commands, rescue and deceit (hazards.md), as far as a lane answers for them.
struct LaneBeliefHazardTests {
    @Test func `H-14 a loop that was on for minutes and saw nobody leave ends suspect`() {
        var lane = LaneHarness.at(.passing)
        lane.set(.presence, .off)
        lane.advance(.seconds(241))
        // While it still stands there: the process that sees the loop forget may be another one.
        #expect(lane.notes.contains(.suspicionStarted))
        lane.forget()
        lane.set(.safety(0), .off)
        lane.advance(.seconds(60))
        #expect(!lane.notes.contains(.suspicionEnded))
        #expect(lane.closes == 0)
        #expect(lane.phase == .fault(.safety))
        #expect(lane.lane.closeObstacle(at: lane.now) == .safetySuspect)
    }

    @Test func `H-14 a vehicle that is seen to leave after minutes leaves no suspicion`() {
        var lane = LaneHarness.at(.passing)
        lane.set(.presence, .off)
        lane.advance(.seconds(400))
        lane.set(.clear, .on)
        lane.advance(.seconds(1))
        lane.set(.safety(0), .off)
        lane.advance(.seconds(1))
        lane.set(.clear, .off)
        lane.advance(.seconds(1))
        #expect(lane.notes.contains(.suspicionEnded))
        #expect(lane.lane.closeObstacle(at: lane.now) != .safetySuspect)
    }

    @Test func `H-14 a loop that forgets who drives on is believed when the clear loop is free`() {
        var lane = LaneHarness.at(.passing)
        lane.set(.presence, .off)
        lane.advance(.seconds(300))
        lane.set(.clear, .on)
        lane.advance(.milliseconds(700))
        // It stands on both; only one of them still knows.
        lane.set(.safety(0), .off)
        lane.advance(.seconds(5))
        #expect(lane.closes == 0)
        #expect(lane.lane.closeObstacle(at: lane.now) == .safetySuspect)
        lane.set(.clear, .unknown)
        lane.advance(.seconds(2))
        #expect(lane.closes == 0, "silence is no vehicle that left")
        lane.set(.clear, .on)
        lane.advance(.seconds(1))
        lane.set(.clear, .off)
        lane.advance(.seconds(2))
        #expect(lane.closes == 1)
    }

    @Test(arguments: ["stuck", "another", "forgets"])
    func `H-14 a clear loop that is free again says nothing of who never reached it, nor after minutes`(
        _ why: String
    ) {
        var lane = LaneHarness.at(.open)
        if why != "forgets" { lane.set(.clear, .on) }
        lane.advance(.seconds(1))
        lane.set(.safety(0), .on)
        lane.set(.presence, .off)
        lane.advance(.seconds(10))
        if why == "another" {
            // Who stood before it goes on, and who follows stops there as well.
            lane.set(.clear, .off)
            lane.advance(.seconds(400))
        }
        if why == "forgets" { lane.set(.clear, .on) }
        lane.advance(.seconds(300))
        lane.set(.safety(0), .off)
        lane.advance(.seconds(20))
        lane.set(.clear, .off)
        lane.advance(.seconds(60))
        #expect(lane.closes == 0)
        #expect(!lane.notes.contains(.suspicionEnded))
        #expect(lane.lane.closeObstacle(at: lane.now) == .safetySuspect)
    }

    @Test func `H-14 who was there after a silence has not reached a clear loop that was on before`() {
        var lane = LaneHarness.at(.open)
        lane.set(.clear, .on)
        lane.advance(.seconds(1))
        lane.set(.safety(0), .unknown)
        lane.advance(.seconds(5))
        lane.set(.safety(0), .on)
        lane.advance(.seconds(5))
        lane.set(.safety(0), .off)
        lane.advance(.seconds(1))
        lane.set(.clear, .off)
        lane.advance(.seconds(60))
        #expect(lane.closes == 0)
        #expect(lane.lane.closeObstacle(at: lane.now) == .safetySuspect)
    }

    @Test func `H-14 a loop that forgets while the process is dead is not believed by the next one`() {
        var memory = LaneMemory.quiet
        memory.isSafetySuspect = true
        var lane = LaneHarness(.entryWithAll)
        lane.start(memory, up: .on, down: .off)
        lane.advance(.seconds(300))
        #expect(lane.closes == 0)
        #expect(lane.lane.closeObstacle(at: lane.now) == .safetySuspect)
    }

    @Test func `H-15 after a power cut nothing closes before a full cycle of the loop`() {
        var memory = LaneMemory.quiet
        memory.detectorsMayHaveRestarted = true
        var lane = LaneHarness(.entryWithAll)
        lane.start(memory, up: .on, down: .off)
        lane.advance(.seconds(300))
        #expect(lane.closes == 0)
        #expect(lane.phase == .fault(.safety))
        lane.passThrough()
        lane.advance(.seconds(10))
        #expect(lane.notes.contains(.suspicionEnded))
        #expect(lane.closes == 1)
    }

    /// A contact that sticks makes a cycle over whoever stands there.
    @Test(arguments: [LanePlan.entryWithAll, .entryWithAll.with { $0.clear = nil }])
    func `H-15 a cycle that no other sensor saw ends no suspicion`(_ plan: LanePlan) {
        var memory = LaneMemory.quiet
        memory.detectorsMayHaveRestarted = true
        var lane = LaneHarness(plan)
        lane.start(memory, up: .on, down: .off)
        lane.advance(.seconds(30))
        lane.set(.safety(0), .on)
        lane.advance(.seconds(150))
        lane.set(.safety(0), .off)
        lane.advance(.seconds(30))
        #expect(lane.closes == 0)
        #expect(lane.phase == .fault(.safety))
        lane.settle(.presence, .on)
        lane.passThrough()
        lane.advance(.seconds(10))
        #expect(lane.closes == 1)
    }

    @Test func `H-15 who comes up behind a forgotten vehicle and backs off again ends no suspicion`() {
        var memory = LaneMemory.quiet
        memory.detectorsMayHaveRestarted = true
        var lane = LaneHarness(.entryWithAll)
        lane.start(memory, up: .on, down: .off)
        lane.advance(.seconds(30))
        lane.settle(.presence, .on)
        lane.settle(.safety(0), .on)
        lane.settle(.safety(0), .off)
        lane.settle(.presence, .off)
        lane.advance(.seconds(30))
        #expect(lane.closes == 0)
    }

    /// Its controller lowered it on a loop that sticks, and what is to raise it did not hear.
    @Test func `an arm that is down in spite of safety rises for the next vehicle`() {
        var lane = LaneHarness.at(.passing)
        lane.set(.limitUp, .off)
        lane.settle(.limitDown, .on)
        #expect(lane.notes.contains(.armDownOnOccupied))
        lane.advance(.seconds(300))
        lane.set(.safety(0), .off)
        lane.advance(.seconds(30))
        #expect(lane.notes.contains(.suspicionStarted) && lane.lane.position == .down)
        lane.settle(.presence, .off)
        lane.advance(.seconds(30))
        let opens = lane.opens
        lane.settle(.presence, .on)
        lane.read(7)
        lane.advance(.seconds(1))
        #expect(lane.opens == opens + 1)
    }

    @Test func `H-15 only somebody on site can say that the lane is empty`() {
        var lane = LaneHarness.at(.clearing)
        lane.send(.detectorsRestarted)
        lane.person(.seenEmpty)
        #expect(lane.lane.closeObstacle(at: lane.now) == .safetySuspect)
        lane.person(.seenEmpty, onSite: true)
        #expect(lane.lane.closeObstacle(at: lane.now) != .safetySuspect)
    }

    @Test func `H-16 a blocked beam keeps the arm up`() {
        var lane = LaneHarness.at(.clearing, .entryWithAll.with { $0.safety = [.loop, .beam] })
        lane.set(.safety(1), .on)
        lane.advance(.seconds(600))
        #expect(lane.closes == 0)
        #expect(lane.notes.contains(.vehicleUnderArm))
    }

    @Test func `H-17 both limits on count as neither`() {
        var lane = LaneHarness.ready()
        lane.settle(.limitUp, .on)
        #expect(lane.isRaised(.limitsContradict))
        #expect(lane.lane.position == .down, "as it was believed before")
        lane.settle(.limitDown, .off)
        lane.settle(.limitUp, .off)
        #expect(!lane.isRaised(.limitsContradict))
    }

    @Test func `H-11 an arm that falls while safety is unknown goes up again`() {
        var lane = LaneHarness.at(.open)
        lane.set(.safety(0), .unknown)
        lane.settle(.limitUp, .off)
        #expect(lane.opens == 1)
    }

    @Test func `H-17 a limit that was caught lying is not believed before it has let go`() {
        var lane = LaneHarness.at(.open)
        lane.settle(.limitDown, .on)
        #expect(lane.isRaised(.limitsContradict))
        // The arm begins to fall: the welded lower limit says that it has arrived already.
        lane.settle(.limitUp, .off)
        #expect(lane.lane.position != .down)
        #expect(lane.isRaised(.limitsContradict))
        lane.settle(.limitDown, .off)
        #expect(!lane.isRaised(.limitsContradict))
        lane.settle(.limitDown, .on)
        #expect(lane.lane.position == .down)
    }

    @Test func `H-18 different plates under a presence that never falls make reads ask alone`() {
        var lane = LaneHarness.at(.refused)
        lane.answer = { LaneHarness.deny($0) }
        lane.read(2)
        lane.read(3, confidence: 60)
        lane.advance(.seconds(301))
        #expect(lane.isRaised(.presenceStuck))
        lane.advance(.seconds(20))
        lane.answer = { LaneHarness.grant($0) }
        lane.read(4)
        #expect(lane.phase == .opening)
    }

    @Test func `H-18 many plates without a vehicle on presence are a dead loop`() {
        var lane = LaneHarness.ready()
        for plate in 1...5 as ClosedRange<UInt64> {
            lane.read(plate)
            lane.advance(.seconds(9))
        }
        #expect(lane.isRaised(.presenceStuck))
        lane.read(6)
        #expect(lane.phase == .opening)
    }

    @Test func `H-21 one grant opens once, whatever is read again`() {
        var lane = LaneHarness.at(.opening)
        for _ in 0..<5 { lane.read(1) }
        lane.read(2)
        #expect(lane.opens == 0)
    }

    @Test func `H-21 a controller that counts openings gets no second pulse`() {
        var lane = LaneHarness.at(.present, .entryWithAll.with { $0.countsOpenings = true })
        lane.read()
        lane.advance(.seconds(30))
        #expect(lane.opens == 1)
    }

    @Test func `H-21 the same picture twice is one read`() {
        var lane = LaneHarness.at(.present)
        lane.answer = { LaneHarness.deny($0) }
        lane.read(key: "a")
        lane.read(2, key: "a")
        #expect(lane.decisions.count == 1)
        #expect(lane.notes.contains(.duplicateRead))
    }

    @Test func `H-22 an open that was never written ends its grant and is not sent late`() {
        var lane = LaneHarness.at(.present)
        lane.read()
        lane.forget()
        lane.send(.command(.open, .expired))
        #expect(lane.notes.contains(.commandExpired))
        #expect(lane.notes.contains(.notPassed))
        #expect(lane.phase == .present)
        lane.advance(.seconds(5))
        #expect(lane.opens == 0)
        #expect(lane.triggers > 0, "the vehicle is looked at again")
    }

    @Test func `H-22 a grant of the process before is not opened again`() {
        var lane = LaneHarness(.entryWithAll)
        lane.start(Self.granted)
        #expect(lane.opens == 0)
        #expect(lane.noteValues.contains { $0.kind == .notPassed && $0.read == Sequence(40) })
    }

    /// What the process before left of a grant that nobody had used.
    private static var granted: LaneMemory {
        var memory = LaneMemory.quiet
        memory.unfinishedGrant = LaneMemory.UnfinishedGrant(
            decision: Decision(
                verdict: .grant, reason: .permitVehicle, rule: 5, plate: LaneHarness.plate(3)),
            direction: .in, record: Sequence(40), grantedAt: LaneHarness.epoch.wall)
        return memory
    }

    @Test func `a vehicle under the arm at a restart is booked to the grant of the process before`() {
        var lane = LaneHarness(.entryWithAll)
        lane.start(Self.granted, safety: .on, presence: .on, up: .on, down: .off)
        #expect(lane.phase == .passing)
        lane.passThrough()
        lane.advance(.seconds(1))
        #expect(lane.passages.map(\.resumedDecision) == [Sequence(40)])
        #expect(lane.passages.map(\.cause) == [.resumed])
    }

    @Test func `an opening for the grant of the process before names the restart`() {
        var lane = LaneHarness(.entryWithAll)
        lane.start(Self.granted, up: .off, down: .off)
        lane.settle(.limitDown, .on)
        #expect(lane.noteValues.contains { $0.kind == .armMovedUncommanded && $0.why == "opening" })
        #expect(lane.openCauses == [.restart, .restart])
    }

    @Test func `H-26 a broken arm commands nothing more and still counts`() {
        var lane = LaneHarness.at(.fault(.lost))
        lane.settle(.presence, .on)
        lane.read()
        #expect(lane.opens == 0)
        lane.set(.limitDown, .off)
        lane.advance(.milliseconds(60))
        lane.passThrough()
        lane.advance(.seconds(1))
        #expect(lane.passages.map(\.cause) == [.granted])
        #expect(lane.phase == .fault(.lost))
    }

    @Test(arguments: LanePhase.allPhases)
    func `H-28 fire ends only by contact off and then a reset on site`(_ phase: LanePhase) {
        var lane = LaneHarness.at(phase)
        lane.send(.fire(.on, since: lane.now.uptime))
        lane.advance(.milliseconds(110))
        #expect(lane.phase == .fire)
        lane.send(.fireReset)
        lane.person(.release)
        lane.person(.release, onSite: true)
        #expect(lane.phase == .fire, "the contact is still on")
        lane.send(.fire(.off, since: lane.now.uptime))
        lane.advance(.seconds(1))
        lane.send(.fireReset)
        #expect(lane.phase == .fire, "off for less than two seconds")
        lane.advance(.seconds(2))
        lane.person(.release)
        #expect(lane.phase == .fire, "not from afar")
        lane.send(.fireReset)
        #expect(lane.phase != .fire)
        #expect(lane.notes.count { $0 == .fireReleaseEnded } == 1)
    }

    @Test func `H-27 a silent fire input opens after its time and ends when it speaks again`() {
        var lane = LaneHarness.ready()
        lane.send(.fire(.off, since: lane.now.uptime))
        lane.advance(.seconds(3))
        lane.send(.fire(.unknown, since: lane.now.uptime))
        lane.advance(.milliseconds(4900))
        #expect(lane.phase == .clear)
        lane.advance(.milliseconds(200))
        #expect(lane.phase == .fire)
        lane.send(.fire(.off, since: lane.now.uptime))
        lane.advance(.milliseconds(2100))
        #expect(lane.phase != .fire)
    }

    @Test(arguments: [LanePhase.clear, .present, .refused, .heldClosed, .starting, .closing, .clearing])
    func `H-29 an emergency plate opens at once`(_ phase: LanePhase) {
        var lane = LaneHarness.at(phase)
        lane.answer = { LaneHarness.emergency($0) }
        lane.settle(.presence, .on)
        lane.read(77)
        if phase != .clearing { #expect(lane.opens >= 1) }
        #expect(lane.phase == .opening || lane.phase == .open)
    }

    @Test func `H-29 the button held for three seconds opens the lane for emergency_hold`() {
        var lane = LaneHarness.at(.heldClosed)
        lane.set(.guardButton, .on)
        lane.advance(.milliseconds(3100))
        #expect(lane.phase == .heldOpen)
        #expect(lane.notes.contains(.emergency))
        lane.set(.guardButton, .off)
        lane.raise()
        lane.advance(.seconds(181))
        #expect(lane.notes.contains(.holdEnded))
        #expect(lane.phase != .heldOpen)
    }

    @Test func `H-32 a vehicle that owes is let out after exit_pending_max and not before`() {
        var lane = LaneHarness.at(.waiting, .controlled(.exit))
        lane.advance(.seconds(598))
        #expect(lane.opens == 0)
        #expect(lane.notes.contains(.heldTooLong), "the guard was told")
        lane.advance(.seconds(3))
        #expect(lane.opens == 1)
        #expect(lane.decisions.map(\.reason) == [.debtRelease])
    }

    @Test func `H-32 a household's vehicle is not kept for money at all`() {
        var lane = LaneHarness.at(.present, .controlled(.exit))
        lane.answer = {
            var decision = LaneHarness.pay($0)
            decision.isHousehold = true
            return decision
        }
        lane.read()
        #expect(lane.opens == 1)
    }

    @Test func `H-32 a dead camera at an exit opens after exit_wait`() {
        var lane = LaneHarness.at(.clear, .controlled(.exit))
        lane.send(.fault(.camera, isRaised: true))
        lane.settle(.presence, .on)
        lane.advance(.seconds(119))
        #expect(lane.opens == 0)
        lane.advance(.seconds(2))
        #expect(lane.opens == 1)
        #expect(lane.notes.contains(.exitBlindOpened))
    }

    @Test func `H-36 after safety rose a read cannot change whose passage it is`() {
        var lane = LaneHarness.at(.passing)
        lane.read(2)
        lane.set(.presence, .off)
        lane.set(.clear, .on)
        lane.advance(.milliseconds(500))
        lane.set(.safety(0), .off)
        lane.advance(.seconds(2))
        #expect(lane.passages.first?.reading?.plate == LaneHarness.plate(1))
    }

    @Test func `H-36 a better look-alike is decided for the record and never lowers the arm`() throws {
        var lane = LaneHarness.at(.present)
        lane.read(1, confidence: 86)
        lane.answer = { LaneHarness.deny($0) }
        lane.forget()
        let lookAlike = try #require(Plate("沪A1111L"))
        #expect(PlateLookAlike.areLookAlikes(lookAlike, LaneHarness.plate(1)))
        let reading = PlateReading(plate: lookAlike, raw: "沪A1111L", isRegular: true)
        lane.send(
            .read(
                PlateRead(record: Sequence(99), reading: reading, confidence: 99, capturedAt: lane.now.uptime)
            ))
        #expect(lane.notes == [.plateCorrected, .grantDoubtful])
        #expect(lane.opens + lane.closes == 0)
        #expect(lane.phase == .opening)
    }

    @Test func `H-31 a better look at a vehicle that waits for a misread is asked at once`() throws {
        var lane = LaneHarness.at(.present)
        lane.answer = { request in
            Decision(
                verdict: .pending, reason: .confirmNeeded, rule: 5, plate: request.read?.reading.plate,
                waitsFor: "confirm")
        }
        lane.read(1, confidence: 61)
        lane.advance(.seconds(1))
        #expect(lane.phase == .waiting)
        lane.answer = { LaneHarness.grant($0) }
        let lookAlike = try #require(Plate("沪A1111L"))
        let reading = PlateReading(plate: lookAlike, raw: "沪A1111L", isRegular: true)
        lane.send(
            .read(
                PlateRead(record: Sequence(99), reading: reading, confidence: 94, capturedAt: lane.now.uptime)
            ))
        lane.advance(.seconds(1))
        #expect(lane.phase == .opening)
    }

    @Test func `H-37 a plate without a vehicle opens nothing`() {
        var lane = LaneHarness.ready()
        lane.read(1)
        lane.read(1)
        lane.advance(.seconds(9))
        #expect(lane.opens == 0)
        #expect(lane.notes.contains(.readWithoutVehicle))
    }

    @Test func `H-40 an arm that leaves its limit without command is an event and the waiting car's opening`()
    {
        var lane = LaneHarness.at(.waiting)
        lane.raise()
        #expect(lane.notes.contains(.armMovedUncommanded))
        #expect(lane.phase == .open)
        lane.passThrough()
        lane.advance(.seconds(1))
        #expect(lane.passages.map(\.cause) == [.manual])
        #expect(lane.passages.first?.reading?.plate == LaneHarness.plate(1))
        #expect(lane.passages.first?.flags.contains("manual_open") == true)
    }

    @Test func `H-41 a follower without grant is a tailgate and the arm is not lowered on it`() {
        var lane = LaneHarness.at(.clearing)
        lane.advance(.milliseconds(300))
        lane.settle(.presence, .on)
        lane.answer = { LaneHarness.deny($0) }
        lane.set(.safety(0), .on)
        lane.advance(.milliseconds(300))
        lane.passThrough()
        #expect(lane.notes.contains(.tailgated))
        #expect(lane.passages.last?.flags.contains("tailgate") == true)
        #expect(lane.closes == 0)
    }

    @Test func `H-43 a restart under fire or a durable hold asserts the hold and never drops it`() {
        for isFire in [true, false] {
            var memory = LaneMemory.quiet
            if isFire { memory.isFireLatched = true } else { memory.hold = .init(kind: .open, until: nil) }
            var lane = LaneHarness(.entryWithAll)
            lane.send(.started(memory))
            #expect(lane.holds == 1)
            #expect(lane.phase == (isFire ? .fire : .heldOpen))
            let drops = lane.effects.contains {
                if case .command(.hold, .off, _, _, _) = $0 { true } else { false }
            }
            #expect(!drops)
        }
    }
}
