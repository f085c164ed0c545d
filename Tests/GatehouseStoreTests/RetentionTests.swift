// SPDX-License-Identifier: Apache-2.0

import GRDB
import GatehouseCore
import GatehouseEngine
@testable import GatehouseStore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RetentionTests {
    private static let day = Duration.seconds(86_400)
    private let start = WallTime(milliseconds: 1_700_000_000_000)

    private func moment(
        _ days: Int, uptime: Int? = nil, _ quality: ClockQuality = .synchronised
    ) -> Moment {
        Moment(
            uptime: Uptime.zero + Self.day * (uptime ?? days), wall: start + Self.day * days, quality: quality
        )
    }

    private func policy(
        days: Int = 30, through: Int64 = .max, bytes: Int64? = nil,
        _ verdict: @escaping @Sendable (StoredRecord) -> RetentionVerdict = { _ in .delete }
    ) -> RetentionPolicy {
        RetentionPolicy(
            maximumAge: Self.day * days, maximumBytes: bytes, acknowledgedThrough: Sequence(through),
            verdict: verdict)
    }

    /// One record a day, from day 0.
    private func daily(_ count: Int, _ kinds: [String] = ["note"]) -> [Record] {
        var maker = RecordMaker()
        return (0..<count).map { number in
            maker.wall = (start + Self.day * number).milliseconds
            return maker.note(kinds[number % kinds.count])
        }
    }

    private func plan(
        _ records: [Record], _ policy: RetentionPolicy, at now: Moment
    ) async throws -> [Int64]? {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        await open.commit(records)
        return try await open.journal.planRetention(policy, now: now, boot: "boot-1")?
            .sequences.map(\.number)
    }

    @Test func `what is older than the age goes, what is as old stays`() async throws {
        // Day 40 less 30 days is day 10, which is record 11.
        #expect(try await plan(daily(41), policy(), at: moment(40)) == Array(1...10))
        #expect(try await plan(daily(20), policy(), at: moment(19)) == nil)
    }

    @Test func `money stays for ever, and an open stay is asked about again`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        await open.commit(daily(60, ["note", "money", "stay"]))
        let isOpen: @Sendable (StoredRecord) -> RetentionVerdict = { record in
            switch record.kind {
            case "money": .keepForever
            case "stay": record.sequence.number == 3 ? .keepForNow : .delete
            default: .delete
            }
        }
        let first = try #require(
            await open.journal.planRetention(policy(isOpen), now: moment(40), boot: "boot-1"))
        #expect(first.sequences.map(\.number) == [1, 4, 6, 7, 9, 10])
        #expect(try await open.journal.execute(first) == 6)
        // The stay ended: now it goes, too, a day later; nothing goes twice.
        let isClosed: @Sendable (StoredRecord) -> RetentionVerdict = {
            $0.kind == "money" ? .keepForever : .delete
        }
        let second = try #require(
            await open.journal.planRetention(policy(isClosed), now: moment(41), boot: "boot-1"))
        #expect(second.sequences.map(\.number) == [3])
    }

    @Test func `records that upstream has not acknowledged stay`() async throws {
        #expect(try await plan(daily(60), policy(through: 4), at: moment(59)) == [1, 2, 3, 4])
        #expect(try await plan(daily(60), policy(through: 0), at: moment(59)) == nil)
    }

    @Test func `the journal stays within its size, oldest first, whatever the clock says`() async throws {
        var maker = RecordMaker()
        maker.filler = String(repeating: "x", count: 1_000)
        let records = maker.notes(400)
        var small = policy(days: 3_650, bytes: 400_000)
        #expect(try await plan(records, small, at: moment(0, .doubtful)) == nil, "the newest are spared")
        small.sizeSpares = 250
        let found = try await plan(records, small, at: moment(0, .doubtful))
        let sequences = try #require(found)
        #expect(sequences.first == 1)
        #expect(sequences == Array(1...Int64(sequences.count)))
        // About 510 000 bytes are in use: some 110 000 must go, in payloads of a thousand.
        #expect((60...150).contains(sequences.count), "\(sequences.count)")
    }

    @Test(arguments: [ClockQuality.holdover, .doubtful])
    func `H-24 no payload goes by age while the clock is not synchronised`(
        quality: ClockQuality
    ) async throws {
        #expect(try await plan(daily(41), policy(), at: moment(40, quality)) == nil)
    }

    @Test func `H-24 a clock years ahead takes one share, not the journal`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        await open.commit(daily(300))
        var cautious = policy()
        cautious.floor = 10
        let first = try #require(
            await open.journal.planRetention(cautious, now: moment(3_650, uptime: 1), boot: "boot-1"))
        // Five percent of 300.
        #expect(first.sequences.map(\.number) == Array(1...15))
        try await open.journal.execute(first)
        // The wall clock leaps on; the clock that runs from boot does not.
        #expect(
            try await open.journal.planRetention(
                cautious, now: moment(9_999, uptime: 1), boot: "boot-1") == nil)
        // A day later by both clocks the next share may go.
        let next = try await open.journal.planRetention(
            cautious, now: moment(3_651, uptime: 2), boot: "boot-1")
        #expect(next?.sequences.first == Sequence(16))
    }

    @Test func `a day's work is done in bounded steps, one after the other`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        await open.commit(daily(300))
        var stepwise = policy()
        stepwise.floor = 100
        stepwise.step = 30
        var steps: [Int] = []
        while let next = try await open.journal.planRetention(stepwise, now: moment(400), boot: "boot-1") {
            steps.append(try await open.journal.execute(next))
        }
        #expect(steps == [30, 30, 30, 10])
        #expect(try open.journal.reader.seals().count == 1, "one seal covers them all")
        let later = try await open.journal.planRetention(stepwise, now: moment(401), boot: "boot-1")
        #expect(later?.sequences.first == Sequence(101))
    }

    @Test func `H-24 a clock that leaps within the day adds nothing to what the day may take`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        await open.commit(daily(300))
        var cautious = policy()
        cautious.floor = 20
        cautious.step = 15
        var gone = 0
        for year in 1...9 {
            let now = moment(365 * year, uptime: 1)
            guard let next = try await open.journal.planRetention(cautious, now: now, boot: "boot-1") else {
                continue
            }
            gone += try await open.journal.execute(next)
        }
        #expect(gone == 20)
    }

    @Test func `retention keeps up with whatever arrives`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        var maker = RecordMaker()
        var patient = policy(days: 3)
        patient.floor = 5
        for day in 0..<20 {
            maker.wall = (start + Self.day * day).milliseconds
            await open.commit(maker.notes(60))
            while let next = try await open.journal.planRetention(patient, now: moment(day), boot: "boot-1") {
                try await open.journal.execute(next)
            }
        }
        // Day 16 is the first that is not older than three days.
        let left = try await open.journal.reader.queue.read { db in
            try Int64.fetchOne(db, sql: "SELECT min(seq) FROM journal WHERE payload IS NOT NULL")
        }
        #expect(left == Int64(16 * 60 + 1))
    }

    @Test func `H-24 a record from a doubtful clock is as old as the next that can be believed`() async throws
    {
        var records = daily(41)
        for index in [4, 5, 20, 21] {
            records[index].at.wall = WallTime(milliseconds: 0)
            records[index].at.quality = .doubtful
        }
        #expect(try await plan(records, policy(), at: moment(40)) == Array(1...10))
    }

    @Test func `H-24 a record dated in the future holds nothing up`() async throws {
        var records = daily(41)
        records[3].at.wall = start + Self.day * 4_000
        #expect(try await plan(records, policy(), at: moment(40)) == Array(1...10))
    }

    @Test func `deletion keeps headers, seals first, and the journal stays sound`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        var maker = RecordMaker()
        await open.commit((0..<500).map { maker.set("k\($0 % 9)", "\($0)") })
        let now = Moment(uptime: .zero, wall: start + Self.day * 40)
        let plan = try #require(await open.journal.planRetention(policy(), now: now, boot: "boot-1"))
        #expect(plan.sequences.count == 500)
        await open.commit([maker.deletion(plan)])
        #expect(try await open.journal.execute(plan) == 500)
        #expect(try await open.journal.execute(plan) == 0)
        let first = try #require(try open.journal.reader.record(Sequence(1)))
        #expect(first.payload == nil)
        #expect(first.kind == "set")
        #expect(try open.journal.reader.record(Sequence(501))?.payload != nil)
        await open.commit([maker.set("k1", "new")])
        open.journal.close()
        let report = try verify(folder)
        #expect(report.isSound, "\(report.text)")
        #expect(report.foldedFrom == Sequence(501))
        #expect(report.payloadsDeleted == 500)
    }

    @Test func `the record of a deletion is never deleted`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        var maker = RecordMaker()
        let request = RetentionPlan(request: [Sequence(1)], at: moment(0))
        await open.commit(maker.notes(2) + [maker.deletion(request)] + maker.notes(1))
        let plan = try await open.journal.planRetention(policy(), now: moment(400), boot: "boot-1")
        #expect(plan?.sequences.map(\.number) == [1, 2, 4])
        let forced = RetentionPlan(request: [Sequence(3)], at: moment(0))
        #expect(try await open.journal.execute(forced) == 0)
    }

    @Test func `the space of deleted payloads is used again`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        var maker = RecordMaker()
        maker.filler = String(repeating: "x", count: 300)
        await open.commit(maker.notes(3_000))
        let before = try open.journal.reader.usedBytes()
        var all = policy()
        all.floor = 10_000
        let now = Moment(uptime: .zero, wall: start + Self.day * 400)
        let plan = try #require(await open.journal.planRetention(all, now: now, boot: "boot-1"))
        #expect(try await open.journal.execute(plan) == 3_000)
        let after = try open.journal.reader.usedBytes()
        #expect(after < before / 2, "\(before) bytes in use before, \(after) after")
    }

    @Test func `only the newest seals are kept`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        var maker = RecordMaker()
        for number in 0..<10 {
            await open.commit([maker.set("a", "\(number)")])
            let made = try await open.journal.seal(at: start)
            #expect(made.sequence.number == Int64(number + 1))
            // Nothing new: the same seal.
            #expect(try await open.journal.seal(at: start) == made)
        }
        #expect(try open.journal.reader.seals().map(\.sequence.number) == [10, 9, 8, 7, 6, 5, 4])
    }

    @Test func `a seal of many permits is written in parts and reads back`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        var maker = RecordMaker()
        let value = String(repeating: "v", count: 200)
        await open.commit((0..<2_000).map { maker.set("permit-\($0)", value) })
        let seal = try await open.journal.seal(at: start)
        #expect(seal.size > Int64(3 * SealRows.partSize))
        let rows = try #require(try open.journal.reader.rows(of: seal))
        #expect(Set(rows) == Set(try open.journal.reader.rows()))
    }
}
