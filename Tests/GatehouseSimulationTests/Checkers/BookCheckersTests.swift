// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSimulation

/// S4, S5 and S6 can fail on each of their clauses.
@Suite struct BookCheckersTests {
    private var books = BookChecker()

    private func area(_ record: Record, says occupancy: Int) -> Record {
        var record = record
        var count = AreaCount()
        count.inside = occupancy
        record.changes = [
            ProjectionChange(
                ProjectionKey(.area, Estate.area), FieldWriter.object { count.write(to: &$0) })
        ]
        return record
    }

    private func opened(_ number: Int64, _ plate: String) -> Record {
        record(number, "stayOpened") { $0.put("plate", plate) }
    }

    @Test mutating func `a count that differs from the stays is found with its record`() {
        #expect(books.durable(area(opened(1, "沪A00001"), says: 1)) == nil)
        var wrong = books
        #expect(wrong.durable(area(opened(2, "沪A00002"), says: 3))?.0 == "S4")
        #expect(books.durable(opened(2, "沪A00002"))?.0 == "S4", "a row that was not written is wrong as well")
    }

    @Test mutating func `a count below zero is not clamped`() {
        var clamped = books
        #expect(clamped.durable(area(record(1, "unmatchedExit"), says: 0))?.0 == "S4")
        #expect(books.durable(area(record(1, "unmatchedExit"), says: -1)) == nil)
    }

    @Test mutating func `a recount settles what came before it`() {
        _ = books.durable(area(opened(1, "沪A00001"), says: 1))
        let recount = record(2, "areaRecounted") { $0.put("counted", 5) }
        #expect(books.durable(area(recount, says: 5)) == nil)
        // Settled on paper: whoever counted has not counted it.
        let onPaper = record(3, "stayClosed") {
            $0.put("stay", 1)
            $0.put("state", "missed_exit")
        }
        var seen = books
        #expect(books.durable(area(onPaper, says: 5)) == nil)
        let leaves = record(3, "stayClosed") {
            $0.put("stay", 1)
            $0.put("state", "closed")
            $0.put("exit") { $0.put("lane", "south") }
        }
        #expect(seen.durable(area(leaves, says: 4)) == nil)
    }

    @Test mutating func `a plate is inside once`() {
        _ = books.durable(area(opened(1, "沪A00001"), says: 1))
        #expect(books.durable(area(opened(2, "沪A00001"), says: 2))?.0 == "S5")
    }

    @Test func `a gap and a repetition are found`() {
        for number in [1, 3] as [Int64] {
            var order = SequenceChecker()
            #expect(order.durable(record(1, "armUp")) == nil)
            #expect(order.durable(record(number, "armUp"))?.0 == "S6")
        }
    }
}
