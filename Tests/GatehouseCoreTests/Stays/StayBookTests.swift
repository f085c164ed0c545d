// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// A book with the journal and the projection that belong to it.
struct StayLedger {
    var book = StayBook()
    var rows: Table<ProjectionKey, [UInt8]> = Table()
    var journal: [(sequence: Sequence, fact: StayFact)] = []
    var next = Sequence(1)

    @discardableResult
    mutating func record(_ facts: [StayFact]) -> [StayFact] {
        for fact in facts {
            for change in book.apply(fact, sequence: next) {
                if let value = change.value { rows[change.row] = value } else { rows.remove(change.row) }
            }
            journal.append((next, fact))
            next = next.next
        }
        return facts
    }

    @discardableResult
    mutating func pass(_ passage: StayPassage) -> [StayFact] {
        record(book.facts(for: passage, next: next))
    }

    @discardableResult
    mutating func repair(_ repair: StayRepair) throws -> [StayFact] {
        record(try book.facts(for: repair, by: StayFactTests.repairer, at: WallTime(milliseconds: 50_000)))
    }

    /// S4, S8: the sum by its own count, and the same book from the journal and from the rows.
    func check(_ location: SourceLocation = #_sourceLocation) throws {
        var inside: Table<String, Int> = Table()
        var households: Table<Int64, Int> = Table()
        for (_, stay) in book.stays.inOrder where stay.isCountedInside {
            inside[stay.opening.area, default: 0] += 1
            if let household = stay.holder.household { households[household, default: 0] += 1 }
        }
        for (area, count) in book.areas.inOrder {
            #expect(count.inside == inside[area] ?? 0, sourceLocation: location)
            #expect(
                count.occupancy == (inside[area] ?? 0) - count.unmatchedExits + count.correction,
                sourceLocation: location)
        }
        #expect(households == book.carsInside, sourceLocation: location)
        var folded = StayBook()
        for (sequence, fact) in journal { _ = folded.apply(fact, sequence: sequence) }
        #expect(folded == book, sourceLocation: location)
        let recovered = try StayBook(rows: rows.inOrder.map { ProjectionRow($0.key, $0.value) })
        #expect(recovered == book, sourceLocation: location)
    }
}

enum Passing {
    static func `in`(
        _ raw: String?, cause: Passage.Cause = .granted, decision: Decision? = nil, isReverse: Bool = false,
        kind: LanePlan.Kind = .entry, direction: TravelDirection = .in
    ) -> StayPassage {
        StayPassage(
            passage: passage(raw, direction, cause, isReverse), lane: "north", laneKind: kind, area: "main",
            decision: decision)
    }

    static func out(
        _ raw: String?, cause: Passage.Cause = .granted, decision: Decision? = nil, isReverse: Bool = false,
        kind: LanePlan.Kind = .exit, direction: TravelDirection = .out
    ) -> StayPassage {
        StayPassage(
            passage: passage(raw, direction, cause, isReverse), lane: "south", laneKind: kind, area: "main",
            decision: decision)
    }

    private static func passage(
        _ raw: String?, _ direction: TravelDirection, _ cause: Passage.Cause, _ isReverse: Bool
    ) -> Passage {
        Passage(
            direction: direction, isReverse: isReverse, certainty: .confirmed, cause: cause,
            reading: raw.map { PlateGrammar.parse($0, color: .blue) },
            recognisedAt: raw.map { _ in WallTime(milliseconds: 1000) },
            startedAt: WallTime(milliseconds: 2000),
            passedAt: WallTime(milliseconds: 3000))
    }
}

@Suite struct StayBookTests {
    private let plate = AccessWorld.resident

    private func permit() -> Decision {
        Decision(verdict: .grant, reason: .permitVehicle, rule: 18, plate: plate, permit: 12, household: 7)
    }

    private func occupied(_ count: Int = 1) -> StayLedger {
        var ledger = StayLedger()
        for number in 0..<count { ledger.pass(Passing.in("沪B" + padded(number, 5))) }
        return ledger
    }

