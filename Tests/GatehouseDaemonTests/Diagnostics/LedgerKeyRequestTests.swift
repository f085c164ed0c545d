// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseDiagnostics
import GatehouseEngine
import GatehouseProof
import GatehouseStore
import Testing

@testable import GatehouseDaemon

/// Another key for the ledger, and what a power cut, a loss or a second asker makes of it.
@Suite(.timeLimit(.minutes(1)))
struct LedgerKeyRequestTests {
    private static let name = "gatehouse.estate.gateway"

    private static func signer(_ seed: UInt8) throws -> NoteSigner {
        try NoteSigner(name: name, seed: [UInt8](repeating: seed, count: 32))
    }

    /// A journal that knows these keys, and files with private halves: how a power cut leaves a folder.
    private static func prepare(
        _ state: String, _ facts: [LedgerKeyFact], files: [String: NoteSigner]
    ) async throws {
        let (results, said) = AsyncStream.makeStream(of: JournalResult.self)
        let (journal, _) = try Journal.open(state) { said.yield($0) }
        var memory = SiteMemory()
        let moment = Moment(uptime: .zero, wall: WallTime(milliseconds: 1_778_031_342_118))
        journal.submit(
            facts.enumerated().map { index, change in
                let (fact, number) = (Fact.housekeeping(.ledgerKey(change)), Sequence(Int64(index) + 1))
                return Record(
                    sequence: number, kind: fact.kind, at: moment, boot: "boot", payload: fact.payload,
                    changes: memory.apply(fact, number, at: moment))
            })
        for await case .committed(Int64(facts.count)) in results { break }
        journal.close()
        for (file, signer) in files {
            let isMade = FileManager.default.createFile(
                atPath: "\(state)/\(file)", contents: Data("\(signer.secretText)\n".utf8),
                attributes: [.posixPermissions: 0o600])
            try #require(isMade)
        }
    }

    private static func begun(_ signer: NoteSigner) -> LedgerKeyFact {
        LedgerKeyFact(.begun, key: signer.key.description)
    }

    private static func rotated(_ old: NoteSigner, _ new: NoteSigner) throws -> LedgerKeyFact {
        LedgerKeyFact(
            .rotated, key: new.key.description, previous: old.key.description,
            statement: try KeyRotation.note(from: old, to: new).words,
            by: Operator(channel: "socket", name: "wang"), reason: "TEST")
    }

