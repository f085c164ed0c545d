// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import GatehouseProof
@testable import GatehouseStore
import Testing

/// Keys on record, as `gatehouse verify` follows them.
@Suite(.timeLimit(.minutes(1)))
struct LedgerKeyCheckTests {
    private static func fact(
        _ change: LedgerKeyFact.Change, from old: UInt8?, to new: UInt8
    ) throws -> LedgerKeyFact {
        let (before, after) = (try old.map { try ledgerSigner($0) }, try ledgerSigner(new))
        let statement: String? =
            switch (change, before) {
            case (.rotated, let before?): try KeyRotation.note(from: before, to: after).words
            case (.lost, let before?): try KeyLoss.note(of: before.key.label, to: after).words
            default: nil
            }
        return LedgerKeyFact(
            change, key: after.key.description, previous: before?.key.description, statement: statement)
    }

    private struct Step {
        var fact: LedgerKeyFact
        /// Seeds of the keys that then sign.
        var signers: [UInt8]
    }

    /// Each record of a key, some of money after it, and a checkpoint by each signer.
    private func verified(_ steps: [Step]) async throws -> VerificationReport {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        var maker = RecordMaker()
        for step in steps {
            await open.commit([maker.key(step.fact)] + maker.notes(2, "paymentSettled"))
            for seed in step.signers {
                try await open.plant(try ledgerSigner(seed))
                await open.commit(maker.notes(1, "paymentSettled"))
            }
        }
        open.journal.close()
        let offline = try OfflineJournal(folder.journal)
        defer { offline.close() }
        return try offline.reader.verify(folding: KeyFolding.self)
    }

    @Test func `a key that is begun, rotated and lost is followed`() async throws {
        let report = try await verified([
            Step(fact: try Self.fact(.begun, from: nil, to: 1), signers: [1, 1]),
            Step(fact: try Self.fact(.rotated, from: 1, to: 2), signers: [2]),
            Step(fact: try Self.fact(.lost, from: 2, to: 3), signers: [3]),
            Step(fact: try Self.fact(.rotated, from: 3, to: 4), signers: [4]),
        ])
        #expect(report.isSound, "\(report.text)")
        #expect(report.ledgerSize == 17)
    }

    @Test func `a checkpoint by a key that no record names is found`() async throws {
        let report = try await verified([
            Step(fact: try Self.fact(.begun, from: nil, to: 1), signers: [1, 9])
        ])
        #expect(report.troubles == [.checkpointKey(size: 4)], "\(report.text)")
    }

    @Test func `what a lost key signs later is found`() async throws {
        let report = try await verified([
            Step(fact: try Self.fact(.begun, from: nil, to: 1), signers: [1]),
            Step(fact: try Self.fact(.lost, from: 1, to: 2), signers: [1]),
        ])
        #expect(report.troubles == [.checkpointKey(size: 7)], "\(report.text)")
    }

    @Test func `a key that the one before did not name is found`() async throws {
        var forged = try Self.fact(.rotated, from: 9, to: 2)
        forged.previous = try ledgerSigner(1).key.description
        let begun = Step(fact: try Self.fact(.begun, from: nil, to: 1), signers: [1])
        for bad in [forged, try Self.fact(.begun, from: nil, to: 2)] {
            let report = try await verified([begun, Step(fact: bad, signers: [])])
            #expect(report.troubles == [.ledgerKey(Sequence(5))], "\(report.text)")
        }
        var unsigned = try Self.fact(.lost, from: 1, to: 2)
        unsigned.statement = try KeyLoss.note(of: "x+00000000", to: try ledgerSigner(3)).words
        #expect(
            try await verified([begun, Step(fact: unsigned, signers: [])]).troubles == [
                .ledgerKey(Sequence(5))
            ])
    }

    @Test func `only the key on record signs`() async throws {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        defer { open.journal.close() }
        var maker = RecordMaker()
        let begun = try Self.fact(.begun, from: nil, to: 1)
        await open.commit([maker.key(begun)])
        _ = try await open.sign(try ledgerSigner(1))
        await open.commit([maker.key(try Self.fact(.rotated, from: 1, to: 2))])
        await #expect(throws: StoreFault.self) { _ = try await open.sign(try ledgerSigner(1)) }
        #expect(try await open.sign(try ledgerSigner(2)).size == 2)
        #expect(try open.journal.reader.ledger.standing().keys.entries.count == 2)
        #expect(try open.journal.reader.ledger.standing().signedBy?.label == ledgerSigner(2).key.label)
    }
}

