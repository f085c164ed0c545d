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

    init() throws {
        old = try NoteSigner(name: Self.name, seed: [UInt8](repeating: 1, count: 32))
        new = try NoteSigner(name: Self.name, seed: [UInt8](repeating: 2, count: 32))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let record = StoredRecord(
            sequence: Sequence(4), kind: "stayCharged", format: 1,
            at: Moment(uptime: .zero, wall: WallTime(milliseconds: 5)), boot: "b", payload: Array("{}".utf8))
        let salt = [UInt8](repeating: 7, count: 16)
        let leaf = LedgerLeaf.hash(
            header: RecordHash.header(of: record),
            payloadHash: RecordHash.payload(salt: salt, payload: Array("{}".utf8)))
        func signed(_ signer: NoteSigner) throws -> [UInt8] {
            try Checkpoint(origin: Self.name, size: 1, root: leaf).signed(by: signer).bytes
        }
        let proof = ReceiptProof(
            record: record, salt: salt, leaf: 0, size: 1, path: [], checkpoint: try signed(old))
        let json = try #require(proof?.json)
        try write("receipt", FieldWriter.object { $0.put("proof", json: json) })
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
}