    private static func files(_ state: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: state).filter { $0.hasPrefix("ledger") }.sorted()
    }

    @Test func `a rotation is signed by both keys, and what was signed before stays good`() async throws {
        try await RunningGateway.with { running in
            let first = try await running.keys()
            let early = try await running.checkpoint()
            #expect(try await running.keys().record != nil)
            let after = try await running.keys("rotate_key", #","reason":"TEST""#)
            #expect(after.key != first.key && after.origin == first.origin)
            #expect(after.earlier.map(\.key) == [first.key])
            let trusted = try NoteKey(first.key)
            let statements = after.statements.map { Array($0.utf8) }
            let keys = try KeyRotation.keys(trusting: [trusted], through: statements)
            #expect(keys.map(\.description) == [first.key, after.key])
            // The record is under the first checkpoint by the new key.
            let late = try await running.checkpoint()
            #expect(late.size > early.size)
            #expect(throws: CheckpointFault.self) {
                try Checkpoint(note: Array(late.note.utf8), keys: [trusted])
            }
            #expect(try Checkpoint(note: Array(late.note.utf8), keys: keys).size == late.size)
            #expect(try Checkpoint(note: Array(early.note.utf8), keys: keys).size == early.size)
            #expect(try Self.files(running.state) == ["ledger-key"])
            #expect(
                try await running.ask(#"{"id":9,"request":"verify"}"#).last?.contains(#""sound":true"#)
                    == true)
            #expect(LedgerKeyText.keys(after) == "\(after.key)\n\(first.key)")
            let file = Array("\(LedgerKeyText.statements(after))\n".utf8)
            #expect(KeyRotation.statements(in: file) == statements)
        }
    }

    /// The record came to the disk, and nothing after it.
    @Test func `cut after the record, the next key signs`() async throws {
        let (old, new) = (try Self.signer(1), try Self.signer(2))
        try await RunningGateway.with(prepare: { state in
            try await Self.prepare(
                state, [Self.begun(old), try Self.rotated(old, new)],
                files: ["ledger-key": old, "ledger-key.next": new])
        }) { running in
            #expect(try await running.keys().key == new.key.description)
            let note = try await running.checkpoint().note
            #expect(throws: Never.self) { try Checkpoint(note: Array(note.utf8), keys: [new.key]) }
            #expect(try Self.files(running.state) == ["ledger-key"])
        }
    }

    /// The next key was written, and its record did not come to the disk.
    @Test func `cut before the record, the key in force signs, and the change is made again`() async throws {
        let (old, new) = (try Self.signer(1), try Self.signer(2))
        try await RunningGateway.with(prepare: { state in
            try await Self.prepare(
                state, [Self.begun(old)], files: ["ledger-key": old, "ledger-key.next": new])
        }) { running in
            #expect(try await running.keys().key == old.key.description)
            let note = try await running.checkpoint().note
            #expect(throws: Never.self) { try Checkpoint(note: Array(note.utf8), keys: [old.key]) }
            let after = try await running.keys("rotate_key", #","reason":"TEST""#)
            #expect(after.key == new.key.description)
        }
    }

    @Test func `a lost key is a loud fault, and no other is made but by a person's word`() async throws {
        let lost = try Self.signer(1)
        try await RunningGateway.with(prepare: { state in
            try await Self.prepare(state, [Self.begun(lost)], files: [:])
        }) { running in
            for action in ["key", "checkpoint"] {
                let line = try await running.ask(#"{"id":1,"request":"ledger","action":"\#(action)"}"#).last
                #expect(line?.contains("--lost") == true, "\(line ?? "")")
            }
            #expect(try Self.files(running.state) == [])
            #expect(try await running.faults().contains(LedgerNotary.faultCode))
            let order = #"{"id":2,"request":"ledger","action":"rotate_key","reason":"TEST"}"#
            #expect(try await running.ask(order).last?.contains(lost.key.label) == true)

            let after = try await running.keys("rotate_key", #","lost":true,"reason":"OTHER: card broke""#)
            #expect(after.origin == Self.name && after.earlier.map(\.isLost) == [true])
            let loss = try KeyLoss(note: Array(after.statements[0].utf8))
            #expect(loss.lost == lost.key.label && loss.new.description == after.key)
            #expect(LedgerKeyText.keys(after).contains("# lost, until record"))
            #expect(try await running.checkpoint().size >= 2)
            #expect(try await !running.faults().contains(LedgerNotary.faultCode))
            #expect(
                try await running.ask(#"{"id":9,"request":"verify"}"#).last?.contains(#""sound":true"#)
                    == true)
        }
    }

    @Test func `a key that is there is not lost`() async throws {
        try await RunningGateway.with { running in
            _ = try await running.checkpoint()
            let order = #"{"id":2,"request":"ledger","action":"rotate_key","lost":true,"reason":"TEST"}"#
            #expect(try await running.ask(order).last?.contains(#""code":"refused""#) == true)
        }
    }

    @Test func `nothing is begun where nothing is asked`() async throws {
        try await RunningGateway.with { running in
            let keys = try await running.keys()
            #expect(keys.record == nil && keys.statements == [] && keys.earlier == [])
            let order = #"{"id":2,"request":"ledger","action":"rotate_key","reason":"NONSENSE"}"#
            #expect(try await running.ask(order).last?.contains(#""code":"bad_request""#) == true)
            #expect(try await running.keys().record == nil)
        }
    }
}

extension RunningGateway {
    fileprivate func result(_ request: String) async throws -> [UInt8] {
        let line = try await ask(request).last ?? ""
        guard case .result(let json) = try DiagnosticProtocol.reply(Array(line.utf8)).reply else {
            throw FieldError.missing(key: "result in \(line)")
        }
        return json
    }

    fileprivate func keys(_ action: String = "key", _ more: String = "") async throws -> LedgerKeyResult {
        try LedgerKeyResult(
            json: try await result(#"{"id":1,"request":"ledger","action":"\#(action)"\#(more)}"#))
    }

    fileprivate func checkpoint() async throws -> CheckpointResult {
        try CheckpointResult(json: try await result(#"{"id":1,"request":"ledger","action":"checkpoint"}"#))
    }

    fileprivate func faults() async throws -> String {
        String(decoding: try await result(#"{"id":1,"request":"faults"}"#), as: UTF8.self)
    }
}
