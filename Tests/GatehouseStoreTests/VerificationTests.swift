// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import GatehouseCore
import GatehouseEngine
@testable import GatehouseStore
import Testing

/// Each test is a way in which somebody or something changes the file behind the program's back.
@Suite(.timeLimit(.minutes(1)))
struct VerificationTests {
    /// 40 records: rows a and b are set again and again, some notes between.
    private func journal() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        var records: [Record] = []
        for number in 0..<10 {
            records += [maker.set("a", "\(number)"), maker.note(), maker.set("b", "\(number)"), maker.note()]
        }
        try await makeJournal(folder, records)
        return folder
    }

    @Test func `an untouched journal is sound, and says its last hash`() async throws {
        let folder = try await journal()
        let report = try verify(folder)
        #expect(report.isSound)
        #expect(report.recordsChecked == 40)
        let open = try OpenJournal(folder)
        #expect(report.headHash == open.opening.end.hash)
        open.journal.close()
        #expect(report.text.hasSuffix("sound"))
    }

    @Test func `a backup is verified without its lock file`() async throws {
        let folder = try await journal()
        try FileManager.default.removeItem(atPath: folder.journal + "/lock")
        #expect(try verify(folder).isSound)
    }

    @Test func `a changed payload is found`() async throws {
        let folder = try await journal()
        try folder.tamper("UPDATE journal SET payload = CAST('{\"text\":\"\"} ' AS BLOB) WHERE seq = 12")
        let report = try verify(folder)
        #expect(report.troubles == [.payload(Sequence(12))])
        #expect(!report.isSound)
    }

    @Test(arguments: [
        "kind = 'other'", "wall = wall + 1", "uptime = uptime + 1", "format = 2", "clock_quality = 2",
        "payload_hash = zeroblob(32), payload = NULL, salt = NULL",
    ])
    func `a changed header is found`(change: String) async throws {
        let folder = try await journal()
        try folder.tamper("UPDATE journal SET \(change) WHERE seq = 12")
        let report = try verify(folder)
        #expect(report.firstBad == Sequence(12))
        #expect(report.troubles.contains(.hash(Sequence(12))))
    }

    @Test func `a changed boot is found at its first record`() async throws {
        let folder = try await journal()
        try folder.tamper("UPDATE boot SET id = 'another'")
        #expect(try verify(folder).firstBad == Sequence(1))
    }

    @Test func `a missing record is found`() async throws {
        let folder = try await journal()
        try folder.tamper("DELETE FROM journal WHERE seq = 12")
        let report = try verify(folder)
        #expect(report.troubles.contains(.missing(from: Sequence(12), through: Sequence(12))))
        #expect(report.firstBad == Sequence(12))
    }

    @Test func `a missing beginning is found`() async throws {
        let folder = try await journal()
        try folder.tamper("DELETE FROM journal WHERE seq < 4")
        #expect(
            try verify(folder).troubles.first == .missing(from: Sequence(1), through: Sequence(3)))
    }

    @Test func `a missing record whose followers moved up is found`() async throws {
        let folder = try await journal()
        try folder.tamper(
            """
            DELETE FROM journal WHERE seq = 12;
            UPDATE journal SET seq = -seq WHERE seq > 12;
            UPDATE journal SET seq = -seq - 1 WHERE seq < 0;
            """)
        #expect(try verify(folder).firstBad == Sequence(12))
    }

    @Test func `records that changed places are found`() async throws {
        let folder = try await journal()
        try folder.tamper(
            """
            UPDATE journal SET seq = -1 WHERE seq = 12;
            UPDATE journal SET seq = 12 WHERE seq = 13;
            UPDATE journal SET seq = 13 WHERE seq = -1;
            """)
        let report = try verify(folder)
        #expect(report.troubles.prefix(2) == [.hash(Sequence(12)), .hash(Sequence(13))])
    }

    @Test func `an end that was cut off is explained`() async throws {
        let folder = try await journal()
        try folder.tamper("DELETE FROM journal WHERE seq > 35")
        let report = try verify(folder)
        #expect(report.troubles.first == .truncated(Sequence(35), knownThrough: Sequence(40)))
        #expect(report.text.contains("ends at record 35, but went to 40"))
    }

    @Test(arguments: [
        ("UPDATE projection SET value = x'00' WHERE key = x'61'", "a"),
        ("DELETE FROM projection WHERE key = x'61'", "a"),
        ("INSERT INTO projection VALUES ('stay', x'63', x'31')", "c"),
    ])
    func `a projection row that the records do not make is found`(sql: String, key: String) async throws {
        let folder = try await journal()
        try folder.tamper(sql)
        let report = try verify(folder)
        #expect(report.troubles == [.row(ProjectionKey(.stay, key))])
    }

    @Test func `a payload deleted without a record is found`() async throws {
        let folder = try await journal()
        try folder.tamper("UPDATE journal SET payload = NULL, salt = NULL WHERE seq IN (5, 6, 9)")
        let report = try verify(folder)
        #expect(report.payloadsDeleted == 3)
        #expect(report.troubles.contains(.deletedWithoutRecord(Sequence(5))))
        #expect(report.troubles.contains(.deletedWithoutRecord(Sequence(9))))
    }

    @Test func `payloads deleted with their record are accepted, one more is not`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        var maker = RecordMaker()
        await open.commit((0..<20).map { maker.set("k\($0 % 3)", "\($0)") })
        let plan = RetentionPlan(
            request: [3, 4, 9].map { Sequence($0) },
            at: Moment(uptime: .zero, wall: WallTime(milliseconds: 0)))
        await open.commit([maker.deletion(plan)])
        #expect(try await open.journal.execute(plan) == 3)
        await open.commit([maker.set("k0", "later")])
        let live = try await open.journal.verify(folding: TestFolding.self)
        #expect(live.isSound, "\(live.text)")
        #expect(live.payloadsDeleted == 3)
        #expect(live.foldedFrom == Sequence(21))
        open.journal.close()
        #expect(try verify(folder).isSound)
        try folder.tamper("UPDATE journal SET payload = NULL, salt = NULL WHERE seq = 5")
        #expect(try verify(folder).troubles == [.deletedTooMany(4, recorded: 3)])
    }

    @Test func `a damaged seal is named and an older one, or the beginning, is used`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        var maker = RecordMaker()
        await open.commit([maker.set("a", "1")])
        try await open.journal.seal(at: WallTime(milliseconds: 1))
        await open.commit([maker.set("a", "2")])
        try await open.journal.seal(at: WallTime(milliseconds: 2))
        await open.commit([maker.set("b", "3")])
        open.journal.close()
        #expect(try verify(folder).foldedFrom == Sequence(2))
        try folder.tamper("UPDATE seal_part SET bytes = x'00' WHERE seq = 2")
        let report = try verify(folder)
        #expect(report.troubles == [.seal(Sequence(2))])
        #expect(report.foldedFrom == Sequence(1))
    }

    @Test(arguments: [
        "wall = 'noon'", "kind = NULL", "hash = x'00'", "boot = 77", "clock_quality = 9", "format = 1e300",
        "payload_hash = 3", "seq = 9223372036854775807",
    ])
    func `values that no program of ours writes are reported and never trap`(change: String) async throws {
        let folder = try await journal()
        try folder.tamper(
            "PRAGMA writable_schema = ON; "
                + "UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '') WHERE name = 'journal'")
        try folder.tamper("UPDATE journal SET \(change) WHERE seq = 40")
        #expect(try !verify(folder).isSound)
        #expect(throws: StoreFault.self) { try OpenJournal(folder) }
    }

    @Test func `a page of noise is reported, not followed`() async throws {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        maker.filler = String(repeating: "x", count: 300)
        try await makeJournal(folder, maker.notes(2_000))
        var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.database))
        let page = 100 * StoreDatabase.pageSize
        bytes.replaceSubrange(
            page..<page + StoreDatabase.pageSize, with: Data(repeating: 0xA5, count: StoreDatabase.pageSize))
        try bytes.write(to: URL(fileURLWithPath: folder.database))
        let report = try verify(folder)
        #expect(!report.isSound)
        #expect(report.recordsChecked < 2_000)
    }
}
