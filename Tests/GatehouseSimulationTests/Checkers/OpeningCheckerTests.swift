// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSimulation

/// S1 can fail on each of its clauses.
@Suite struct OpeningCheckerTests {
    private var checker = OpeningChecker(lanes: ["north"])

    private func at(_ seconds: Int64) -> Uptime { .zero + .seconds(seconds) }

    private func command(_ number: Int64, _ cause: String, _ commandClass: String) -> Record {
        record(number, "barrierCommanded") {
            $0.put("lane", "north")
            $0.put("output", "open")
            $0.put("action", "pulse")
            $0.put("class", commandClass)
            $0.put("cause", cause)
        }
    }

    private mutating func opens(_ record: Record?, at seconds: Int64) {
        if let record { checker.made(record, at: at(seconds)) }
        checker.edge(gate: 0, output: "open", at: at(seconds))
    }

    private mutating func verdict(_ seconds: Int64 = 60) -> String {
        checker.overdue(at: at(seconds))?.1 ?? ""
    }

    @Test mutating func `an opening without a command is found`() {
        opens(nil, at: 1)
        #expect(verdict().contains("no recorded command"))
    }

    @Test mutating func `a level that was ordered long ago stands, and one that was never is found`() {
        var hold = record(1, "barrierCommanded") {
            $0.put("lane", "north")
            $0.put("output", "hold")
            $0.put("action", "on")
            $0.put("class", "safety")
            $0.put("cause", "fire")
        }
        var never = checker
        checker.made(hold, at: at(1))
        _ = checker.durable(hold, at: at(1))
        for number in 2...1000 {
            hold = command(Int64(number), "person", "safety")
            checker.made(hold, at: at(Int64(number)))
            never.made(hold, at: at(Int64(number)))
        }
        checker.edge(gate: 0, output: "hold", at: at(2000))
        never.edge(gate: 0, output: "hold", at: at(2000))
        #expect(verdict(2060).isEmpty)
        #expect(never.overdue(at: at(2060))?.1.contains("no recorded command") == true)
    }

    @Test mutating func `one command is not two openings`() {
        let one = command(1, "person", "safety")
        opens(one, at: 1)
        _ = checker.durable(one, at: at(1))
        checker.edge(gate: 0, output: "open", at: at(2))
        #expect(verdict().contains("no recorded command"))
    }

    @Test(arguments: [("whim", "safety"), ("person", "sometime")])
    mutating func `a cause of no known class is found`(cause: String, commandClass: String) {
        let one = command(1, cause, commandClass)
        opens(one, at: 1)
        _ = checker.durable(one, at: at(1))
        #expect(verdict().contains("no known class"))
    }

    @Test(arguments: ["safety", "fire", "emergency", "rights_floor"])
    mutating func `what acts first is durable soon after the store's return`(cause: String) {
        checker.store(takesRecords: false, at: at(0))
        let one = command(1, cause, "safety")
        opens(one, at: 1)
        #expect(verdict(300).isEmpty, "no store, no record")
        checker.store(takesRecords: true, at: at(300))
        #expect(verdict(305).isEmpty)
        var late = checker
        #expect(late.overdue(at: at(311))?.1.contains("not durable") == true)
        _ = checker.durable(one, at: at(306))
        #expect(verdict(311).isEmpty)
    }

    @Test mutating func `a grant that could not wait is marked`() {
        let one = command(1, "guard_button", "grant")
        opens(one, at: 1)
        _ = checker.durable(one, at: at(5))
        var marked = checker
        _ = marked.durable(record(2, "actedBeforeDurable") { $0.put("record", 1) }, at: at(5))
        #expect(marked.overdue(at: at(60)) == nil)
        _ = checker.durable(record(2, "actedBeforeDurable") { $0.put("record", 7) }, at: at(5))
        #expect(verdict().contains("no record says so"))
    }

    @Test mutating func `a settlement waits, marked or not`() {
        let one = command(1, "guard_button", "settled")
        opens(one, at: 1)
        _ = checker.durable(one, at: at(5))
        _ = checker.durable(record(2, "actedBeforeDurable") { $0.put("record", 1) }, at: at(5))
        #expect(verdict().contains("settled"))
    }

    @Test mutating func `an opening by grant names its decision`() {
        let one = command(1, "grant", "grant")
        checker.made(one, at: at(1))
        _ = checker.durable(one, at: at(1))
        checker.edge(gate: 0, output: "open", at: at(2))
        #expect(verdict().contains("names no granted decision"))
    }

    @Test mutating func `what a cut took is excused only by a restart that says so`() {
        opens(command(1, "safety", "safety"), at: 1)
        checker.crashed(at: at(1), power: true)
        #expect(verdict().isEmpty)
        for (clean, newBoot) in [(true, true), (false, false)] {
            var restarted = checker
            let found = restarted.durable(start(2, clean: clean, newBoot: newBoot), at: at(30))
            #expect(found?.0 == "S1")
        }
        #expect(checker.durable(start(2, clean: false, newBoot: true), at: at(30)) == nil)
        // Nothing died since: the next start may say what it likes.
        #expect(checker.durable(start(3, clean: true, newBoot: false), at: at(30)) == nil)
    }

    private func start(_ number: Int64, clean: Bool, newBoot: Bool) -> Record {
        record(number, "processStarted") {
            $0.put("clean", clean)
            $0.put("new_boot", newBoot)
        }
    }

    @Test func `an arm that somebody raised is on record as such`() {
        var foreign = ForeignChecker()
        foreign.raised(lane: "north", lastTrouble: .zero, checker: "S1", at: at(200))
        #expect(foreign.watch(at: at(205)) == nil)
        var told = foreign
        told.durable(record(1, "armMovedUncommanded") { $0.put("lane", "north") })
        #expect(told.watch(at: at(215)) == nil)
        #expect(foreign.watch(at: at(215))?.0 == "S1")
    }
}

func record(_ number: Int64, _ kind: String, _ write: (inout FieldWriter) -> Void = { _ in }) -> Record {
    Record(
        sequence: Sequence(number), kind: kind, at: Moment(uptime: .zero, wall: WallTime(milliseconds: 0)),
        boot: "boot-1", payload: FieldWriter.object(write))
}
