// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

/// Doors after a restart, a reload, and a contact that comes back.
@Suite struct DoorReturnTests {
    private typealias Harness = WalkwayHarness<Door>

    private func memory(grantedBefore seconds: Int64) -> LaneMemory {
        var memory = LaneMemory()
        memory.unfinishedGrant = LaneMemory.UnfinishedGrant(
            decision: Decision(verdict: .grant, reason: .granted, rule: 18, card: "em40:…0001"),
            direction: .in, record: Sequence(7),
            grantedAt: WallTime(milliseconds: 1_700_000_000_000 - seconds * 1000))
        return memory
    }

    @Test func `who opens just after a restart, under the grant of before, forces nothing`() {
        var door = Harness(.door())
        door.start(memory(grantedBefore: 2))
        door.advance(.milliseconds(500))
        #expect(door.phase == "secured")
        door.settle(.doorContact, .on)
        #expect(door.passages.map(\.cause) == [.resumed])
        #expect(!door.has(.forcedOpen))
        #expect(door.phase == "open")
        door.settle(.doorContact, .off)
        door.advance(.seconds(4))
        #expect(!door.has(.notPassed))
    }

    @Test func `a grant of hours ago opens no door after a restart`() {
        var door = Harness(.door())
        door.start(memory(grantedBefore: 7_200))
        #expect(door.notes.filter { $0.kind == .notPassed }.map(\.why) == ["restart"])
        door.settle(.doorContact, .on)
        #expect(door.has(.forcedOpen))
        #expect(door.passages == [])
    }

    @Test func `the sound and the lamps of the machine before a reload end`() {
        var door = Harness(.door())
        door.start()
        for output in [LaneOutput.warn, .green, .red] {
            #expect(
                door.command(output)
                    == .command(output, .off, .safety, life: .seconds(5), cause: .lamp))
        }
    }

    @Test(arguments: [true, false])
    func `an alarm goes on when the contact was silent for a moment`(isForced: Bool) {
        var door = Harness.ready(.door())
        if isForced {
            door.settle(.doorContact, .on)
        } else {
            door.read(1)
            door.settle(.doorContact, .on)
            door.advance(.seconds(31))
        }
        #expect(door.phase == (isForced ? "forced" : "held"))
        door.forget()
        door.set(.doorContact, .unknown)
        door.advance(.seconds(1))
        door.settle(.doorContact, .on)
        #expect(door.phase == (isForced ? "forced" : "held"))
        door.advance(.seconds(301))
        #expect(door.has(.heldOpen), "again after five minutes")
        door.settle(.doorContact, .off)
        #expect(door.has(isForced ? .forcedEnded : .heldOpenEnded))
    }
}
