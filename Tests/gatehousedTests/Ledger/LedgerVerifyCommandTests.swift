// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GatehouseCommandLine
import GatehouseCore
import GatehouseProof
import Testing

@testable import gatehoused

/// `gatehouse ledger verify` on files as they come from elsewhere: a receipt under the old key, a checkpoint under the
/// new one.
@Suite struct LedgerVerifyCommandTests {
    private static let name = "gatehouse.estate.gateway"
    private let folder = FileManager.default.temporaryDirectory.appending(path: "verify-\(UUID())")
    private let old: NoteSigner
    private let new: NoteSigner
    private let proof: ReceiptProof

    init() throws {
        old = try NoteSigner(name: Self.name, seed: [UInt8](repeating: 1, count: 32))
        new = try NoteSigner(name: Self.name, seed: [UInt8](repeating: 2, count: 32))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let payload = Array(
            #"{"stay":26,"plate":"沪A2K605","outcome":"paid","currency":"CNY","paid":500,"owed":0}"#.utf8)
        let record = StoredRecord(
            sequence: Sequence(4), kind: "stayCharged", format: 1,
            at: Moment(uptime: .zero, wall: WallTime(milliseconds: 5)), boot: "b", payload: payload)
        let salt = [UInt8](repeating: 7, count: 16)
        let leaf = LedgerLeaf.hash(
            header: RecordHash.header(of: record),
            payloadHash: RecordHash.payload(salt: salt, payload: payload))
        func signed(_ signer: NoteSigner) throws -> [UInt8] {
            try Checkpoint(origin: Self.name, size: 1, root: leaf).signed(by: signer).bytes
        }
        proof = try #require(
            ReceiptProof(
                record: record, salt: salt, leaf: 0, size: 1, path: [], checkpoint: try signed(old)))
        try write("receipt", receipt())
        try write("checkpoint", try signed(new))
        try write("checkpoint-before", try signed(old))
        try write("key", Array("# in the minutes of May\n\(old.key)\n".utf8))
        try write("rotations", try KeyRotation.note(from: old, to: new).bytes)
        try write("loss", try KeyLoss.note(of: old.key.label, to: new).bytes)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: folder.appending(path: name))
    }

    private func receipt(_ more: (inout FieldWriter) -> Void = { _ in }) -> [UInt8] {
        FieldWriter.object { fields in
            more(&fields)
            fields.put("proof", json: proof.json ?? [])
        }
    }

    /// What a person is told who checks this file under the old key.
    private func told(_ receipt: [UInt8], checkpoint: [UInt8]? = nil) throws -> CommandFailure {
        try write("receipt", receipt)
        try write("checkpoint", checkpoint ?? proof.checkpoint)
        return try #require(throws: CommandFailure.self) { try verify() }
    }

    private func verify(_ more: String...) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let words = [path("receipt"), "--checkpoint", path("checkpoint"), "--key", path("key"), "--json"]
        let command = try LedgerVerifyCommand.parse(words + more)
        try command.run()
    }

    @Test func `the statement of the rotation leads from the old key to the new one`() throws {
        #expect(throws: Never.self) { try verify("--rotation", path("rotations")) }
    }

    @Test func `a ledger without a rotation has a file without a statement, and that is good`() throws {
        try write("none", [])
        try FileManager.default.removeItem(atPath: path("checkpoint"))
        try FileManager.default.copyItem(atPath: path("checkpoint-before"), toPath: path("checkpoint"))
        #expect(throws: Never.self) { try verify("--rotation", path("none")) }
    }

    @Test func `without it the new key is a stranger's`() throws {
        #expect(throws: CommandFailure.self) { try verify() }
    }

    @Test func `a lost key leads nowhere`() throws {
        #expect(throws: CommandFailure.self) { try verify("--rotation", path("loss")) }
    }

    @Test func `what is proven is printed in the words of the receipt, and what is not is named`() throws {
        let read = try Receipt(
            receipt { fields in
                fields.put("site", "estate")
                fields.put("plate", "沪A2K605")
            })
        let lines = LedgerVerifyCommand.lines(proof, try read.verify(keys: [old.key]))
        for line in [
            "proven: 停车26号  |  stay 26", "proven: 车牌 沪A2K605  |  plate 沪A2K605",
            "proven: 实付 5.00元  |  paid: CNY 5.00", "proven: 结果 已缴清  |  outcome: paid",
            "not proven by this receipt: site",
        ] { #expect(lines.contains(line), "\(line) is not in \(lines)") }
        #expect(lines.last == "the receipt holds: record 4, stayCharged")
    }

    @Test func `of a bill that cannot be read the record itself is printed`() throws {
        var (proof, finding) = (proof, try Receipt(receipt()).verify(keys: [old.key]))
        let payload = #"{"stay":26,"charge":{"status":"PAY","due":800,"flags":["OF_TOMORROW"]}}"#
        proof.payload = Array(payload.utf8)
        finding.record = try Fields(proof.payload)
        let lines = LedgerVerifyCommand.lines(proof, finding)
        #expect(lines.contains("proven: \(payload)"))
        #expect(!lines.contains { $0.contains("no price") }, "\(lines)")
    }

    @Test func `a file that is no receipt does not print itself`() throws {
        let text = String(decoding: receipt(), as: UTF8.self)
        let long = text.replacing(#""salt":""#, with: #""salt":""# + String(repeating: "x", count: 100_000))
        let failure = try told(Array(long.utf8))
        #expect(failure.message.contains(#"member "salt" is not understood: xxx"#))
        #expect(failure.message.count < 1000)
    }

    @Test func `a receipt that shows something else than it proves does not hold`() throws {
        let failure = try told(receipt { $0.put("plate", "京A\u{1B}[2J") })
        #expect(failure.status == .data)
        #expect(
            failure.message.hasSuffix(
                #" does not hold: contents: plate is shown as "京A\u001b[2J", the record says "沪A2K605""#))
    }

    @Test func `a checkpoint of another time makes no forgery of a receipt`() throws {
        let later = try Checkpoint(origin: Self.name, size: 2, root: proof.leafHash).signed(by: old).bytes
        let failure = try told(receipt(), checkpoint: later)
        #expect(failure.status == .data)
        #expect(
            failure.message.hasSuffix(
                " is not verified: consistency: this receipt leads to the checkpoint over 1 records, "
                    + "the given one is over 2"))
        #expect(failure.hint?.contains("print the receipt again") == true)
    }

    @Test func `what is no receipt is told by byte or member, with what to try`() throws {
        let text = String(decoding: receipt(), as: UTF8.self)
        for (bytes, words) in [
            ("", "byte 0: no JSON object"), ("[]", "byte 0: no JSON object"),
            (String(text.dropLast()), "byte \(text.utf8.count - 1): no JSON object"),
            ("{}", #"member "proof" is missing"#),
            (
                text.replacing(#""clock_quality":0"#, with: #""clock_quality":7"#),
                #"member "clock_quality" is not understood: 7"#
            ),
        ] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try write("key", Array("\(old.key)\n".utf8))
            let failure = try told(Array(bytes.utf8))
            #expect(failure.message.contains(" is no receipt: \(words)"), "\(failure.message)")
            #expect(failure.hint?.contains("gatehouse receipt STAY --json") == true)
        }
    }

    @Test func `a line that is no key is told by its number`() throws {
        try write("key", Array("# May\n\(old.key)\nx\n".utf8))
        let failure = try #require(throws: CommandFailure.self) { try verify() }
        #expect(failure.message.hasSuffix(", line 3: the key is not name+hash+base64"))
    }
}
