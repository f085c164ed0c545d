// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import GatehouseCore
import GatehouseEngine
@testable import GatehouseStore
import Synchronization

typealias Record = GatehouseCore.Record

/// A folder that is gone with the test.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let base = FileManager.default.temporaryDirectory.path
        path = "\(base)/gatehouse-store-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var journal: String { path + "/journal" }
    var database: String { journal + "/journal.db" }

    /// Changes a stopped journal behind its back, as somebody with a copy of SQLite could.
    func tamper(_ sql: String) throws {
        try DatabaseQueue(path: database).write { db in try db.execute(sql: sql) }
    }
}

/// The smallest journal language: `set` puts a row, `clear` removes one, anything else changes nothing.
struct TestFolding: JournalFolding {
    init(rows: [ProjectionRow]) throws(FieldError) {}

    mutating func fold(_ record: StoredRecord) throws(FieldError) -> [ProjectionChange] {
        guard record.kind == "set" || record.kind == "clear" else { return [] }
        let fields = try Fields(record.payload ?? [])
        let key = ProjectionKey(.stay, try fields.string("key"))
        return [ProjectionChange(key, try fields.stringIfPresent("value").map { Array($0.utf8) })]
    }
}

/// Makes numbered records whose changes are what `TestFolding` folds.
struct RecordMaker {
    var next: Int64 = 1
    var wall: Int64 = 1_700_000_000_000
    var quality = ClockQuality.synchronised
    var boot = "boot-1"
    var filler = ""

    private mutating func make(_ kind: String, _ payload: [UInt8], _ changes: [ProjectionChange]) -> Record {
        defer {
            next += 1
            wall += 1_000
        }
        return Record(
            sequence: Sequence(next), kind: kind,
            at: Moment(
                uptime: Uptime(nanoseconds: next * 1_000_000), wall: WallTime(milliseconds: wall),
                quality: quality),
            boot: boot, payload: payload, changes: changes)
    }

    mutating func set(_ key: String, _ value: String) -> Record {
        let payload = FieldWriter.object {
            $0.put("key", key)
            $0.put("value", value)
        }
        return make("set", payload, [ProjectionChange(ProjectionKey(.stay, key), Array(value.utf8))])
    }

    mutating func clear(_ key: String) -> Record {
        let payload = FieldWriter.object { $0.put("key", key) }
        return make("clear", payload, [ProjectionChange(ProjectionKey(.stay, key), nil)])
    }

    mutating func note(_ kind: String = "note") -> Record {
        let text = filler
        return make(kind, FieldWriter.object { $0.put("text", text) }, [])
    }

    mutating func notes(_ count: Int, _ kind: String = "note") -> [Record] {
        (0..<count).map { _ in note(kind) }
    }

    mutating func deletion(_ plan: RetentionPlan) -> Record {
        let payload = plan.record
        return make(PayloadsDeleted.kind, FieldWriter.object { payload.write(to: &$0) }, [])
    }
}

/// An open journal and its answers.
final class OpenJournal: Sendable {
    let journal: Journal
    let opening: JournalOpening
    private let answers: AsyncStream<JournalResult>

    init(_ folder: TemporaryFolder, hook: Journal.Hook? = nil) throws {
        let (stream, continuation) = AsyncStream.makeStream(of: JournalResult.self)
        answers = stream
        (journal, opening) = try Journal.open(folder.journal, hook: hook) { continuation.yield($0) }
    }

    /// Every answer up to the one that makes `number` durable.
    @discardableResult
    func answers(through number: Int64) async -> [JournalResult] {
        var seen: [JournalResult] = []
        for await answer in answers {
            seen.append(answer)
            if case .committed(let through) = answer, through >= number { break }
        }
        return seen
    }

    func nextAnswer() async -> JournalResult? {
        for await answer in answers { return answer }
        return nil
    }

    /// Submits and waits until the last is durable.
    @discardableResult
    func commit(_ records: [Record]) async -> [JournalResult] {
        journal.submit(records)
        guard let last = records.last else { return [] }
        return await answers(through: last.sequence.number)
    }
}

/// Makes a journal of these records and closes it.
func makeJournal(_ folder: TemporaryFolder, _ records: [Record]) async throws {
    let open = try OpenJournal(folder)
    await open.commit(records)
    open.journal.close()
}

func verify(_ folder: TemporaryFolder) throws -> VerificationReport {
    let offline = try OfflineJournal(folder.journal)
    defer { offline.close() }
    return try offline.reader.verify(folding: TestFolding.self)
}
