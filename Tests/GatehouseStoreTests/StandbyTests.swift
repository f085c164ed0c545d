// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import GatehouseCore
import GatehouseEngine
@testable import GatehouseStore
import Glibc
import Testing

/// A journal that does not open when the process starts.
@Suite(.timeLimit(.minutes(1)))
struct StandbyTests {
    private static let permits = ["a": "1", "b": "2"]

    private func written(_ folder: TemporaryFolder) async throws -> RecordMaker {
        var maker = RecordMaker()
        try await makeJournal(folder, [maker.set("a", "1"), maker.note(), maker.set("b", "2")])
        return maker
    }

    private func rows(_ opening: JournalOpening?) -> [String: String] {
        let pairs = (opening?.rows ?? []).map { ($0.key.key, String(decoding: $0.value, as: UTF8.self)) }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    /// Opens, fails with `fault`, reads what is there, takes records, and has them durable after `mend`.
    private func survives(
        _ folder: TemporaryFolder, _ fault: StoreFault, _ maker: RecordMaker, mend: () throws -> Void
    ) async throws {
        #expect(throws: fault) { try OpenJournal(folder) }
        let opening = try #require(Journal.look(into: folder.journal))
        #expect(rows(opening) == Self.permits)
        #expect(opening.lastSequence == Sequence(3) && opening.lastRecord?.boot == "boot-1")
        #expect(opening.wasClosedCleanly)
        var maker = maker
        let standby = Standby(folder, after: fault, base: opening.end)
        standby.journal.submit([maker.set("c", "3")])
        #expect(await standby.nextAnswer() == .commitFailed(after: 3, fault))
        standby.journal.submit(maker.notes(2))
        try mend()
        #expect(await standby.nextAnswer() == .committed(through: 6))
        standby.journal.submit([maker.clear("a")])
        #expect(await standby.nextAnswer() == .committed(through: 7))
        #expect(await standby.nextEnding() == "opened")
        #expect(standby.journal.close())
        let report = try verify(folder)
        #expect(report.isSound && report.recordsChecked == 7, "\(report.text)")
    }

    @Test(.enabled(if: Mount.arePossible, Comment(rawValue: Mount.needed)))
    func `H-25 a read-only folder is read, and takes what waited once it can be written`() async throws {
        let folder = try TemporaryFolder()
        let maker = try await written(folder)
        let mount = try #require(Mount(.readOnly, at: folder.journal))
        defer { mount.remove() }
        try await survives(folder, .readOnly, maker) { mount.remove() }
    }

    @Test(.enabled(if: Mount.arePossible, Comment(rawValue: Mount.needed)))
    func `H-25 a disk that is full at the start is read, and takes what waited once there is room`()
        async throws
    {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.journal, withIntermediateDirectories: true)
        let mount = try #require(Mount(.small(1_024), at: folder.journal))
        defer { mount.remove() }
        let maker = try await written(folder)
        let filler = try folder.fill()
        try await survives(folder, .diskFull, maker) { unsafe unlink(filler) }
    }

    @Test(.enabled(if: Mount.arePossible, Comment(rawValue: Mount.needed)))
    func `SQLite's I-O error is what the file system says it is`() throws {
        let error = DatabaseError(resultCode: .SQLITE_IOERR, message: "disk I/O error")
        let folder = try TemporaryFolder()
        guard case .failed = StoreFault(error, at: folder.path) else {
            Issue.record("a healthy file system was blamed")
            return
        }
        try FileManager.default.createDirectory(atPath: folder.journal, withIntermediateDirectories: true)
        let readOnly = try #require(Mount(.readOnly, at: folder.journal))
        #expect(StoreFault(error, at: folder.journal) == .readOnly)
        readOnly.remove()
        let small = try #require(Mount(.small(64), at: folder.journal))
        defer { small.remove() }
        _ = try folder.fill()
        #expect(StoreFault(error, at: folder.journal) == .diskFull)
    }

