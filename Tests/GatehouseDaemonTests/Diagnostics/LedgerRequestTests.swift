// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseDiagnostics
import GatehouseEngine
import GatehouseProof
import GatehouseStore
import Testing

@testable import GatehouseDaemon

@Suite(.timeLimit(.minutes(1)))
struct LedgerRequestTests {
    private static let settled =
        #"{"serial":"desk-1","way":"cash","amount":800,"at_s":1778031310,"use":"stay","stay":2}"#
    private static let charged =
        #"{"stay":2,"plate":"沪A2K605","category":"common.temp_parking","outcome":"paid","tariff":"estate","version":3,"#
        + #""entry_s":1778025600,"exit_s":1778031300,"charge":{"status":"PAY","gross":800,"fee":800,"due":800,"#
        + #""flags":[],"lines":[]},"paid":800,"owed":0,"excess":0}"#

    /// A journal of a stay that was paid, one that was not its, and nothing of money before them.
    private static func prepare(_ state: String) async throws {
        try await fillJournal(state, 2)
        let (results, said) = AsyncStream.makeStream(of: JournalResult.self)
        let (journal, _) = try Journal.open(state) { said.yield($0) }
        let other = charged.replacing("\"stay\":2", with: "\"stay\":1")
        let payloads = [
            ("paymentSettled", settled), ("stayCharged", other), ("stayCharged", charged),
        ]
        journal.submit(
            payloads.enumerated().map { index, payload in
                Record(
                    sequence: Sequence(Int64(index) + 3), kind: payload.0,
                    at: Moment(uptime: .zero, wall: WallTime(milliseconds: 1_778_031_342_118)), boot: "boot",
                    payload: Array(payload.1.utf8))
            })
        for await case .committed(5) in results { break }
        journal.close()
    }

    /// Stay 2 left owing 8.00, and 5.00 of it came later.
    private static func prepareDebt(_ state: String) async throws {
        try await fillJournal(state, 2)
        let (results, said) = AsyncStream.makeStream(of: JournalResult.self)
        let (journal, _) = try Journal.open(state) { said.yield($0) }
        let owing = charged.replacing(#""outcome":"paid""#, with: #""outcome":"owed""#)
            .replacing(#""paid":800,"owed":0"#, with: #""paid":0,"owed":800"#)
        let later = settled.replacing(#""amount":800"#, with: #""amount":500"#)
            .replacing(#""use":"stay""#, with: #""use":"arrears""#)
        let debt =
            #"{"stay":2,"plate":"沪A2K605","category":"common.temp_parking","amount":300,"#
            + #""since_ms":1778031342118}"#
        let change = ProjectionChange(ProjectionKey(.debt, "2"), Array(debt.utf8))
        journal.submit([
            Record(
                sequence: Sequence(3), kind: "stayCharged",
                at: Moment(uptime: .zero, wall: WallTime(milliseconds: 1_778_031_342_118)), boot: "boot",
                payload: Array(owing.utf8), changes: [change]),
            Record(
                sequence: Sequence(4), kind: "paymentSettled",
                at: Moment(uptime: .zero, wall: WallTime(milliseconds: 1_778_031_442_118)), boot: "boot",
                payload: Array(later.utf8)),
        ])
        for await case .committed(4) in results { break }
        journal.close()
    }

    private static func result(_ line: String?) throws -> Fields {
        let reply = try DiagnosticProtocol.reply(Array((line ?? "").utf8)).reply
        guard case .result(let json) = reply else { throw FieldError.missing(key: "result in \(line ?? "")") }
        return try Fields(json)
    }

    @Test func `a receipt says what was paid and proves it under a signed checkpoint`() async throws {
        try await RunningGateway.with(prepare: Self.prepare) { running in
            let key = try Self.result(
                try await running.ask(#"{"id":1,"request":"ledger","action":"key"}"#).last)
            let origin = try key.string("origin")
            #expect(origin.hasPrefix("gatehouse."))
            #expect(try key.string("key").hasPrefix("\(origin)+"))
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(running.state)/ledger-key")
            #expect(attributes[.posixPermissions] as? Int == 0o600)

            let receipt = try ReceiptResult(
                from: try Self.result(
                    try await running.ask(#"{"id":2,"request":"ledger","action":"receipt","stay":2}"#).last))
            #expect(receipt.settlements.map(\.record) == [3])
            #expect(try receipt.fields.string("outcome") == "paid")
            #expect(try receipt.fields.integer("fee") == 800)
            let proof = try receipt.fields.object("proof")
            #expect(try proof.string("payload") == Self.charged)
            #expect(try proof.integer("leaf") == 2)
            // Three records of money, and the one that says whose signature is under them.
            let size = try proof.integer("size")
            #expect(size >= 4)
            #expect(try proof.string("checkpoint").hasPrefix("\(origin)\n\(size)\n"))
            #expect(try receipt.fields.string("qr").hasPrefix("GHL1;\(origin);\(size);2;"))
            #expect(ReceiptText.text(receipt, zone: .utc).contains("CNY 8.00"))

            let checkpoint = try CheckpointResult(
                from: try Self.result(
                    try await running.ask(#"{"id":3,"request":"ledger","action":"checkpoint"}"#).last))
            #expect(checkpoint.size == size)
            #expect(try checkpoint.note == proof.string("checkpoint"))
        }
    }

    @Test func `what a stay left owing stands beside what is still owed, and the file verifies`() async throws
    {
        try await RunningGateway.with(prepare: Self.prepareDebt) { running in
            let key = try Self.result(
                try await running.ask(#"{"id":1,"request":"ledger","action":"key"}"#).last)
            let result = try Self.result(
                try await running.ask(#"{"id":2,"request":"ledger","action":"receipt","stay":2}"#).last)
            #expect(try result.integer("owed") == 800)
            #expect(try result.integer("still_owed") == 300)
            let text = ReceiptText.text(try ReceiptResult(from: result), zone: .utc)
            #expect(text.contains("离场时欠费 8.00元  |  owed when it left: CNY 8.00\n"))
            #expect(text.contains("现欠 3.00元  |  still owed: CNY 3.00\n"))
            let read = try Receipt(FieldWriter.json(.object(result.members)))
            let finding = try read.verify(keys: [try NoteKey(key.string("key"))])
            #expect(finding.unproven == ["site", "gateway", "still_owed", "settlements"])
        }
    }

    @Test func `a stay without a charge has no receipt`() async throws {
        try await RunningGateway.with(prepare: Self.prepare) { running in
            let line = try await running.ask(#"{"id":1,"request":"ledger","action":"receipt","stay":9}"#).last
            #expect(line?.contains(#""code":"not_found""#) == true)
        }
    }

    @Test func `a key that others may read signs nothing, and the gateway runs`() async throws {
        try await RunningGateway.with(prepare: { state in
            try await Self.prepare(state)
            let file = "\(state)/ledger-key"
            #expect(
                FileManager.default.createFile(
                    atPath: file, contents: Data("x".utf8), attributes: [.posixPermissions: 0o644]))
        }) { running in
            let line = try await running.ask(#"{"id":1,"request":"ledger","action":"checkpoint"}"#).last
            #expect(line?.contains("chmod 600") == true)
            #expect(try await running.ask(#"{"id":2,"request":"status"}"#).last?.contains("result") == true)
        }
    }
}
