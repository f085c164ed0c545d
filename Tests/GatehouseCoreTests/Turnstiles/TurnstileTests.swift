// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@Suite struct TurnstileTests {
    private typealias Harness = WalkwayHarness<Turnstile>
    private var lane = Harness.ready(.turnstile())

    init() { lane.forget() }

    @Test mutating func `a granted person is released, passes and is counted once`() throws {
        lane.read(1)
        #expect(lane.phase == "released in")
        let pulse = lane.command(.releaseIn)
        #expect(
            pulse
                == .command(
                    .releaseIn, .pulse(.milliseconds(300)), .grant, life: .seconds(2),
                    cause: .grant(RequestID(1))))
        #expect(lane.texts.last == .welcome)
        lane.pass(.in)
        #expect(lane.phase == "locked")
        let passage = try #require(lane.passages.first)
        #expect(lane.passages.count == 1)
        #expect((passage.direction, passage.certainty, passage.cause) == (.in, .confirmed, .granted))
        #expect(passage.request == RequestID(1))
        #expect(passage.card == "em40:…0001")
        #expect(!passage.isReverse)
        lane.advance(.seconds(20))
        #expect(!lane.has(.notPassed))
        #expect(lane.passages.count == 1)
    }

    @Test mutating func `a refused person sees so for two seconds, and nothing moves`() {
        lane.answer = { Harness.deny($0) }
        lane.read(1)
        #expect(lane.texts == [.refused])
        #expect(lane.outputs.contains(.red))
        lane.advance(.seconds(3))
        #expect(lane.texts == [.refused, .idle])
        #expect(!lane.outputs.contains(.red))
        #expect(lane.moves == "")
        #expect(lane.decisions.map(\.reason) == [.credentialUnknown])
    }

    @Test mutating func `who does not come is on record and not counted`() {
        lane.read(1)
        lane.advance(.milliseconds(6499))
        #expect(lane.phase == "released in")
        lane.advance(.milliseconds(1))
        #expect(lane.phase == "locked")
        #expect(lane.has(.notPassed))
        #expect(lane.passages == [])
    }

    @Test mutating func `without its contact a passage is assumed when the unit has locked again`() {
        lane = Harness.ready(.turnstile(without: [.passageIn, .passageOut]))
        lane.forget()
        lane.read(1)
        lane.advance(.seconds(5))
        #expect(lane.passages.map(\.certainty) == [.assumed])
        #expect(!lane.has(.notPassed))
    }

    @Test mutating func `a silent contact and one that stays on are not believed either`() {
        lane.set(.passageIn, .unknown)
        lane.read(1)
        lane.advance(.seconds(5))
        #expect(lane.passages.map(\.certainty) == [.assumed])
        lane = Harness.ready(.turnstile())
        lane.settle(.passageIn, .on)
        lane.advance(.seconds(3))
        lane.forget()
        lane.read(1)
        lane.advance(.seconds(5))
        #expect(lane.passages.map(\.certainty) == [.assumed])
        lane.settle(.passageIn, .off)
        lane.forget()
        lane.read(2)
        lane.advance(.seconds(7))
        #expect(lane.has(.notPassed))
    }

    @Test mutating func `two edges within 300 ms are one person`() {
        lane.read(1)
        lane.advance(.seconds(1))
        for _ in 0..<2 {
            lane.set(.passageIn, .on)
            lane.advance(.milliseconds(70))
            lane.set(.passageIn, .off)
            lane.advance(.milliseconds(70))
        }
        #expect(lane.passages.count == 1)
        #expect(!lane.has(.forcedOpen))
    }

    @Test mutating func `a bounce shorter than 50 ms is nobody`() {
        lane.set(.passageIn, .on)
        lane.advance(.milliseconds(40))
        lane.set(.passageIn, .off)
        lane.advance(.seconds(1))
        #expect(lane.passages == [])
        #expect(!lane.has(.forcedOpen))
    }

    @Test mutating func `a passage that nobody granted is forced, an alarm and no relock`() {
        for direction in [TravelDirection.in, .out] {
            lane.forget()
            lane.pass(direction)
            #expect(lane.notes.map(\.kind) == [.forcedOpen])
            #expect(lane.notes.map(\.direction) == [direction])
            #expect(lane.calls == ["forcedOpen"])
            #expect(lane.moves == "")
            #expect(lane.passages == [])
        }
    }

    @Test mutating func `who forces it just before another is let through takes nobody's passage`() {
        lane.set(.passageIn, .on)
        lane.advance(.milliseconds(30))
        lane.read(1)
        lane.advance(.milliseconds(100))
        #expect(lane.notes.map(\.kind) == [.forcedOpen])
        #expect(lane.passages == [])
        #expect(lane.phase == "released in")
        lane.settle(.passageIn, .off)
        lane.advance(.milliseconds(200))
        lane.pass(.in)
        #expect(lane.passages.map(\.card) == ["em40:…0001"])
        #expect(lane.phase == "locked")
    }

    @Test mutating func `so it is with one that is held closed, but for its way out`() {
        lane.person(.holdClosed(until: nil))
        lane.set(.passageIn, .on)
        lane.advance(.milliseconds(30))
        lane.read(6, .out)
        lane.advance(.milliseconds(100))
        #expect(lane.has(.forcedOpen))
        lane.settle(.passageIn, .off)
        lane.advance(.seconds(8))
        lane.forget()
        lane.set(.passageOut, .on)
        lane.advance(.milliseconds(30))
        lane.read(7, .out)
        lane.advance(.milliseconds(100))
        #expect(!lane.has(.forcedOpen))
    }

    @Test mutating func `against a grant is a passage in reverse, and the grant stays`() {
        lane.read(1)
        lane.pass(.out)
        #expect(lane.passages.map(\.isReverse) == [true])
        #expect(lane.phase == "released in")
        lane.pass(.in)
        #expect(lane.passages.map(\.isReverse) == [true, false])
        #expect(lane.passages.last?.cause == .granted)
    }

    @Test mutating func `people behind one another are let through one by one, no pulse lost and none twice`()
    {
        lane.read(1)
        lane.read(2)
        lane.read(3)
        #expect(lane.moves == "Ri")
        lane.pass(.in)
        #expect(lane.moves == "RiRi")
        lane.pass(.in)
        #expect(lane.moves == "RiRiRi")
        lane.pass(.in)
        #expect(lane.phase == "locked")
        #expect(lane.passages.map(\.request) == [RequestID(1), RequestID(2), RequestID(3)])
    }

    @Test mutating func `a full queue asks nobody and says wait; the card may try again at once`() {
        for number: UInt64 in 1...4 { lane.read(number) }
        #expect(lane.decisions.count == 3)
        #expect(lane.texts.last == .wait)
        lane.pass(.in)
        lane.read(4)
        #expect(lane.decisions.count == 4)
    }

    @Test mutating func `the other way waits until the first is through`() {
        lane.read(1)
        lane.read(2, .out)
        #expect(lane.moves == "Ri")
        lane.advance(.milliseconds(6500))
        #expect(lane.moves == "RiRo")
        #expect(lane.phase == "released out")
        lane.pass(.out)
        #expect(lane.passages.map(\.direction) == [.out])
    }

    @Test mutating func `the same card again is one wish, however long it lies there`() {
        lane.read(1)
        lane.advance(.seconds(1))
        lane.read(1)
        lane.advance(.seconds(4))
        lane.read(1)
        #expect(lane.moves == "Ri")
        #expect(lane.decisions.count == 1)
        #expect(lane.notes.filter { $0.kind == .duplicateRead }.count == 2)
        lane.advance(.seconds(10))
        lane.read(1)
        #expect(lane.moves == "RiRi")
    }

    @Test mutating func `H-22 a release that was never sent is not sent later, and the card may ask again`() {
        lane.read(1)
        lane.send(.command(.releaseIn, .expired))
        #expect(lane.phase == "locked")
        #expect(lane.notes.map(\.kind) == [.commandExpired, .notPassed])
        lane.read(1)
        #expect(lane.phase == "released in")
        #expect(lane.moves == "RiRi")
        lane.send(.command(.releaseIn, .uncertain))
        #expect(lane.phase == "released in")
    }

    @Test mutating func `an alarm just after a passage is somebody who followed, else an intrusion`() {
        lane.read(1)
        lane.pass(.in)
        lane.forget()
        lane.settle(.alarm, .on)
        #expect(lane.notes.map(\.kind) == [.tailgated])
        #expect(lane.moves == "")
        lane.settle(.alarm, .off)
        lane.advance(.seconds(3))
        lane.forget()
        lane.settle(.alarm, .on)
        #expect(lane.notes.map(\.kind) == [.intrusion])
        #expect(lane.phase == "locked")
    }

    @Test mutating func `the exit button releases outward at once, by a command that waits for nothing`() {
        lane.press()
        #expect(lane.phase == "released out")
        #expect(
            lane.command(.releaseOut)
                == .command(
                    .releaseOut, .pulse(.milliseconds(300)), .safety, life: .seconds(2), cause: .exitButton))
        #expect(lane.has(.exitButton))
        lane.pass(.out)
        #expect(lane.passages.map(\.cause) == [.free])
    }

    @Test mutating func `the exit button is never lost in a full queue`() {
        for number: UInt64 in 1...3 { lane.read(number) }
        lane.press()
        lane.pass(.in)
        #expect(lane.moves == "RiRo")
    }

    @Test mutating func `the exit button again, when the unit has locked by itself, releases again`() {
        lane.press()
        lane.advance(.seconds(2))
        lane.press()
        #expect(lane.moves == "Ro", "it is released still: a second pulse would let two through")
        // A moment before it locks, and a moment after it has.
        lane.advance(.milliseconds(1600))
        lane.press()
        #expect(lane.moves == "RoRo")
        lane.advance(.milliseconds(5500))
        lane.press()
        lane.pass(.out)
        #expect(lane.moves == "RoRoRo")
        #expect(lane.passages.count == 1)
        #expect(lane.phase == "locked")
    }

    @Test mutating func `who presses just behind one who passes is let out as well`() {
        lane.press()
        lane.advance(.seconds(1))
        lane.press()
        lane.pass(.out)
        #expect(lane.moves == "RoRo", "nobody is through so soon after pressing")
        lane.pass(.out)
        #expect(lane.phase == "locked")
        lane.press()
        lane.press()
        lane.advance(.milliseconds(600))
        lane.pass(.out)
        #expect(lane.moves == "RoRoRo")
        #expect(lane.phase == "locked")
        #expect(lane.passages.map(\.cause) == [.free, .free, .free])
    }

    @Test mutating func `the exit button comes next and is one wish, however often it is pressed`() {
        for number: UInt64 in 1...2 { lane.read(number) }
        for _ in 0..<12 { lane.press() }
        lane.pass(.in)
        #expect(lane.moves == "RiRo")
        lane.pass(.out)
        #expect(lane.moves == "RiRoRi")
        lane.pass(.in)
        #expect(lane.phase == "locked")
        #expect(lane.passages.map(\.direction) == [.in, .out, .in])
    }

    @Test mutating func `a guard's releases wait in a queue that has an end`() {
        lane.read(1)
        for _ in 0..<9 { lane.person(.open, going: .out) }
        #expect(lane.notes.filter { $0.why == "queue_full" }.count == 7)
        lane.advance(.seconds(60))
        #expect(lane.moves == "RiRoRo")
    }

    @Test mutating func `closed for entry, out is always released, and a queue for in ends there`() {
        lane.read(1)
        lane.read(2)
        lane.person(.holdClosed(until: nil))
        lane.answer = { $0.isHeldClosed ? Harness.deny($0) : Harness.grant($0) }
        lane.pass(.in)
        #expect(lane.phase == "blocked")
        #expect(lane.moves == "Ri")
        lane.forget()
        lane.read(5)
        #expect(lane.decisions.map(\.verdict) == [.deny])
        lane.read(6, .out)
        #expect(lane.phase == "released out")
        lane.pass(.out)
        #expect(lane.phase == "blocked")
        lane.pass(.out)
        #expect(lane.passages.map(\.cause) == [.granted, .free])
        lane.pass(.in)
        #expect(lane.has(.forcedOpen))
    }

    @Test mutating func `a unit that stands open counts, and books to the card that was read`() {
        lane.person(.holdOpen(until: nil))
        lane.pass(.in)
        lane.read(7)
        lane.pass(.in)
        lane.pass(.in)
        #expect(lane.passages.map(\.cause) == [.free, .free, .free])
        #expect(lane.passages.map(\.card) == [nil, "em40:…0007", nil])
        #expect(lane.moves == "H")
    }

    @Test mutating func `a hold ends by its hour, and only then`() {
        lane.person(.holdOpen(until: lane.now.wall + .seconds(60)))
        lane.advance(.seconds(59))
        #expect(lane.phase == "free")
        lane.advance(.seconds(2))
        #expect(lane.phase == "locked")
        #expect(lane.moves == "Hh")
        lane.person(.holdOpen(until: lane.now.wall))
        #expect(lane.phase == "locked")
        #expect(lane.notes.last?.why == "until_is_past")
    }

    @Test mutating func `a unit without outputs to stand open is not held open`() {
        var plan = WalkwayPlan.turnstile()
        plan.outputs = [.releaseIn, .releaseOut]
        lane = Harness.ready(plan)
        lane.person(.holdOpen(until: nil))
        #expect(lane.phase == "locked")
        #expect(lane.notes.last?.why == "no_hold_output")
    }

    @Test mutating func `a way that the unit leaves free is no force`() {
        var plan = WalkwayPlan.turnstile()
        plan.outputs = [.releaseIn]
        plan.freeWays = [.out]
        lane = Harness.ready(plan)
        lane.forget()
        lane.pass(.out)
        #expect(lane.passages.map(\.cause) == [.free])
        #expect(!lane.has(.forcedOpen))
        lane.read(1)
        lane.pass(.out)
        #expect(lane.passages.map(\.isReverse) == [false, false])
        #expect(lane.phase == "released in")
    }

    // MARK: - Hazards

    @Test mutating func `H-34 nothing closes a unit on somebody, whatever happens or is ordered`() {
        lane.read(1)
        lane.settle(.alarm, .on)
        lane.pass(.out)
        lane.person(.close)
        lane.person(.holdClosed(until: nil))
        lane.person(.release)
        #expect(lane.moves == "Ri")
        #expect(lane.phase == "released in")
        #expect(lane.violations == [])
    }

    @Test
    mutating func `H-27 fire opens both ways in one step, before its record, from a silent contact too`() {
        lane.read(1)
        lane.forget()
        lane.send(.fire(.on, since: lane.now.uptime + .milliseconds(-100)))
        #expect(lane.phase == "fire")
        #expect(lane.outputs.isSuperset(of: [.holdIn, .holdOut]))
        let opened = lane.effects.firstIndex {
            if case .command(.holdOut, .on, _, _, _) = $0 { true } else { false }
        }
        let recorded = lane.effects.firstIndex {
            if case .record(.note(let note)) = $0 { note.kind == .fireReleaseStarted } else { false }
        }
        #expect(opened.map { opened in recorded.map { opened < $0 } ?? false } == true)
        guard case .command(_, _, let commandClass, let life, _) = lane.command(.holdOut) else { return }
        #expect(commandClass == .safety && life == nil)
        lane = Harness.ready(.turnstile())
        lane.forget()
        lane.fire(.unknown, for: .milliseconds(4999))
        #expect(lane.phase == "locked")
        lane.advance(.milliseconds(1))
        #expect(lane.phase == "fire")
        #expect(lane.notes.last?.flags == [])
        lane.fire(.off, for: .milliseconds(2100))
        #expect(lane.phase == "locked")
    }

    @Test
    mutating func `H-28 the latch ends by a reset on site after the contact is off, and by nothing else`() {
        lane.fire(.on)
        lane.send(.fireReset)
        lane.person(.release, onSite: true)
        #expect(lane.phase == "fire")
        lane.fire(.off, for: .milliseconds(1900))
        lane.send(.fireReset)
        #expect(lane.phase == "fire")
        lane.advance(.milliseconds(200))
        lane.person(.release)
        lane.person(.holdClosed(until: nil))
        lane.advance(.seconds(600))
        #expect(lane.phase == "fire")
        lane.person(.release, onSite: true)
        #expect(lane.phase == "locked")
        #expect(lane.outputs.isDisjoint(with: [.holdIn, .holdOut]))
    }

    @Test
    mutating func `H-35 in a fire everybody is counted, both ways, and cards are booked to the next passage`()
    {
        lane.fire(.on)
        lane.forget()
        lane.pass(.in)
        lane.read(7, .out)
        lane.pass(.out)
        #expect(lane.passages.map(\.cause) == [.fire, .fire])
        #expect(lane.passages.map(\.card) == [nil, "em40:…0007"])
        #expect(lane.moves == "")
    }

    @Test
    mutating func `H-30 somebody shut in a full-height unit is let out both ways and somebody is called`() {
        var plan = WalkwayPlan.turnstile()
        plan.isFullHeight = true
        lane = Harness.ready(plan)
        lane.forget()
        lane.read(1)
        lane.settle(.home, .off)
        lane.advance(.milliseconds(9800))
        #expect(!lane.has(.personTrapped))
        lane.advance(.milliseconds(300))
        #expect(lane.has(.personTrapped))
        #expect(lane.calls.contains("personTrapped"))
        #expect(lane.outputs.isSuperset(of: [.holdIn, .holdOut]))
        lane.pass(.out)
        #expect(lane.passages.last?.flags == ["rescue"])
        lane.settle(.home, .on)
        lane.advance(.seconds(15))
        #expect(lane.outputs.isDisjoint(with: [.holdIn, .holdOut]))
        lane.forget()
        lane.advance(.seconds(60))
        #expect(lane.moves == "")
    }

    @Test mutating func `H-30 who is still shut in after that is let out again`() {
        var plan = WalkwayPlan.turnstile()
        plan.isFullHeight = true
        lane = Harness.ready(plan)
        lane.read(1)
        lane.settle(.home, .off)
        lane.advance(.seconds(60))
        #expect(lane.notes.filter { $0.kind == .personTrapped }.count >= 2)
    }

    @Test mutating func `H-43 a restart in fire or held open never drops what stands open`() {
        for (isFire, phase) in [(true, "fire"), (false, "free")] {
            var memory = LaneMemory()
            memory.isFireLatched = isFire
            if !isFire { memory.hold = LaneMemory.Hold(kind: .open, until: nil) }
            lane = Harness(.turnstile())
            lane.start(memory)
            #expect(lane.phase == phase)
            #expect(lane.moves.contains("H") && !lane.moves.contains("h"))
        }
    }

    @Test
    mutating func `H-22 after a start nothing is released before the unit is seen at rest or three seconds`()
    {
        lane = Harness(.turnstile())
        lane.send(.started(LaneMemory()))
        lane.send(.fire(.off, since: lane.now.uptime))
        for input in lane.machine.plan.inputs.sorted() where input != .home { lane.settle(input, .off) }
        lane.read(1)
        #expect(lane.moves == "h")
        lane.settle(.home, .on)
        #expect(lane.moves == "hRi")
        lane = Harness(.turnstile())
        lane.send(.started(LaneMemory()))
        lane.read(1)
        lane.advance(.milliseconds(2999))
        #expect(lane.moves == "h")
        lane.advance(.milliseconds(1))
        #expect(lane.moves == "hRi")
    }

    @Test
    mutating func `who was granted before a restart and passes within three seconds is counted as resumed`() {
        var memory = LaneMemory()
        memory.unfinishedGrant = LaneMemory.UnfinishedGrant(
            decision: Decision(verdict: .grant, reason: .granted, rule: 18, card: "em40:…0001"),
            direction: .in,
            record: Sequence(77), grantedAt: lane.now.wall)
        lane = Harness(.turnstile())
        lane.start(memory)
        lane.pass(.in)
        #expect(lane.passages.map(\.cause) == [.resumed])
        #expect(lane.passages.map(\.resumedDecision) == [Sequence(77)])
        #expect(lane.passages.map(\.card) == ["em40:…0001"])
        lane = Harness(.turnstile())
        lane.start(memory)
        lane.advance(.seconds(3))
        #expect(lane.notes.filter { $0.kind == .notPassed }.map(\.read) == [Sequence(77)])
        lane.pass(.in)
        #expect(lane.has(.forcedOpen))
    }

    @Test mutating func `a board that fails ends what it cannot carry out, and comes back at rest`() {
        lane.read(1)
        lane.read(2)
        lane.forget()
        lane.send(.fault(.outputs, isRaised: true))
        #expect(lane.phase == "fault")
        #expect(lane.notes.map(\.kind) == [.undetermined, .undetermined])
        lane.answer = { Harness.deny($0) }
        lane.read(3)
        #expect(lane.texts.last == .fault)
        lane.forget()
        lane.send(.fault(.outputs, isRaised: false))
        #expect(lane.phase == "locked")
        #expect(lane.moves == "h")
    }

    @Test mutating func `a unit in a fault still moves for who leaves`() {
        lane.send(.fault(.outputs, isRaised: true))
        lane.forget()
        lane.press()
        lane.advance(.seconds(3))
        lane.read(1, .out)
        #expect(lane.moves == "RoRo")
    }

    @Test mutating func `an event of another machine is counted and changes nothing`() {
        let before = lane.phase
        lane.send(.input(.doorContact, .on, since: lane.now.uptime))
        lane.send(.timer(.unlock))
        lane.send(
            .decided(RequestID(99), Harness.grant(AccessRequest(lane: LaneID(0), direction: .in, read: nil))))
        #expect(lane.phase == before)
        #expect(lane.moves == "")
    }
}
