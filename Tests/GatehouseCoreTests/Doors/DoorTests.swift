// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@Suite struct DoorTests {
    private typealias Harness = WalkwayHarness<Door>
    private var door = Harness.ready(.door())

    init() {
        door.advance(.seconds(4))
        door.forget()
    }

    @Test mutating func `a granted person unlocks, opens and is counted, and the lock waits for the leaf`()
        throws
    {
        door.read(1)
        #expect(
            door.command(.unlock)
                == .command(.unlock, .on, .grant, life: .seconds(2), cause: .grant(RequestID(1))))
        door.advance(.seconds(2))
        door.settle(.doorContact, .on)
        let passage = try #require(door.passages.first)
        #expect((passage.cause, passage.certainty, passage.card) == (.granted, .confirmed, "em40:…0001"))
        door.advance(.seconds(10))
        #expect(door.moves == "U")
        door.settle(.doorContact, .off)
        #expect(door.moves == "Uu")
        #expect(door.phase == "secured")
        #expect(door.passages.count == 1)
        #expect(!door.has(.forcedOpen))
    }

    @Test mutating func `who does not open is on record, and the door locks`() {
        door.read(1)
        door.advance(.seconds(5))
        #expect(door.phase == "secured")
        #expect(door.moves == "Uu")
        #expect(door.notes.map(\.kind) == [.notPassed])
        #expect(door.passages == [])
    }

    @Test mutating func `without a contact the passage is assumed at the end of its time`() {
        door = Harness.ready(.door(without: [.doorContact]))
        door.forget()
        door.read(1)
        door.advance(.seconds(5))
        #expect(door.passages.map(\.certainty) == [.assumed])
        #expect(door.moves == "Uu")
    }

    @Test mutating func `a contact that falls silent leaves the door to its time, without alarm`() {
        door.set(.doorContact, .unknown)
        #expect(door.effects.contains(.raiseFault(.doorContactUnknown)))
        door.read(1)
        door.advance(.seconds(5))
        #expect(door.passages.map(\.certainty) == [.assumed])
        door.set(.doorContact, .off)
        door.advance(.milliseconds(200))
        door.read(2)
        door.settle(.doorContact, .on)
        door.set(.doorContact, .unknown)
        door.forget()
        door.advance(.seconds(120))
        #expect(!door.has(.heldOpen))
        #expect(door.moves == "")
        #expect(door.phase == "open")
    }

    @Test mutating func `a door that opens without a right is forced, sounds and calls, until it is shut`() {
        door.settle(.doorContact, .on)
        #expect(door.phase == "forced")
        #expect(door.notes.map(\.kind) == [.forcedOpen])
        #expect(door.calls == ["forcedOpen"])
        #expect(door.outputs.contains(.warn))
        door.advance(.seconds(301))
        #expect(door.has(.heldOpen))
        door.settle(.doorContact, .off)
        #expect(door.phase == "secured")
        #expect(door.notes.last?.kind == .forcedEnded)
        #expect(!door.outputs.contains(.warn))
    }

    @Test mutating func `a grant ends the sound of a forced door, not its record`() {
        door.settle(.doorContact, .on)
        door.forget()
        door.read(1)
        #expect(!door.outputs.contains(.warn))
        #expect(door.phase == "forced")
        #expect(door.passages.map(\.certainty) == [.assumed])
        door.settle(.doorContact, .off)
        #expect(door.notes.last?.kind == .forcedEnded)
    }

    @Test mutating func `a board that comes back throws no bolt on a door that was opened meanwhile`() {
        door.read(1)
        door.send(.fault(.outputs, isRaised: true))
        #expect(door.moves == "U", "the board would do late what is asked now")
        door.settle(.doorContact, .on)
        door.send(.fault(.outputs, isRaised: false))
        #expect(door.moves == "U" && door.phase == "open")
        door.settle(.doorContact, .off)
        #expect(door.moves == "Uu" && door.phase == "secured")
    }

    @Test mutating func `a hold that relied on an unlock that never came says it again`() {
        door.read(1)
        door.person(.holdOpen(until: nil))
        #expect(door.moves == "U")
        door.send(.command(.unlock, .expired))
        #expect(door.moves == "UU" && door.phase == "free")
        door.send(.command(.unlock, .refused("x")))
        #expect(door.moves == "UU", "what is refused is not asked for again and again")
    }

    @Test mutating func `a contact that lies keeps nobody in`() {
        door.settle(.doorContact, .on)
        #expect(door.phase == "forced")
        door.forget()
        door.press()
        #expect(
            door.command(.unlock) == .command(.unlock, .on, .safety, life: .seconds(2), cause: .exitButton))
        door.press()
        #expect(door.moves == "U")
        door.send(.command(.unlock, .expired))
        door.press()
        #expect(door.moves == "UU", "it never reached the lock")
        door.settle(.doorContact, .off)
        #expect(door.moves == "UUu")
        #expect(door.phase == "secured")
    }

    @Test mutating func `a door held too long says so, again every five minutes, and that it ended`() {
        door.read(1)
        door.settle(.doorContact, .on)
        door.advance(.seconds(31))
        #expect(door.phase == "held")
        #expect(door.outputs.contains(.warn))
        #expect(door.notes.map(\.kind) == [.heldOpen])
        door.advance(.seconds(600))
        #expect(door.notes.map(\.kind) == [.heldOpen, .heldOpen, .heldOpen])
        #expect(door.moves == "U")
        door.settle(.doorContact, .off)
        #expect(door.notes.last?.kind == .heldOpenEnded)
        #expect(door.moves == "Uu")
        #expect(!door.outputs.contains(.warn))
    }

    @Test mutating func `somebody else who comes while it is open begins that time anew`() {
        door.read(1)
        door.settle(.doorContact, .on)
        door.advance(.seconds(29))
        door.read(2)
        door.advance(.seconds(29))
        #expect(door.phase == "open")
        #expect(door.passages.map(\.certainty) == [.confirmed, .assumed])
    }

    @Test(arguments: [false, true])
    mutating func `who asks in the moment in which it shuts finds it unlocked, not locked by that`(
        _ isCard: Bool
    ) {
        door.press()
        door.settle(.doorContact, .on)
        door.advance(.seconds(2))
        door.set(.doorContact, .off)
        door.advance(.milliseconds(20))
        if isCard { door.read(1) } else { door.press() }
        door.advance(.seconds(4))
        #expect(door.moves == "UU")
        #expect(door.phase == "unlocked")
        door.settle(.doorContact, .on)
        door.settle(.doorContact, .off)
        #expect(door.moves == "UUu")
        #expect(door.passages.count == 2)
    }

    /// It did not quite shut: for a moment only, and in that moment somebody showed a card.
    @Test mutating func `a door that springs open again is open, and is told of when it stays so`() {
        door.press()
        door.settle(.doorContact, .on)
        door.advance(.seconds(2))
        door.set(.doorContact, .off)
        door.advance(.milliseconds(20))
        door.read(1)
        door.advance(.milliseconds(20))
        door.set(.doorContact, .on)
        door.advance(.seconds(1))
        #expect(door.phase == "open")
        #expect(door.passages.count == 2)
        door.advance(.seconds(31))
        #expect(door.has(.heldOpen))
    }

    @Test mutating func `a queue of cards holds no door unlocked for the evening`() {
        door.read(1)
        for number: UInt64 in 2...9 {
            door.advance(.seconds(1))
            door.read(number)
        }
        #expect(door.moves == "Uu" || door.moves.hasPrefix("Uu"))
    }

    @Test mutating func `the exit button unlocks at once and is no force, nor is the lock's own contact`() {
        door.press()
        #expect(
            door.command(.unlock) == .command(.unlock, .on, .safety, life: .seconds(2), cause: .exitButton))
        door.settle(.doorContact, .on)
        #expect(door.passages.map(\.cause) == [.free])
        door.settle(.doorContact, .off)
        door.forget()
        door.settle(.lockFeedback, .on)
        door.settle(.doorContact, .on)
        #expect(!door.has(.forcedOpen))
        #expect(door.passages.map(\.cause) == [.free])
        #expect(door.passages.map(\.direction) == [.out])
    }

    @Test mutating func `the button or a card again is one wish, and one passage`() {
        for _ in 0..<4 { door.press() }
        door.settle(.doorContact, .on)
        #expect(door.passages.map(\.certainty) == [.confirmed])
        door.settle(.doorContact, .off)
        door.forget()
        door.read(1)
        door.advance(.seconds(4))
        door.read(1)
        door.settle(.doorContact, .on)
        #expect(door.passages.map(\.request) == [RequestID(2)])
        #expect(door.notes.map(\.kind) == [.decisionUnused])
    }

    @Test mutating func `the button covers for five seconds after it, and no longer`() {
        door.settle(.lockFeedback, .on)
        door.settle(.lockFeedback, .off)
        door.advance(.milliseconds(4700))
        door.settle(.doorContact, .on)
        #expect(!door.has(.forcedOpen))
        door.settle(.doorContact, .off)
        door.advance(.seconds(6))
        door.settle(.doorContact, .on)
        #expect(door.has(.forcedOpen))
    }

    @Test mutating func `an unlock that never reached the lock does not reach it later`() {
        door.read(1)
        door.send(.command(.unlock, .expired))
        #expect(door.moves == "Uu")
        #expect(door.has(.commandExpired))
    }

    @Test mutating func `doors are not held closed, and nothing else is ordered of them`() {
        for action: LaneOrder.Action in [.holdClosed(until: nil), .close, .seenEmpty, .confirm, .refuse] {
            door.person(action)
        }
        #expect(door.notes.map(\.why) == Array(repeating: "not_at_a_door", count: 5))
        #expect(door.phase == "secured")
    }

    @Test mutating func `H-34 a door never locks while it stands open, whatever ends`() {
        door.person(.holdOpen(until: nil))
        door.settle(.doorContact, .on)
        door.person(.release)
        #expect(door.phase == "open")
        #expect(door.moves == "U")
        door.send(.fault(.outputs, isRaised: true))
        door.send(.fault(.outputs, isRaised: false))
        door.fire(.on)
        door.fire(.off, for: .milliseconds(2100))
        door.send(.fireReset)
        #expect(door.phase == "open")
        #expect(door.outputs.contains(.unlock))
        door.settle(.doorContact, .off)
        #expect(door.phase == "secured")
        #expect(!door.outputs.contains(.unlock))
        #expect(door.violations == [])
    }

    @Test mutating func `H-27 fire unlocks in one step from every phase, a silent contact too`() {
        for phase in DoorCell.columns where phase != .fire {
            var door = DoorCell.at(phase)
            door.send(.fire(.on, since: door.now.uptime + .milliseconds(-100)))
            #expect(door.phase == "fire", "\(phase)")
            guard case .command(_, .on, let commandClass, let life, let cause) = door.command(.unlock) else {
                Issue.record("no unlock from \(phase)")
                continue
            }
            #expect((commandClass, life, cause) == (.safety, nil, .fire))
        }
        door.fire(.unknown, for: .seconds(5))
        #expect(door.phase == "fire")
    }

    @Test mutating func `H-28 a door's fire latch ends on site, after the contact is off`() {
        door.fire(.on)
        door.person(.release, onSite: true)
        door.fire(.off, for: .milliseconds(1900))
        door.person(.release, onSite: true)
        door.advance(.milliseconds(200))
        door.person(.release)
        #expect(door.phase == "fire")
        door.person(.release, onSite: true)
        #expect(door.phase == "secured")
    }

    @Test mutating func `H-43 a restart in fire or held open keeps the door unlocked`() {
        for isFire in [true, false] {
            var memory = LaneMemory()
            memory.isFireLatched = isFire
            if !isFire { memory.hold = LaneMemory.Hold(kind: .open, until: nil) }
            door = Harness(.door())
            door.start(memory)
            #expect(door.phase == (isFire ? "fire" : "free"))
            #expect(door.moves.hasPrefix("U") && !door.moves.contains("u"))
        }
    }

    @Test mutating func `a door found open at a start was not forced, and is watched like any`() {
        door = Harness(.door())
        door.start(LaneMemory(), [.doorContact: .on])
        #expect(door.phase == "open")
        #expect(!door.has(.forcedOpen))
        #expect(door.moves == "")
        door.advance(.seconds(31))
        #expect(door.phase == "held")
        door.settle(.doorContact, .off)
        #expect(door.phase == "secured")
        #expect(door.moves == "u", "whatever the process before left is ended when the leaf is shut")
    }

    @Test mutating func `a grant of the process before ends as not passed`() {
        var memory = LaneMemory()
        memory.unfinishedGrant = LaneMemory.UnfinishedGrant(
            decision: Decision(verdict: .grant, reason: .granted, rule: 18), direction: .in,
            record: Sequence(77), grantedAt: door.now.wall)
        door = Harness(.door())
        door.start(memory)
        door.advance(.seconds(3))
        #expect(door.notes.filter { $0.kind == .notPassed }.map(\.read) == [Sequence(77)])
    }
}