    @Test func `an entry opens a stay named by its record, with both instants and the decision's right`()
        throws
    {
        var ledger = StayLedger()
        ledger.next = Sequence(40)
        ledger.pass(Passing.in("京A1234S", decision: permit()))
        let stay = try #require(ledger.book.stay(of: plate))
        #expect(stay.id == StayID(40))
        #expect(stay.opening.recognisedAt == WallTime(milliseconds: 1000))
        #expect(stay.opening.passedAt == WallTime(milliseconds: 3000))
        #expect(stay.opening.reading?.raw == "京A1234S")
        #expect(stay.holder == StayHolder(.permit, permit: 12, household: 7))
        #expect(ledger.book.occupancy(of: "main") == 1)
        #expect(ledger.book.carsInside[7] == 1)
        try ledger.check()
    }

    @Test func `an exit closes the stay, and nothing of it remains in book or rows`() throws {
        var ledger = StayLedger()
        ledger.pass(Passing.in("京A12345", decision: permit()))
        let facts = ledger.pass(Passing.out("京A12345"))
        #expect(facts.map(\.kind) == ["stayClosed"])
        #expect(ledger.book.stays.isEmpty)
        #expect(ledger.book.stay(of: plate) == nil)
        #expect(ledger.book.occupancy(of: "main") == 0)
        #expect(ledger.book.carsInside.isEmpty)
        #expect(ledger.rows.keysInOrder == [ProjectionKey(.area, "main")])
        try ledger.check()
    }

    @Test func `a stay named by the decision is closed though another plate was read`() throws {
        var ledger = StayLedger()
        ledger.pass(Passing.in("京A12345", decision: permit()))
        let decision = Decision(
            verdict: .grant, reason: .paid, rule: 8, plate: plate, stay: StayID(1))
        ledger.pass(Passing.out("京A1234S", decision: decision))
        #expect(ledger.book.stays.isEmpty)
        try ledger.check()
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var cause: Passage.Cause
        var isRead: Bool
        var kind: String
        var state: Stay.State?
        var change: Int
        var testDescription: String { "\(cause), read \(isRead)" }
    }

    @Test(arguments: [
        Row(cause: .granted, isRead: true, kind: "stayClosed", state: .closed, change: -1),
        Row(cause: .resumed, isRead: true, kind: "stayClosed", state: .closed, change: -1),
        Row(cause: .resumed, isRead: false, kind: "unmatchedExit", change: -1),
        Row(cause: .unidentified, isRead: false, kind: "unmatchedExit", change: -1),
        Row(cause: .ungranted, isRead: true, kind: "stayMarked", state: .suspectedLeft, change: -1),
        Row(cause: .ungranted, isRead: false, kind: "unmatchedExit", change: -1),
        Row(cause: .manual, isRead: true, kind: "stayClosed", state: .releasedByHand, change: -1),
        Row(cause: .manual, isRead: false, kind: "unmatchedExit", change: -1),
        Row(cause: .unattributed, isRead: true, kind: "stayClosed", state: .releasedByHand, change: -1),
        Row(cause: .held, isRead: true, kind: "stayClosed", state: .closed, change: -1),
        Row(cause: .held, isRead: false, kind: "unmatchedExit", change: -1),
        Row(cause: .convoy, isRead: true, kind: "stayClosed", state: .closed, change: -1),
        Row(cause: .convoy, isRead: false, kind: "unmatchedExit", change: -1),
        Row(cause: .fire, isRead: true, kind: "stayMarked", state: .review, change: -1),
        Row(cause: .fire, isRead: false, kind: "unmatchedExit", change: -1),
    ])
    func `H-41 exits are written row by row of the table`(row: Row) throws {
        var ledger = occupied(3)
        ledger.pass(Passing.in("京A12345", decision: permit()))
        let before = ledger.book.occupancy(of: "main")
        let facts = ledger.pass(Passing.out(row.isRead ? "京A12345" : nil, cause: row.cause))
        #expect(facts.map(\.kind) == [row.kind])
        #expect(ledger.book.occupancy(of: "main") - before == row.change)
        switch facts.first {
        case .closed(_, let state, let exit, _, _), .marked(_, let state, let exit, _):
            #expect(state == row.state)
            #expect(exit?.lane == "south")
        default: #expect(row.state == nil)
        }
        try ledger.check()
    }

