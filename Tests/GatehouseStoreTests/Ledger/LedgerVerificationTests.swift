// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import GatehouseProof
@testable import GatehouseStore
import Testing

/// Each test changes the ledger behind the program's back, or the journal under it.
@Suite(.timeLimit(.minutes(1)))
struct LedgerVerificationTests {
    /// 30 records, 10 of them leaves; a checkpoint over 7 and one over all.
    private func journal() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        var maker = RecordMaker()
        await open.commit(maker.mixed(21))
        _ = try await open.sign(try ledgerSigner())
        await open.commit(maker.mixed(9))
        _ = try await open.sign(try ledgerSigner())
        open.journal.close()
        return folder
    }

    @Test func `an untouched ledger is sound, and its root is said`() async throws {
        let folder = try await journal()
        let report = try verify(folder)
        #expect(report.isSound, "\(report.text)")
        #expect(report.ledgerSize == 10)
        #expect(report.text.contains("ledger of 10 records, root \(report.ledgerRoot)"))
    }

    @Test func `a running journal is sound while it is verified`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        var maker = RecordMaker()
        await open.commit(maker.mixed(30))
        _ = try await open.sign(try ledgerSigner())
        #expect(try await open.journal.verify(folding: TestFolding.self).isSound)
        open.journal.close()
    }

    @Test(arguments: [
        (
            "UPDATE ledger_node SET hash = zeroblob(32) WHERE level = 0 AND idx = 3",
            VerificationTrouble.ledger(11)
        ),
        ("UPDATE ledger_node SET hash = x'00' WHERE level = 1 AND idx = 0", .ledger(5)),
        ("DELETE FROM ledger_node WHERE level = 2 AND idx = 0", .ledger(11)),
        ("UPDATE ledger_leaf SET seq = 12 WHERE seq = 11", .ledger(11)),
        ("DELETE FROM ledger_leaf WHERE leaf = 9", .ledger(29)),
        ("INSERT INTO ledger_leaf VALUES (10, 30)", .ledgerSize(11, records: 10)),
        ("UPDATE ledger_checkpoint SET note = x'00' WHERE size = 7", .checkpoint(size: 7)),
        (
            "UPDATE ledger_checkpoint SET note = (SELECT note FROM ledger_checkpoint WHERE size = 10) WHERE size = 7",
            .checkpoint(size: 7)
        ),
        ("UPDATE ledger_checkpoint SET size = 11 WHERE size = 10", .checkpoint(size: 11)),
    ])
    func `a changed ledger is found`(sql: String, trouble: VerificationTrouble) async throws {
        let folder = try await journal()
        try folder.tamper(sql)
        let report = try verify(folder)
        #expect(report.troubles == [trouble], "\(report.text)")
        #expect(!report.isSound)
    }

    @Test func `a record that was made something else is missing in the ledger`() async throws {
        let folder = try await journal()
        try folder.tamper("UPDATE journal SET wall = wall + 1 WHERE seq = 11")
        #expect(try verify(folder).troubles == [.hash(11), .ledger(11)])
    }

    @Test func `a ledger that is gone is missed`() async throws {
        let folder = try await journal()
        try folder.tamper("DROP TABLE ledger_leaf; DROP TABLE ledger_node; DROP TABLE ledger_checkpoint")
        #expect(try verify(folder).troubles == [.ledger(2)])
    }

    @Test func `a record whose payload was deleted keeps its leaf`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        var maker = RecordMaker()
        await open.commit(maker.mixed(9))
        let root = try open.journal.reader.ledger.standing().root
        let plan = RetentionPlan(
            request: [2, 3].map { Sequence($0) }, at: Moment(uptime: .zero, wall: WallTime(milliseconds: 0)))
        await open.commit([maker.deletion(plan)])
        #expect(try await open.journal.execute(plan) == 2)
        #expect(try open.journal.reader.ledger.standing().root == root)
        let checkpoint = try await open.sign(try ledgerSigner())
        let ledger = open.journal.reader.ledger
        #expect(try ledger.proof(of: Sequence(2), under: checkpoint, until: checkpoint) == nil)
        #expect(try ledger.proof(of: Sequence(5), under: checkpoint, until: checkpoint) != nil)
        open.journal.close()
        #expect(try verify(folder).isSound)
    }
}

extension VerificationTrouble {
    fileprivate static func ledger(_ number: Int64) -> VerificationTrouble { .ledger(Sequence(number)) }
    fileprivate static func hash(_ number: Int64) -> VerificationTrouble { .hash(Sequence(number)) }
}