    @Test func `H-25 of a journal with a corrupt page the rows are read, and no byte is changed`()
        async throws
    {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        maker.filler = "A-MARK" + String(repeating: "x", count: 3_000)
        try await makeJournal(folder, [maker.set("a", "1"), maker.set("b", "2")] + maker.notes(3))
        let damaged = try destroyPage(of: folder.database, with: "A-MARK")
        guard case .corrupt = #expect(throws: StoreFault.self, performing: { try OpenJournal(folder) }) else {
            Issue.record("the damage was not found")
            return
        }
        let opening = try #require(Journal.look(into: folder.journal))
        #expect(rows(opening) == Self.permits)
        let standby = Standby(folder, after: .corrupt("page"), base: opening.end)
        standby.journal.submit(maker.notes(1))
        guard case .commitFailed(_, .corrupt) = await standby.nextAnswer() else {
            Issue.record("the damage was not said")
            return
        }
        #expect(!standby.journal.close())
        #expect(standby.journal.lost == 1)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == damaged)
    }

    @Test func `a try reads no rows: it is made often, and they may be many`() async throws {
        let folder = try TemporaryFolder()
        _ = try await written(folder)
        let (journal, opening) = try Journal.open(folder.journal, readsRows: false) { _ in }
        journal.close()
        #expect(opening.rows.isEmpty && opening.end == Journal.look(into: folder.journal)?.end)
    }

    @Test func `where the rows themselves are damaged nothing is read`() async throws {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        try await makeJournal(folder, [maker.set("A-MARK" + String(repeating: "k", count: 500), "1")])
        _ = try destroyPage(of: folder.database, with: "stayA-MARK")
        #expect(Journal.look(into: folder.journal) == nil)
    }

    @Test func `a journal that was begun anew meanwhile is not written on`() async throws {
        let folder = try TemporaryFolder()
        var maker = try await written(folder)
        let opening = try #require(Journal.look(into: folder.journal))
        try FileManager.default.removeItem(atPath: folder.journal)
        try await makeJournal(folder, [])
        let standby = Standby(folder, after: .readOnly, base: opening.end)
        standby.journal.submit(maker.notes(1))
        #expect(await standby.nextEnding() == "another")
        #expect(!standby.journal.close())
        #expect(standby.journal.lost == 1)
        let offline = try OfflineJournal(folder.journal)
        defer { offline.close() }
        #expect(try offline.reader.count() == 0)
    }

    @Test func `while a journal is being put back none is begun in its place`() async throws {
        let folder = try TemporaryFolder()
        var maker = try await written(folder)
        let opening = try #require(Journal.look(into: folder.journal))
        let backup = folder.path + "/backup"
        try FileManager.default.moveItem(atPath: folder.journal, toPath: backup)
        let standby = Standby(folder, after: .readOnly, base: opening.end)
        standby.journal.submit(maker.notes(1))
        #expect(await standby.nextAnswer() == .commitFailed(after: 3, .readOnly))
        guard case .commitFailed(after: 3, .corrupt) = await standby.nextAnswer() else {
            Issue.record("the journal's absence was not said")
            return
        }
        #expect(!FileManager.default.fileExists(atPath: folder.journal))
        try FileManager.default.moveItem(atPath: backup, toPath: folder.journal)
        #expect(await standby.nextAnswer() == .committed(through: 4))
        #expect(standby.journal.close() && standby.journal.lost == 0)
    }

    @Test func `a folder that appears late gets the journal of a first start`() async throws {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        let standby = Standby(folder, after: .readOnly, base: nil)
        standby.journal.submit(maker.notes(2))
        #expect(await standby.nextAnswer() == .commitFailed(after: 0, .readOnly))
        #expect(await standby.nextAnswer() == .committed(through: 2))
        #expect(standby.journal.close())
    }

    /// Overwrites the start of the page that holds the words; returns the file as it is then.
    private func destroyPage(of path: String, with words: String) throws -> Data {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let found = try #require(bytes.range(of: Data(words.utf8), options: .backwards))
        let start = found.lowerBound / StoreDatabase.pageSize * StoreDatabase.pageSize
        bytes.replaceSubrange(start..<start + 64, with: Data(repeating: 0xFF, count: 64))
        try bytes.write(to: URL(fileURLWithPath: path))
        return bytes
    }
}

/// A stand-in with its answers and its end.
private struct Standby: Sendable {
    let journal: StandbyJournal
    private let answers: AsyncStream<JournalResult>
    private let endings: AsyncStream<String>

    init(_ folder: TemporaryFolder, after fault: StoreFault, base: JournalEnd?) {
        let (answers, said) = AsyncStream.makeStream(of: JournalResult.self)
        let (endings, ended) = AsyncStream.makeStream(of: String.self)
        self.answers = answers
        self.endings = endings
        journal = StandbyJournal(
            after: fault, base: base,
            attempt: { (mayBegin) throws(StoreFault) in
                let (journal, opening) = try Journal.open(
                    folder.journal, mayBegin: mayBegin, readsRows: false
                ) { said.yield($0) }
                return (journal, opening.end)
            },
            onResult: { said.yield($0) },
            onEnding: { ending in
                if case .opened = ending { ended.yield("opened") } else { ended.yield("another") }
            })
    }

    func nextAnswer() async -> JournalResult? {
        for await answer in answers { return answer }
        return nil
    }

    func nextEnding() async -> String? {
        for await ending in endings { return ending }
        return nil
    }
}
