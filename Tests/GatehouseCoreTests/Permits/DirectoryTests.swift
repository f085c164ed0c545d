// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

@Suite struct DirectoryTests {
    private let plate = Plate("京A12345")

    private func build(_ permits: [Permit], _ entries: [ListEntry] = []) throws -> Directory {
        var builder = DirectoryBuilder()
        for permit in permits { try builder.set(permit) }
        for entry in entries { try builder.set(entry) }
        return try builder.build(asOf: Sequence(9), confirmedAt: WallTime(milliseconds: 77))
    }

    private func permits() throws -> [Permit] {
        let window = try #require(WeeklyWindow(days: [1], fromMinute: 0, toMinute: 60))
        let a = try #require(Plate("京A12345"))
        let b = try #require(Plate("津B54321"))
        return [
            Permit(id: 3, plate: a, household: -4, areas: ["main"], direction: .out, holder: "王"),
            Permit(id: 1, plate: a, areas: [], windows: [], isDenial: true, holder: "李"),
            Permit(
                id: 2, plate: b, household: 4, validFrom: CivilDate(daysSince1970: -1),
                validTo: CivilDate(daysSince1970: 20_000), windows: [window], holder: "王",
                endedAt: WallTime(milliseconds: 5)),
        ]
    }

    @Test func `packed rows give back what was put in`() throws {
        let permits = try permits()
        let entry = ListEntry(
            id: 8, list: .block, plate: try #require(plate), effectiveFrom: WallTime(milliseconds: -3),
            reason: "R",
            author: "A", variant: .denyBoth, document: "D")
        let directory = try build(permits, [entry])
        #expect(directory.permits(for: permits[0].credential) == [permits[1], permits[0]])
        #expect(directory.permits(for: permits[2].credential) == [permits[2]])
        #expect(directory.listEntries(for: entry.plate) == [entry])
        #expect(directory.count == 4)
        #expect(directory.isKnown(entry.plate))
        #expect(!directory.isKnown(try #require(Plate("京A12346"))))
        #expect(directory.permits(for: try #require(Plate("京A12346"))) == [])
        #expect(directory.asOf == Sequence(9))
        #expect(directory.confirmedAt == WallTime(milliseconds: 77))
    }

    @Test func `the order of rows means nothing`() throws {
        let permits = try permits()
        let read = try #require(Plate("京A1234S"))
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
        let built = try orders.map { order in try build(order.map { permits[$0] }) }
        for directory in built {
            for plate in permits.map(\.credential) {
                #expect(directory.permits(for: plate) == built[0].permits(for: plate))
            }
            #expect(directory.candidates(near: read) == built[0].candidates(near: read))
        }
    }

    @Test func `changes on top of a directory equal a directory built anew`() throws {
        let permits = try permits()
        let old = try build(permits)
        var moved = permits[0]
        moved.credential = .plate(try #require(Plate("沪C11111")))
        moved.holder = "新"
        var builder = DirectoryBuilder(updating: old)
        try builder.apply(.permitSet(moved))
        try builder.apply(.householdSet(Household(id: 4, name: "3-1-502", spaces: 1)))
        let updated = try builder.build(asOf: Sequence(10))
        #expect(updated.permits(for: permits[0].credential) == [permits[1]])
        #expect(updated.permits(for: moved.credential) == [moved])
        #expect(updated.permits(for: permits[2].credential) == [permits[2]])
        #expect(updated.household(4)?.spaces == 1)
        #expect(old.household(4) == nil)
        #expect(old.permits(for: permits[0].credential).count == 2)
    }

    @Test func `households are found by number after any sets and removals`() throws {
        var builder = DirectoryBuilder()
        for id in [5, -3, 9, 7, 1] as [Int64] {
            builder.set(Household(id: id, name: "h\(id)", spaces: Int(id)))
        }
        builder.set(Household(id: 9, name: "nine"))
        for id in [5, 1, 44] as [Int64] { try builder.apply(.householdRemoved(Household(id: id, name: ""))) }
        let directory = try builder.build(asOf: Sequence(1))
        #expect(directory.householdCount == 3)
        #expect(directory.household(9) == Household(id: 9, name: "nine"))
        #expect(directory.household(7) == Household(id: 7, name: "h7", spaces: 7))
        #expect(directory.household(-3) == Household(id: -3, name: "h-3", spaces: 0))
        for id in [5, 1, 44, 8] as [Int64] { #expect(directory.household(id) == nil) }
    }

    @Test func `rows of the projections make the same directory`() throws {
        var rows: [ProjectionRow] = []
        for golden in try DirectoryChangeTests.goldens() {
            guard let value = golden.change.projection.value else { continue }
            rows.append(ProjectionRow(golden.change.projection.row, value))
        }
        var builder = DirectoryBuilder()
        for row in rows.reversed() { try builder.add(row) }
        let directory = try builder.build(asOf: Sequence(1))
        #expect(directory.permits(for: try #require(plate)).map(\.id) == [1, 12])
        #expect(directory.listEntries(for: try #require(plate)).map(\.id) == [3, 4])
        #expect(directory.household(7)?.name == "3-1-502")
        var broken = DirectoryBuilder()
        #expect(throws: DirectoryError.unreadableRow(ProjectionKey(.permit, "1"), .missing(key: "id"))) {
            try broken.add(ProjectionRow(ProjectionKey(.permit, "1"), Array("{}".utf8)))
        }
    }

    @Test func `what may not stand in a list is refused`() throws {
        let gap = try #require(Plate("京A?2345", allowingWildcards: true))
        var builder = DirectoryBuilder()
        #expect(throws: DirectoryError.wildcardInPlate(gap)) { try builder.set(Permit(id: 1, plate: gap)) }
        #expect(throws: DirectoryError.invalidEntry(.allowWithoutExpiry(entry: 1))) {
            try builder.set(
                ListEntry(
                    id: 1, list: .allow, plate: #require(plate), effectiveFrom: WallTime(milliseconds: 0),
                    reason: "", author: "", owner: "li"))
        }
    }