    @Test(arguments: [
        Passage.Cause.granted, .ungranted, .manual, .held, .convoy, .fire, .resumed, .unidentified,
        .unattributed,
    ])
    func `H-35 entries open a stay, of the plate if read, else unidentified`(cause: Passage.Cause) throws {
        var ledger = StayLedger()
        ledger.pass(Passing.in("京A12345", cause: cause))
        ledger.pass(Passing.in(nil, cause: cause))
        #expect(ledger.book.stay(of: plate)?.holder.vehicleClass == .temporary)
        #expect(ledger.book.unidentifiedStays(in: "main").map(\.id) == [StayID(2)])
        #expect(ledger.book.occupancy(of: "main") == 2)
        let flags = ledger.book.stay(StayID(2))?.flags ?? []
        #expect(flags.contains("manual_open") == (cause == .manual))
        try ledger.check()
    }

    @Test func `out through an entry suspects the plate's stay, or is an unmatched exit`() throws {
        var ledger = occupied(2)
        ledger.pass(Passing.in("京A12345", decision: permit()))
        for direction in [TravelDirection.in, .out] {
            var copy = ledger
            let facts = copy.pass(Passing.in("京A12345", isReverse: true, direction: direction))
            #expect(facts.map(\.kind) == ["stayMarked"])
            #expect(copy.book.stay(of: plate)?.state == .suspectedLeft)
            #expect(copy.book.occupancy(of: "main") == 2)
            try copy.check()
        }
        #expect(ledger.pass(Passing.in(nil, isReverse: true)).map(\.kind) == ["unmatchedExit"])
        #expect(ledger.book.occupancy(of: "main") == 2)
    }

    @Test func `a car without a plate stays under six digits, which name its stay and nothing else`() throws {
        var ledger = StayLedger()
        ledger.next = Sequence(12_000_041)
        ledger.pass(Passing.in(nil))
        let code = try #require(Plate("TMP-000041"))
        let stay = try #require(ledger.book.stay(of: code))
        #expect(stay.id == StayID(12_000_041) && stay.opening.code == code)
        #expect(stay.holder.vehicleClass == .unidentified)
        // A record number a million later ends in the same digits: the next free ones are taken.
        ledger.next = Sequence(13_000_041)
        ledger.pass(Passing.in(nil))
        #expect(ledger.book.stay(of: try #require(Plate("TMP-000042")))?.id == StayID(13_000_041))
        #expect(ledger.book.stay(of: code)?.id == StayID(12_000_041))
        // Nobody reads a code: an exit without a plate belongs to neither.
        #expect(ledger.pass(Passing.out(nil)).map(\.kind) == ["unmatchedExit"])
        let exit = try #require(ledger.book.unmatchedExits[Sequence(13_000_042)])
        #expect(ledger.book.candidates(for: exit).map(\.plate.text) == ["TMP-000041", "TMP-000042"])
        try ledger.check()
        try ledger.repair(.match(stay.id, exit: Sequence(13_000_042)))
        #expect(ledger.book.stay(of: code) == nil)
        try ledger.check()
    }

    @Test func `in through an exit is an unidentified stay`() throws {
        var ledger = StayLedger()
        ledger.pass(Passing.out("京A12345", isReverse: true))
        #expect(ledger.book.unidentifiedStays(in: "main").count == 1)
        #expect(ledger.book.occupancy(of: "main") == 1)
        try ledger.check()
    }

    @Test func `a two-way lane counts by the direction of travel`() throws {
        var ledger = StayLedger()
        ledger.pass(Passing.in("京A12345", kind: .twoWay))
        #expect(ledger.book.occupancy(of: "main") == 1)
        ledger.pass(Passing.out("京A12345", kind: .twoWay))
        #expect(ledger.book.occupancy(of: "main") == 0)
    }

    @Test func `a plate that comes in again ends its old stay as a missed exit`() throws {
        var ledger = StayLedger()
        ledger.pass(Passing.in("京A12345", decision: permit()))
        let facts = ledger.pass(Passing.in("京A12345", decision: permit()))
        #expect(facts.map(\.kind) == ["stayClosed", "stayOpened"])
        #expect(facts.first == .closed(StayID(1), .missedExit, nil, flags: ["repeated_entry"], nil))
        #expect(ledger.book.stay(of: plate)?.id == StayID(3))
        #expect(ledger.book.occupancy(of: "main") == 1)
        #expect(ledger.book.carsInside[7] == 1)
        try ledger.check()
    }

