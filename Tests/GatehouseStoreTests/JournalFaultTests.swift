// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import GatehouseCore
import GatehouseEngine
@testable import GatehouseStore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct JournalFaultTests {
    static let steps: [JournalStep] =
        [.begin] + (1...5).map { .inserted($0) } + [.beforeCommit, .afterCommit]

    @Test(arguments: steps)
    func `a fault at any step of a commit loses, repeats and skips nothing`(step: JournalStep) async throws {
        let folder = try TemporaryFolder()
        let disk = FailingDisk([])
        let open = try OpenJournal(folder) { try disk.check($0) }
        var maker = RecordMaker()
        await open.commit([maker.set("a", "1"), maker.set("b", "2"), maker.note()])
        disk.arm(step, DatabaseError(resultCode: .SQLITE_IOERR, message: "disk I/O error"))
        let batch = [
            maker.set("a", "3"), maker.clear("b"), maker.set("c", "4"), maker.note(), maker.set("c", "5"),
        ]
        let answers = await open.commit(batch)
        #expect(answers.count == 2)
        guard case .commitFailed(let after, .failed) = answers.first else {
            Issue.record("expected a failed commit, got \(answers)")
            return
        }
        #expect(after == 3)
        #expect(answers.last == .committed(through: 8))
        #expect(open.journal.close())

        let report = try verify(folder)
        #expect(report.isSound, "\(report.text)")
        #expect(report.recordsChecked == 8)
        #expect(report.rowsCompared == 2)
    }

    @Test func `a fault is reported once per kind, and recovery is said`() async throws {
        let folder = try TemporaryFolder()
        let full = DatabaseError(resultCode: .SQLITE_FULL, message: "database or disk is full")
        let disk = FailingDisk([
            (.begin, full), (.begin, full), (.begin, StoreFault.readOnly),
        ])
        let open = try OpenJournal(folder) { try disk.check($0) }
        var maker = RecordMaker()
        let answers = await open.commit(maker.notes(2))
        #expect(
            answers == [
                .commitFailed(after: 0, .diskFull), .commitFailed(after: 0, .readOnly),
                .committed(through: 2),
            ])
        open.journal.close()
    }

    @Test func `records submitted while the disk fails are kept in order`() async throws {
        let folder = try TemporaryFolder()
        let disk = FailingDisk([(.beforeCommit, StoreFault.diskFull)])
        let open = try OpenJournal(folder) { try disk.check($0) }
        var maker = RecordMaker()
        open.journal.submit(maker.notes(2))
        #expect(await open.nextAnswer() == .commitFailed(after: 0, .diskFull))
        for _ in 0..<10 { open.journal.submit(maker.notes(1)) }
        #expect(await open.answers(through: 12).last == .committed(through: 12))
        open.journal.close()
        #expect(try verify(folder).isSound)
    }

    @Test func `H-23 a stalled disk does not hold up who submits`() async throws {
        let folder = try TemporaryFolder()
        let gate = Gate()
        let open = try OpenJournal(folder) { step in if step == .beforeCommit { gate.pass() } }
        var maker = RecordMaker()
        open.journal.submit(maker.notes(1))
        await gate.arrived()
        for _ in 0..<1_000 { open.journal.submit(maker.notes(4)) }
        gate.open()
        #expect(await open.answers(through: 4_001).count == 2)
        #expect(open.journal.close())
        #expect(try verify(folder).recordsChecked == 4_001)
    }

    @Test func `H-25 a full disk is named, and room makes the journal go on`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        var maker = RecordMaker()
        await open.commit(maker.notes(1))
        try await open.journal.writerQueue.writeWithoutTransaction { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        maker.filler = String(repeating: "x", count: 20_000)
        open.journal.submit(maker.notes(3))
        #expect(await open.nextAnswer() == .commitFailed(after: 1, .diskFull))
        try await open.journal.writerQueue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA max_page_count = 1000000")
        }
        #expect(await open.answers(through: 4) == [.committed(through: 4)])
        open.journal.close()
        #expect(try verify(folder).isSound)
    }

    @Test func `a database that turns read-only is named, and writing goes on afterwards`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        var maker = RecordMaker()
        try await open.journal.writerQueue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA query_only = ON")
        }
        open.journal.submit(maker.notes(3))
        #expect(await open.nextAnswer() == .commitFailed(after: 0, .readOnly))
        try await open.journal.writerQueue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA query_only = OFF")
        }
        #expect(await open.answers(through: 3) == [.committed(through: 3)])
        open.journal.close()
    }

    @Test func `a lock held by another program is waited out`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        var maker = RecordMaker()
        await open.commit(maker.notes(1))
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let holder = try DatabaseQueue(path: folder.database, configuration: configuration)
        try await holder.writeWithoutTransaction { db in try db.execute(sql: "BEGIN IMMEDIATE") }
        open.journal.submit(maker.notes(1))
        guard case .commitFailed(after: 1, .failed(let words)) = await open.nextAnswer() else {
            Issue.record("the lock was not noticed")
            return
        }
        #expect(words.contains("another program"))
        try await holder.writeWithoutTransaction { db in try db.execute(sql: "ROLLBACK") }
        #expect(await open.answers(through: 2) == [.committed(through: 2)])
        open.journal.close()
    }

    @Test func `acknowledged records that vanish behind our back are corruption, not a gap`() async throws {
        let folder = try TemporaryFolder()
        let disk = FailingDisk([])
        let open = try OpenJournal(folder) { try disk.check($0) }
        var maker = RecordMaker()
        await open.commit(maker.notes(5))
        try folder.tamper("DELETE FROM journal WHERE seq = 5")
        disk.arm(.begin, StoreFault.diskFull)
        open.journal.submit(maker.notes(1))
        #expect(await open.nextAnswer() == .commitFailed(after: 5, .diskFull))
        guard case .commitFailed(after: 5, .corrupt) = await open.nextAnswer() else {
            Issue.record("the loss was not noticed")
            return
        }
        #expect(!open.journal.close(within: .zero))
    }

    @Test func `closing on a dead disk gives up in bounded time and says so`() throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder) { step in
            if step == .begin { throw DatabaseError(resultCode: .SQLITE_FULL) }
        }
        var maker = RecordMaker()
        open.journal.submit(maker.notes(2))
        #expect(!open.journal.close(within: .milliseconds(300)))
        #expect(open.journal.lost == 2)
        let again = try OpenJournal(folder)
        #expect(!again.opening.wasClosedCleanly)
        #expect(again.opening.lastSequence == Sequence(0))
        again.journal.close()
    }
}
