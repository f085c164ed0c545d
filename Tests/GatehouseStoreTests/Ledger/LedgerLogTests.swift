// SPDX-License-Identifier: Apache-2.0

import GRDB
import GatehouseCore
import GatehouseEngine
import GatehouseProof
@testable import GatehouseStore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LedgerLogTests {
    @Test func `records of money are leaves, in their order, and no others are`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        var maker = RecordMaker()
        await open.commit(maker.mixed(10))
        let ledger = open.journal.reader.ledger
        #expect(try ledger.standing().size == 3)
        #expect(try ledger.leaf(of: Sequence(5)) == 1)
        #expect(try ledger.leaf(of: Sequence(4)) == nil)
        #expect(try ledger.records(after: Sequence(2), limit: 9).map(\.sequence.number) == [5, 8])
    }

    @Test func `the root is that of the standard, at every size, and nodes are fewer than two a leaf`()
        async throws
    {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        var maker = RecordMaker()
        for batch in [1, 7, 30, 2, 61] { await open.commit(maker.mixed(batch)) }
        let leaves = try open.leaves()
        let ledger = open.journal.reader.ledger
        for size in 0...leaves.count {
            #expect(try ledger.root(size: Int64(size)) == naiveRoot(leaves[..<size]))
        }
        #expect(try open.count("ledger_node") < 2 * leaves.count)
    }

    @Test func `a journal that is opened again goes on`() async throws {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        for batch in [5, 1, 40] { try await makeJournal(folder, maker.mixed(batch)) }
        let open = try OpenJournal(folder)
        await open.commit(maker.mixed(9))
        let leaves = try open.leaves()
        #expect(try open.journal.reader.ledger.standing().root == naiveRoot(leaves[...]))
        #expect(try open.journal.reader.ledger.standing().size == Int64(leaves.count))
        open.journal.close()
        #expect(try verify(folder).isSound)
    }

    @Test(arguments: JournalFaultTests.steps)
    func `a fault at any step of a commit leaves one leaf for each record`(step: JournalStep) async throws {
        let folder = try TemporaryFolder()
        let disk = FailingDisk([])
        let open = try OpenJournal(folder) { try disk.check($0) }
        var maker = RecordMaker()
        await open.commit(maker.notes(3, "paymentSettled"))
        disk.arm(step, DatabaseError(resultCode: .SQLITE_IOERR, message: "disk I/O error"))
        let answers = await open.commit(maker.notes(5, "chargeQuoted"))
        #expect(answers.count == 2)
        let leaves = try open.leaves()
        #expect(leaves.count == 8)
        #expect(try open.count("ledger_leaf") == 8)
        #expect(try open.count("ledger_node") == 15)
        #expect(try open.journal.reader.ledger.standing().root == naiveRoot(leaves[...]))
        open.journal.close()
        let report = try verify(folder)
        #expect(report.isSound, "\(report.text)")
    }

    @Test func `a commit that was rolled back leaves no nodes`() throws {
        let folder = try TemporaryFolder()
        let disk = FailingDisk([(.beforeCommit, StoreFault.diskFull)])
        let place = StoreFolder(path: folder.journal)
        try place.make()
        let queue = try StoreDatabase.openWriter(place)
        var writer = JournalWriter(queue, last: JournalWriter.ChainEnd(sequence: 0, hash: .genesis)) {
            try disk.check($0)
        }
        func nodes() throws -> Int? {
            try queue.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM ledger_node") }
        }
        var maker = RecordMaker()
        let records = maker.notes(4, "paymentSettled")
        #expect(throws: StoreFault.diskFull) { try writer.commit(records) }
        #expect(try nodes() == 0)
        #expect(writer.last.ledger.size == 0)
        try writer.commit(records)
        #expect(try nodes() == 7)
        #expect(writer.last.ledger.size == 4)
    }

    @Test func `a journal from before the ledger is taken up when it is opened`() async throws {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        try await makeJournal(folder, maker.mixed(20))
        try folder.tamper(
            "DROP TABLE ledger_leaf; DROP TABLE ledger_node; DROP TABLE ledger_checkpoint; PRAGMA user_version = 1"
        )
        let open = try OpenJournal(folder)
        await open.commit(maker.mixed(4))
        let leaves = try open.leaves()
        #expect(try open.journal.reader.ledger.standing().root == naiveRoot(leaves[...]))
        open.journal.close()
        #expect(try verify(folder).isSound)
    }

    @Test func `a tree that lacks a node is refused when it is opened`() async throws {
        let folder = try TemporaryFolder()
        var maker = RecordMaker()
        try await makeJournal(folder, maker.mixed(20))
        try folder.tamper("DELETE FROM ledger_node WHERE level = 1")
        #expect(throws: StoreFault.self) { try OpenJournal(folder) }
    }
}
