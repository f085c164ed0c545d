// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What records make of the number of entries on a visitor's pass.
struct VisitEntriesTests {
    private static let plate = Plate("沪B88888") ?? Plate(packed: 0)
    private static let guest = StayHolder(.visitor, permit: 5)
    private let now = Moment(uptime: .zero, wall: WallTime(milliseconds: 5000))
    private var memory = SiteMemory()
    private var rows: Table<ProjectionKey, [UInt8]> = Table()
    private var next = Sequence(1)

    private static func pass(_ entries: Int?) -> Permit {
        let time = WallTime(milliseconds: 1000)
        return Permit(
            id: 5, plate: plate, visit: Visit(from: time, to: time + .seconds(3600), entries: entries))
    }

    /// What the passes' rows say after it; nil: one is gone.
    @discardableResult
    private mutating func apply(_ fact: Fact) -> [String?] {
        let changes = memory.apply(fact, next, at: now)
        next = next.next
        for change in changes { rows[change.row] = change.value }
        return changes.filter { $0.row.table == .visit }.map { change in
            change.value.map { "\(change.row.key) \(String(decoding: $0, as: UTF8.self))" }
        }
    }

    private mutating func set(_ entries: Int?) -> [String?] {
        apply(.directory(.permitSet(Self.pass(entries)), by: nil, reason: nil))
    }

    private mutating func comes(_ holder: StayHolder = guest, isAtExit: Bool = false) -> [String?] {
        apply(
            .stay(
                .opened(
                    StayOpening(
                        area: "main", lane: "north", plate: Self.plate, reading: nil, holder: holder,
                        recognisedAt: now.wall, passedAt: now.wall, isAtExit: isAtExit))))
    }

    private mutating func ends(_ stay: Int64, _ state: Stay.State) -> [String?] {
        apply(.stay(.closed(StayID(stay), state, nil, flags: [], nil)))
    }

    @Test mutating func `each stay that begins on it counts, and stays counted when it is over`() throws {
        #expect(set(2) == [#"5 {"stays":[]}"#])
        #expect(comes() == [#"5 {"stays":[2]}"#])
        #expect(ends(2, .closed) == [])
        #expect(!memory.visits.areUsedUp(of: Self.pass(2)))
        #expect(comes() == [#"5 {"stays":[2,4]}"#])
        #expect(memory.visits.areUsedUp(of: Self.pass(2)))
        #expect(!memory.visits.areUsedUp(of: Self.pass(2), besides: StayID(4)))
        // A restart reads the rows, of which the first stay has none any more.
        let read = try SiteMemory(rows: rows.inOrder.map { ProjectionRow($0.key, $0.value) })
        #expect(read.visits == memory.visits && read.stays == memory.stays)
    }

    @Test mutating func `one that never was does not count`() {
        _ = set(1)
        _ = comes()
        #expect(ends(2, .cancelled) == [#"5 {"stays":[]}"#])
        #expect(!memory.visits.areUsedUp(of: Self.pass(1)))
        // Nobody saw it come in.
        #expect(comes(isAtExit: true) == [])
    }

    @Test mutating func `nor does whoever came in by another right`() {
        _ = set(1)
        #expect(comes(StayHolder(.temporary)) == [])
        #expect(comes(StayHolder(.permit, permit: 5)) == [])
        #expect(comes(StayHolder(.visitor, permit: 6)) == [])
    }

    @Test mutating func `a person's word of the plate moves it`() {
        _ = set(1)
        _ = comes()
        let reading = PlateGrammar.parse("沪B88889", color: .blue)
        let repairer = StayFactTests.repairer
        #expect(
            apply(.stay(.corrected(StayID(2), reading, StayHolder(.temporary), repairer)))
                == [#"5 {"stays":[]}"#])
        #expect(apply(.stay(.corrected(StayID(2), reading, Self.guest, repairer))) == [#"5 {"stays":[2]}"#])
        // Once more the same changes nothing.
        #expect(apply(.stay(.corrected(StayID(2), reading, Self.guest, repairer))) == [])
    }

    @Test mutating func `where nothing is limited there are no rows`() {
        #expect(set(nil) == [])
        #expect(comes() == [])
        #expect(ends(2, .cancelled) == [])
        // From now on.
        #expect(set(1) == [#"5 {"stays":[]}"#])
        #expect(comes() == [#"5 {"stays":[5]}"#])
        #expect(set(3) == [])
        #expect(memory.visits.count(of: 5) == 1)
        #expect(set(nil) == [nil])
        #expect(rows.keysInOrder.allSatisfy { $0.table != .visit })
    }

    @Test func `a row of no pass is not read`() {
        let row = ProjectionRow(ProjectionKey(.visit, "five"), Array(#"{"stays":[]}"#.utf8))
        #expect(throws: FieldError.self) { try VisitEntries(rows: [row]) }
    }
}
