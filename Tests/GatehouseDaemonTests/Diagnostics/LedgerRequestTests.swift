// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseDiagnostics
import GatehouseEngine
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
