// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import GatehouseCore
import GatehouseEngine
@testable import GatehouseStore
import Glibc
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct OpeningTests {
    @Test func `a second writer is refused and named, the first goes on`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        let error = #expect(throws: StoreFault.self) { try OpenJournal(folder) }
        guard case .inUse(let words) = error else {
            Issue.record("expected .inUse, got \(String(describing: error))")
            return
        }
        #expect(words.contains("in use by another process (process \(getpid()))"))
        #expect(throws: StoreFault.self) { try OfflineJournal(folder.journal) }
        var maker = RecordMaker()
        #expect(await open.commit(maker.notes(1)) == [.committed(through: 1)])
        open.journal.close()
    }

    @Test func `a reader is in the way for as long as it reads, and is no second writer`() async throws {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        try await makeJournal(folder, maker.notes(1))
        let reader = try OfflineJournal(folder.journal)
        let error = #expect(throws: StoreFault.self) { try OpenJournal(folder) }
        guard case .failed(let words) = error else {
            Issue.record("expected .failed, got \(String(describing: error))")
            return
        }
        #expect(words.contains("being read"))
        try OfflineJournal(folder.journal).close()
        reader.close()
        try OpenJournal(folder).journal.close()
    }

    @Test func `a damaged header is corrupt, and the file stays as it was`() async throws {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        try await makeJournal(folder, maker.notes(3))
        var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.database))
        bytes.replaceSubrange(0..<64, with: Data(repeating: 0x5A, count: 64))
        try bytes.write(to: URL(fileURLWithPath: folder.database))
        try expectCorrupt(folder, saying: "restore")
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == bytes)
    }

    @Test func `a lost file is not replaced by an empty journal`() async throws {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        try await makeJournal(folder, maker.notes(3))
        try FileManager.default.removeItem(atPath: folder.database)
        try expectCorrupt(folder, saying: "missing")
        #expect(!FileManager.default.fileExists(atPath: folder.database))
    }

    @Test func `a chain broken near its end is found at the start`() async throws {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        try await makeJournal(folder, maker.notes(100))
        try folder.tamper("UPDATE journal SET wall = wall + 1 WHERE seq = 95")
        try expectCorrupt(folder, saying: "record 95")
    }

    @Test(arguments: [0, 1, 100, 4_096, 5_000, 20_480, 40_000])
    func `a copy that was cut off is corrupt, with what stands beside it or alone, and is never begun anew`(
        _ size: Int
    ) async throws {
        for isAlone in [true, false] {
            let folder = try TemporaryFolder()
            var maker = RecordMaker()
            maker.filler = String(repeating: "x", count: 500)
            try await makeJournal(folder, maker.notes(100))
            let cut = try Data(contentsOf: URL(fileURLWithPath: folder.database)).prefix(size)
            #expect(cut.count == size)
            try cut.write(to: URL(fileURLWithPath: folder.database))
            if isAlone { try FileManager.default.removeItem(atPath: folder.journal + "/lock") }
            try expectCorrupt(folder, saying: "move the folder away")
            // And again: the try itself left no trace that makes it pass.
            try expectCorrupt(folder, saying: "move the folder away")
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == cut)
        }
    }

    /// `checkpointed`: the database has got pages from the log since the journal was opened.
    @Test(arguments: [true, false], [true, false])
    func `a database that was copied in use without its log is no journal`(
        _ checkpointed: Bool, _ withLock: Bool
    ) async throws {
        let folder = try TemporaryFolder()
        let copy = try TemporaryFolder()
        var maker = RecordMaker()
        let open = try OpenJournal(folder)
        await open.commit(maker.notes(5))
        if checkpointed { try open.journal.checkpoint() }
        await open.commit(maker.notes(5))
        try FileManager.default.createDirectory(atPath: copy.journal, withIntermediateDirectories: true)
        for name in ["journal.db"] + (withLock ? ["lock"] : []) {
            try FileManager.default.copyItem(
                atPath: "\(folder.journal)/\(name)", toPath: "\(copy.journal)/\(name)")
        }
        for _ in 1...2 { try expectCorrupt(copy, saying: "journal.db-wal") }
        // What was missing is put beside it.
        try FileManager.default.copyItem(
            atPath: folder.database + "-wal", toPath: copy.database + "-wal")
        let whole = try OpenJournal(copy)
        #expect(whole.opening.lastSequence == Sequence(10))
        whole.journal.close()
        open.journal.close()
        #expect(try verify(copy).isSound)
    }

    @Test func `a journal that could not say that it was closed opens again, its log emptied or not`()
        async throws
    {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        try await makeJournal(folder, maker.notes(3))
        let isFull = Atomic<Bool>(false)
        let open = try OpenJournal(folder) { _ in
            if isFull.load(ordering: .relaxed) { throw StoreFault.diskFull }
        }
        await open.commit(maker.notes(1))
        isFull.store(true, ordering: .relaxed)
        open.journal.submit(maker.notes(1))
        #expect(!open.journal.close(within: .zero))
        #expect(!FileManager.default.fileExists(atPath: folder.database + "-wal"))
        let again = try OpenJournal(folder)
        #expect(!again.opening.wasClosedCleanly && again.opening.lastSequence == Sequence(4))
        again.journal.close()
    }

    @Test func `another program's database is left alone`() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.journal, withIntermediateDirectories: true)
        try folder.tamper("CREATE TABLE theirs (a); PRAGMA application_id = 7")
        try expectCorrupt(folder, saying: "another program")
    }

    @Test func `a newer format is refused with advice`() async throws {
        let folder = try TemporaryFolder()
        try await makeJournal(folder, [])
        try folder.tamper("PRAGMA user_version = 99")
        let error = #expect(throws: StoreFault.self) { try OpenJournal(folder) }
        #expect("\(String(describing: error))".contains("newer Gatehouse"))
    }

    @Test func `starting looks up the end of the journal and never walks it`() async throws {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        try await makeJournal(folder, maker.notes(10))
        let plans = try await DatabaseQueue(path: folder.database).read { db in
            try [
                "SELECT \(JournalRow.columns) FROM \(JournalRow.source) ORDER BY j.seq DESC LIMIT 32",
                "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1",
                ProjectionRow.query,
            ].flatMap { try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + $0).map { $0["detail"] as String } }
        }
        #expect(!plans.contains { $0.contains("TEMP B-TREE") }, "\(plans)")
        let indexes = try await DatabaseQueue(path: folder.database).read { db in
            try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'journal'")
        }
        #expect(indexes.isEmpty)
    }

    @Test func `a writer's connection is WAL and FULL, a reader's cannot write`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        let modes = try await open.journal.writerQueue.writeWithoutTransaction { db in
            (
                try String.fetchOne(db, sql: "PRAGMA journal_mode"),
                try Int.fetchOne(db, sql: "PRAGMA synchronous")
            )
        }
        #expect(modes == ("wal", 2))
        let reader = open.journal.reader.queue
        await #expect(throws: DatabaseError.self) {
            try await reader.read { db in try db.execute(sql: "DELETE FROM journal") }
        }
    }

    private func expectCorrupt(_ folder: TemporaryFolder, saying words: String) throws {
        let error = #expect(throws: StoreFault.self) { try OpenJournal(folder) }
        guard case .corrupt(let text) = error else {
            Issue.record("expected .corrupt, got \(String(describing: error))")
            return
        }
        #expect(text.contains(words), "\(text)")
    }
}