    @Test func `one credential over the limit is refused by name`() throws {
        #expect(Directory.limit == 250_000)
        var builder = DirectoryBuilder()
        for permit in try permits() { try builder.set(permit) }
        let full = builder
        #expect(try full.build(asOf: Sequence(1), limit: 3).count == 3)
        try builder.set(Permit(id: -1, plate: #require(plate)))
        let over = builder
        #expect(throws: DirectoryError.tooManyCredentials(count: 4, limit: 3)) {
            try over.build(asOf: Sequence(1), limit: 3)
        }
    }

    /// The worst site: every number of one letter is taken.
    private func crowded(_ count: Int) throws -> (directory: Directory, plates: [Plate]) {
        let letters = try #require(Plate("苏E00000")).packed
        let plates = (0..<count).map { number in
            let digits = [10_000, 1000, 100, 10, 1].map { UInt64(number / $0 % 10) }
            return Plate(
                packed: digits.enumerated().reduce(letters) { $0 + $1.element << UInt64(42 - 7 * $1.offset) })
        }
        #expect(plates.last?.text == "苏E" + padded(count - 1, 5))
        var builder = DirectoryBuilder()
        for (number, plate) in plates.enumerated() {
            try builder.set(Permit(id: Int64(number), plate: plate))
        }
        return (try builder.build(asOf: Sequence(1)), plates)
    }

    @Test func `a look-up among 100 000 permits compares at most hundreds of plates`() throws {
        let directory = try crowded(100_000).directory
        for text in ["苏E12345", "苏E08680", "苏EZ2345", "E12345", "赣E1234S", "苏E1B345", "苏E12?45"] {
            let read = try #require(Plate(text, allowingWildcards: true))
            let sieved = directory.plates(sharingSkeletonWith: read, reach: .similar)
            #expect(!sieved.isEmpty)
            #expect(sieved.count < 1000, "\(text): \(sieved.count)")
        }
    }

    @Test func `candidates are those that a walk over all plates finds`() throws {
        let (directory, plates) = try crowded(3_000)
        for text in ["苏E02345", "苏E00680", "苏EO234Z", "E02345", "赣E0234S", "苏E0B345", "苏E02?45", "沪E02345"] {
            let read = try #require(Plate(text, allowingWildcards: true))
            let slow = plates.map {
                PlateMatch.Near(
                    plate: $0, distance: PlateLookAlike.distance(read: read, color: .unknown, to: $0))
            }
            #expect(directory.candidates(near: read) == slow.filter { $0.distance <= 8 }.sorted(), "\(text)")
        }
    }

    @Test func `rows stay small`() {
        #expect(MemoryLayout<PermitRow>.stride <= 56)
        #expect(MemoryLayout<ListRow>.stride <= 56)
    }
}

@Suite struct CardDirectoryTests {
    @Test func `cards and plates of one directory are found each by its own`() throws {
        let card = try #require(Card("em40:2A00617A69"))
        let plate = try #require(Plate("京A12345"))
        let other = try #require(Card("em32:0006388329"))
        let read = try #require(Plate("京A1234S"))
        let byCard = Permit(id: 1, credential: .card(card), household: 3, holder: "王")
        let byPlate = Permit(id: 2, plate: plate, household: 3)
        var builder = DirectoryBuilder()
        try builder.set(byCard)
        try builder.set(byPlate)
        let directory = try builder.build(asOf: Sequence(1))
        #expect(directory.permits(for: .card(card)) == [byCard])
        #expect(directory.permits(for: plate) == [byPlate])
        #expect(directory.isKnown(card))
        #expect(!directory.isKnown(other))
        #expect(directory.count == 2)
        // A card is nobody's look-alike.
        #expect(directory.candidates(near: read).map(\.plate) == [plate])
    }

    @Test func `a card's permit is read back from its payload`() throws {
        let card = try #require(Card("em24:097,31337"))
        let permit = Permit(id: 5, credential: .card(card), direction: .in, holder: "李")
        let bytes = FieldWriter.object(permit.write)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"id":5,"card":"em24:097,31337","direction":"in","holder":"李"}"#)
        #expect(try Permit(from: Fields(bytes)) == permit)
        let broken = Array(#"{"id":5,"card":"097,31337","direction":"in","holder":"李"}"#.utf8)
        #expect(throws: FieldError.self) { try Permit(from: Fields(broken)) }
    }
}
