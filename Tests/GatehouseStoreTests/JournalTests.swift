// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import GatehouseCore
import GatehouseEngine
import GatehouseProof
@testable import GatehouseStore
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct JournalTests {
    @Test func `a new journal is empty, clean and gives number 1 to the first record`() throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        #expect(open.opening.isNew)
        #expect(open.opening.wasClosedCleanly)
        #expect(open.opening.lastSequence == Sequence(0))
        #expect(open.opening.end == JournalEnd())
        #expect(open.opening.lastRecord == nil)
        #expect(open.opening.rows.isEmpty)
        #expect(open.journal.close())
    }

    @Test func `records and rows come back after a restart as they were written`() async throws {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        let records = [maker.set("b", "1"), maker.set("a", "2"), maker.set("b", "3"), maker.clear("a")]
        try await makeJournal(folder, records)

        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        #expect(!open.opening.isNew)
        #expect(open.opening.wasClosedCleanly)
        #expect(open.opening.lastSequence == Sequence(4))
        #expect(open.opening.lastRecord?.at == records[3].at)
        #expect(open.opening.lastRecord?.boot == "boot-1")
        #expect(open.opening.rows == [ProjectionRow(ProjectionKey(.stay, "b"), Array("3".utf8))])
        let stored = try open.journal.reader.records(after: Sequence(0), limit: 10)
        #expect(stored.map(\.payload) == records.map(\.payload))
        #expect(stored.map(\.at) == records.map(\.at))
        #expect(stored.map(\.kind) == ["set", "set", "set", "clear"])
    }

    @Test func `the chain goes on across restarts and boots`() async throws {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        for boot in ["one", "two", "three"] {
            maker.boot = boot
            try await makeJournal(folder, maker.notes(5) + [maker.set(boot, boot)])
        }
        let report = try verify(folder)
        #expect(report.isSound, "\(report.text)")
        #expect(report.recordsChecked == 18)
        #expect(report.foldedFrom == Sequence(0))
        #expect(report.rowsCompared == 3)
    }

    @Test func `what waits while a commit runs goes into one transaction`() async throws {
        let folder = try TemporaryFolder()
        let gate = Gate()
        let open = try OpenJournal(folder) { step in if step == .begin { gate.pass() } }
        var maker = RecordMaker()
        open.journal.submit(maker.notes(1))
        await gate.arrived()
        for _ in 0..<50 { open.journal.submit(maker.notes(2)) }
        gate.open()
        #expect(await open.answers(through: 101) == [.committed(through: 1), .committed(through: 101)])
        open.journal.close()
    }

    @Test func `closing commits what was just submitted`() throws {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        let open = try OpenJournal(folder)
        open.journal.submit(maker.notes(300))
        #expect(open.journal.close())
        #expect(try verify(folder).recordsChecked == 300)
    }

    @Test func `reading goes by kind, by number and by time, and knows where the newest begin`() async throws
    {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        var records: [Record] = []
        for number in 1...30 { records.append(maker.note(number.isMultiple(of: 3) ? "third" : "other")) }
        await open.commit(records)
        let reader = open.journal.reader
        #expect(try reader.records(after: Sequence(10), limit: 3).map(\.sequence.number) == [11, 12, 13])
        #expect(
            try reader.records(after: Sequence(20), kinds: ["third"], limit: 9).map(\.sequence.number)
                == [21, 24, 27, 30])
        #expect(try reader.start(ofNewest: 2) == Sequence(28))
        #expect(try reader.start(ofNewest: 2, kinds: ["third"]) == Sequence(26))
        for many in [10, 11, 1_000] {
            #expect(try reader.start(ofNewest: many, kinds: ["third"]) == Sequence(many == 10 ? 2 : 0))
        }
        for many in [30, 31, .max] { #expect(try reader.start(ofNewest: many) == Sequence(0)) }
        #expect(try reader.start(ofNewest: -1, kinds: ["third"]) == Sequence(30))
        #expect(try reader.record(Sequence(7))?.kind == "other")
        #expect(try reader.record(Sequence(31)) == nil)
        #expect(try reader.count() == 30)
        #expect(try reader.records(after: Sequence(0), limit: -1).isEmpty)
        #expect(try reader.firstSequence(since: records[11].at.wall) == Sequence(12))
        #expect(try reader.firstSequence(since: WallTime(milliseconds: 0)) == Sequence(1))
        #expect(try reader.firstSequence(since: WallTime(milliseconds: .max)) == nil)
    }

    @Test func `a rare kind is found however far away`() async throws {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        await open.commit(maker.notes(1, "rare") + maker.notes(12_000) + maker.notes(1, "rare"))
        let reader = open.journal.reader
        #expect(try reader.start(ofNewest: 2, kinds: ["rare"]) == Sequence(0))
        #expect(try reader.start(ofNewest: 1, kinds: ["rare"]) == Sequence(12_001))
        let oldest = try reader.records(after: Sequence(0), kinds: ["rare"], limit: 5).map(\.sequence.number)
        #expect(oldest == [1, 12_002])
        #expect(try reader.records(after: Sequence(.max), limit: 5).isEmpty)
        #expect(try reader.record(Sequence(.min)) == nil)
    }

    @Test func `an empty value is a row, not an absent one`() async throws {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        var empty = maker.note()
        empty.payload = []
        let records = [empty, maker.set("", ""), maker.set("\u{0}", "nul")]
        try await makeJournal(folder, records)
        let open = try OpenJournal(folder)
        #expect(open.opening.rows.map(\.key.key) == ["", "\u{0}"])
        #expect(try open.journal.reader.record(Sequence(1))?.payload == [])
        open.journal.close()
        #expect(try verify(folder).isSound)
    }

    @Test func `cursors are durable`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        try await open.journal.setCursor("uplink", to: 17)
        open.journal.close()
        let again = try OpenJournal(folder)
        #expect(again.opening.cursors == ["uplink": 17])
        again.journal.close()
    }

    @Test func `after close nothing is accepted and nothing hangs`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        open.journal.close()
        var maker = RecordMaker()
        open.journal.submit(maker.notes(1))
        await #expect(throws: StoreFault.self) { try await open.journal.setCursor("uplink", to: 1) }
        await #expect(throws: StoreFault.self) { try await open.journal.seal(at: WallTime(milliseconds: 0)) }
        #expect(open.journal.close())
    }

    @Test func `an idle checkpoint empties the log into the database, not before it is worth it`()
        async throws
    {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        var maker = RecordMaker()
        await open.commit(maker.notes(1))
        open.journal.checkpointIfIdle()
        let isQueued = open.journal.isCheckpointQueued.load(ordering: .relaxed)
        #expect(!isQueued)
        for _ in 0..<Journal.checkpointEvery { await open.commit(maker.notes(1)) }
        open.journal.checkpointIfIdle()
        // The upkeep thread works in order: when this is answered, the checkpoint is done.
        try await open.journal.upkeep.run {}
        let since = open.journal.commitsSinceCheckpoint.load(ordering: .relaxed)
        #expect(since == 0)
        let counts = try open.journal.checkpoint()
        #expect(counts.log == counts.moved)
    }

    @Test func `the log is bounded without any idle moment`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        var maker = RecordMaker()
        maker.filler = String(repeating: "x", count: 40_000)
        for _ in 0..<60 { await open.commit(maker.notes(20)) }
        let frame = Int64(StoreDatabase.pageSize + 24)
        let written = open.journal.folder.size(of: open.journal.folder.database)
        #expect(written > Int64(StoreDatabase.hardCapFrames * StoreDatabase.pageSize))
        // One commit may go past the cap before it checkpoints.
        #expect(
            open.journal.folder.size(of: open.journal.folder.writeAheadLog)
                < Int64(StoreDatabase.hardCapFrames + 400) * frame)
    }
}