/// Bookings, added up without the fold.
@Suite(.timeLimit(.minutes(1)))
struct PostingsCheckTests {
    private func verified(_ payloads: [String], balances: [String: Int64]) async throws -> VerificationReport
    {
        let folder = try TemporaryFolder()
        let open = try OpenJournal(folder)
        var records = payloads.enumerated().map {
            record(Int64($0.offset) + 1, "paymentSettled", $0.element, at: 1_700_000_000_000)
        }
        let last = records.count - 1
        records[last].changes = balances.sorted { $0.key < $1.key }.map { account, balance in
            ProjectionChange(
                ProjectionKey(.balance, account), FieldWriter.object { $0.put("balance", balance) })
        }
        await open.commit(records)
        open.journal.close()
        return try verify(folder)
    }

    private static func payload(_ lines: (String, Int64)...) -> String {
        let lines = lines.map { #"{"account":"\#($0.0)","amount":\#($0.1)}"# }
        return #"{"postings":[\#(lines.joined(separator: ","))]}"#
    }

    private static func row(_ account: String) -> VerificationTrouble {
        .row(ProjectionKey(.balance, account))
    }

    @Test func `bookings that come to nothing, and so do their accounts, are sound`() async throws {
        let payloads = [Self.payload(("a", 500), ("b", -500)), Self.payload(("a", -500), ("b", 500)), "{}"]
        let report = try await verified(payloads, balances: [:])
        #expect(report.isSound, "\(report.text)")
    }

    @Test func `bookings of a record that do not come to nothing are found`() async throws {
        let report = try await verified(
            [Self.payload(("a", 500), ("b", -499)), #"{"postings":[{"account":"a"}]}"#], balances: [:])
        #expect(report.troubles == [.unbalanced(Sequence(1)), .unbalanced(Sequence(2))], "\(report.text)")
    }

    @Test func `a balance that is missing or another is found`() async throws {
        let payloads = [Self.payload(("a", 500), ("b", -500), ("c", 0))]
        #expect(try await verified(payloads, balances: [:]).troubles == [Self.row("a"), Self.row("b")])
        var check = PostingsCheck()
        let isBalanced = check.take(StoredRecord(record(1, "x", payloads[0], at: 0)))
        #expect(isBalanced)
        func differing(_ balances: [(String, Int64)]) -> [ProjectionKey] {
            check.differences(
                from: balances.map { account, balance in
                    ProjectionRow(
                        ProjectionKey(.balance, account), FieldWriter.object { $0.put("balance", balance) })
                })
        }
        #expect(differing([("a", 500), ("b", -500)]) == [])
        #expect(differing([("a", 499), ("b", -500)]) == [ProjectionKey(.balance, "a")])
        #expect(differing([("a", 500), ("b", -500), ("d", 1)]) == [ProjectionKey(.balance, "d")])
        #expect(differing([("a", 500)]) == [ProjectionKey(.balance, "b")])
    }
}

/// Knows keys and nothing else.
private struct KeyFolding: JournalFolding {
    private var memory = SiteMemory()

    init(rows: [ProjectionRow]) throws(FieldError) {}

    mutating func fold(_ record: StoredRecord) throws(FieldError) -> [ProjectionChange] {
        LedgerKeyFact.kinds.contains(record.kind) ? try memory.fold(record) : []
    }
}

extension OpenJournal {
    /// A checkpoint by whomever, past the gateway's own check.
    fileprivate func plant(_ signer: NoteSigner) async throws {
        let now = try journal.reader.ledger.standing()
        let note = try Checkpoint(origin: signer.key.name, size: now.size, root: now.root).signed(by: signer)
        let checkpoint = StoredCheckpoint(size: now.size, wall: WallTime(milliseconds: 5), note: note.bytes)
        try await journal.write { db in try checkpoint.insert(db) }
    }
}

extension RecordMaker {
    /// With the row that the site's memory makes of it.
    fileprivate mutating func key(_ fact: LedgerKeyFact) -> Record {
        var made = note(fact.change.rawValue)
        made.payload = FieldWriter.object(fact.write)
        var memory = SiteMemory()
        made.changes = memory.apply(.housekeeping(.ledgerKey(fact)), made.sequence, at: made.at)
        return made
    }
}