    @Test func `two cars under one plate leave the books one short, said and set right by a recount`() throws
    {
        var ledger = StayLedger()
        ledger.pass(Passing.in("京A12345", decision: permit()))
        ledger.pass(Passing.in("京A12345", decision: permit()))
        ledger.pass(Passing.out("京A12345"))
        #expect(ledger.book.occupancy(of: "main") == 0, "one of them is inside still")
        let second = ledger.pass(Passing.out("京A12345"))
        #expect(second.map(\.kind) == ["unmatchedExit", "countUnderflow"])
        #expect(ledger.book.occupancy(of: "main") == -1)
        #expect(ledger.book.count(of: "main").shown == 0)
        try ledger.repair(.recount(area: "main", counted: 0))
        #expect(ledger.book.occupancy(of: "main") == 0)
        #expect(ledger.book.unmatchedExits.isEmpty)
        try ledger.check()
    }

    @Test func `a vehicle that is back left once, by the oldest exit that nobody could read`() throws {
        var ledger = StayLedger()
        ledger.pass(Passing.in("京A12345"))
        ledger.pass(Passing.in("沪B88888"))
        ledger.pass(Passing.out(nil))
        ledger.pass(Passing.out(nil))
        #expect(ledger.book.occupancy(of: "main") == 0)
        let facts = ledger.pass(Passing.in("京A12345"))
        #expect(facts.map(\.kind) == ["stayMatched", "stayOpened"])
        #expect(ledger.book.occupancy(of: "main") == 1)
        #expect(ledger.book.unmatchedExits.keysInOrder == [Sequence(4)])
        // Somebody else's plate is nobody's exit but its own.
        ledger.pass(Passing.in("沪B88888"))
        ledger.pass(Passing.out("粤C77777"))
        #expect(ledger.pass(Passing.in("沪B88888")).map(\.kind) == ["stayClosed", "stayOpened"])
        try ledger.check()
    }

    @Test func `H-41 a suspected stay ends with its seen exit when the plate comes in again`() throws {
        var ledger = StayLedger()
        ledger.pass(Passing.in("京A12345"))
        ledger.pass(Passing.out("京A12345", cause: .ungranted))
        let facts = ledger.pass(Passing.in("京A12345"))
        guard case .closed(_, .closed, let exit?, _, _) = facts.first else {
            Issue.record("\(facts)")
            return
        }
        #expect(exit.lane == "south")
        #expect(ledger.book.occupancy(of: "main") == 1)
        try ledger.check()
    }

    @Test func `a count below zero is said once, kept, and never shown`() throws {
        var ledger = StayLedger()
        #expect(ledger.pass(Passing.out("京A12345")).map(\.kind) == ["unmatchedExit", "countUnderflow"])
        #expect(ledger.pass(Passing.out("沪B88888")).map(\.kind) == ["unmatchedExit"])
        let count = ledger.book.count(of: "main")
        #expect(count.occupancy == -2)
        #expect(count.shown == 0)
        #expect(count.free(of: 10) == 10)
        #expect(count.underflows == 1)
        try ledger.check()
    }

    @Test func `an overfull area shows no free place`() throws {
        let ledger = occupied(4)
        #expect(ledger.book.count(of: "main").free(of: 3) == 0)
        #expect(ledger.book.count(of: "main").shown == 4)
    }

    @Test func `old unmatched exits leave the list, never the count`() throws {
        var ledger = StayLedger()
        for _ in 0..<(StayBook.maximumUnmatchedExits + 3) { ledger.pass(Passing.out(nil)) }
        #expect(ledger.book.unmatchedExits.count == StayBook.maximumUnmatchedExits)
        #expect(ledger.book.occupancy(of: "main") == -(StayBook.maximumUnmatchedExits + 3))
        try ledger.check()
    }

    @Test func `facts about unknown stays change nothing`() throws {
        var book = StayBook()
        let repairer = StayFactTests.repairer
        #expect(book.apply(.closed(StayID(9), .closed, nil, flags: [], nil), sequence: Sequence(1)).isEmpty)
        #expect(book.apply(.matched(StayID(9), exit: Sequence(3), repairer), sequence: Sequence(2)).isEmpty)
        #expect(book == StayBook())
    }

    @Test func `H-42 rows that cannot be read are refused by name`() {
        #expect(throws: FieldError.missing(key: "opening")) {
            try StayBook(rows: [ProjectionRow(ProjectionKey(.stay, "4"), Array(#"{"id":4}"#.utf8))])
        }
    }
}
