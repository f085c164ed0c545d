// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseProof
import Testing

/// docs/verify_receipt.py was written from the standards: it must come to the same verdicts.
@Suite(.enabled(if: VerifierScript.python != nil, "no Python with the package cryptography"))
struct ReceiptScriptTests {
    private let ledger: SampleLedger
    private let receipt: ReceiptProof
    private let key: NoteKey

    init() throws {
        ledger = try SampleLedger(records: 23)
        receipt = try #require(try ledger.receipt(6, size: 13, until: 23))
        key = ledger.signer.key
    }

    @Test(arguments: [13, 23] as [Int64]) func `a good receipt holds`(_ size: Int64) throws {
        let checkpoint = try ledger.checkpoint(size)
        let result = try VerifierScript.run(receipt, checkpoint, [key])
        #expect(result.code == 0, "\(result.output)")
        let ours = try receipt.verify(checkpointFile: checkpoint, key: key).map { "ok: \($0)" }
        #expect(result.checks == ours)
        #expect(result.output.contains("\nproven: record 7\nproven: plate \"沪A2K605\"\n"))
        #expect(result.output.hasSuffix("record 7, accessGranted.\n"))
    }

    @Test func `a bad receipt fails at the same step, in the same words`() throws {
        var cases = [(ReceiptProof, Int64)](repeating: (receipt, 23), count: 11)
        cases[0].0.payload[20] ^= 1
        cases[1].0.salt[3] ^= 1
        cases[2].0.salt.append(0)
        cases[3].0.leaf = 7
        cases[4].0.size = 14
        cases[5].0.path.append(.genesis)
        cases[6].0.consistency = nil
        cases[7].0.consistency = [.genesis]
        cases[8].1 = 12
        cases[9].1 = 20
        cases[10].0.consistencySize = 20
        for (proof, size) in cases {
            let checkpoint = try ledger.checkpoint(size)
            let fault = #expect(throws: ReceiptFault.self) {
                try proof.verify(checkpointFile: checkpoint, key: key)
            }
            let result = try VerifierScript.run(proof, checkpoint, [key])
            #expect(result.code == 1)
            let verdict = fault?.isOfAnotherTime == true ? "NOT VERIFIED" : "FAILED"
            #expect(result.output.split(separator: "\n").last == fault.map { "\(verdict) \($0)" } ?? "")
        }
    }

    @Test func `another key, another ledger and no note fail`() throws {
        let stranger = try sampleSigner(seed: 9).key
        let later = try ledger.checkpoint(23)
        #expect(try VerifierScript.run(receipt, later, [stranger]).code == 1)
        #expect(try VerifierScript.run(receipt, bytes("x\n"), [key]).code == 1)
        #expect(try VerifierScript.run(receipt, Array(later.dropLast()), [key]).code == 1)
        #expect(try VerifierScript.run(receipt, later, [stranger, key]).code == 0)
    }

    @Test func `who has the old key goes on by the statement of the rotation`() throws {
        let next = try sampleSigner(seed: 9)
        let rotation = try KeyRotation.note(from: ledger.signer, to: next).bytes
        let later = try Checkpoint(
            origin: SampleLedger.origin, size: 23, root: try ledger.table.root(size: 23)
        ).signed(by: next).bytes
        #expect(try VerifierScript.run(receipt, later, [key]).code == 1)
        let result = try VerifierScript.run(receipt, later, [key], rotation: rotation)
        #expect(result.code == 0, "\(result.output)")
        let keys = try KeyRotation.keys(trusting: [key], through: [rotation])
        let ours = try receipt.verify(checkpointFile: later, keys: keys).map { "ok: \($0)" }
        #expect(result.checks == ours)
        // Of two in a file, whoever trusts the first needs both.
        let last = try sampleSigner(seed: 10)
        let two = rotation + bytes("\n") + (try KeyRotation.note(from: next, to: last).bytes)
        let latest = try Checkpoint(
            origin: SampleLedger.origin, size: 23, root: try ledger.table.root(size: 23)
        ).signed(by: last).bytes
        #expect(try VerifierScript.run(receipt, latest, [key], rotation: two).code == 0)
    }

    @Test func `what is no rotation leads nowhere`() throws {
        let next = try sampleSigner(seed: 9)
        let later = try ledger.checkpoint(23)
        let text = bytes("\(KeyRotation.title)\n\(key)\n\(next.key)\n")
        let bad = [
            try SignedNote(text: text, signers: [next]).bytes,
            try SignedNote(text: text, signers: [ledger.signer]).bytes,
            try KeyLoss.note(of: key.label, to: next).bytes, later, bytes("\n"), [0xFF, 0x0A],
        ]
        for rotation in bad {
            #expect(try VerifierScript.run(receipt, later, [key], rotation: rotation).code == 1)
            #expect(throws: KeyRotationFault.self) {
                try KeyRotation.keys(trusting: [key], through: KeyRotation.statements(in: rotation))
            }
        }
        let good = try KeyRotation.note(from: ledger.signer, to: next).bytes
        for index in stride(from: 0, to: good.count, by: 11) {
            var changed = good
            changed[index] ^= 1
            let ours = try? KeyRotation.keys(trusting: [key], through: KeyRotation.statements(in: changed))
            #expect(ours == nil || ours == [key], "byte \(index)")
        }
    }

    @Test func `what stands beside the proof is held against it in the same words`() throws {
        let sample = try SampleReceipt()
        for (name, value) in SampleReceipt.forged + [("note", "\"x\"")] {
            let json = sample.json(name, value)
            let result = try VerifierScript.run(json: json, sample.checkpoint, [sample.key.description])
            let receipt = try Receipt(json)
            do throws(ReceiptFault) {
                let finding = try receipt.verify(checkpointFile: sample.checkpoint, keys: [sample.key])
                #expect(result.code == 0, "\(name): \(result.output)")
                let unproven = finding.unproven.joined(separator: ", ")
                #expect(result.output.contains("\nnot proven by this receipt: \(unproven)\n"))
                #expect(result.output.contains("\nproven: fee 800\n"))
            } catch {
                #expect(result.code == 1, "\(name)")
                #expect(result.output.split(separator: "\n").last.map(String.init) == "FAILED \(error)")
            }
        }
    }

    /// Payloads that a ledger has signed and that no gateway of ours wrote, or rarely.
    @Test(arguments: [
        Odd(#""fee":800,"due":800"#, #""fee":null,"due":null"#, due: ""),
        Odd(#""due":800"#, #""due":true"#, due: ""), Odd(#""due":800"#, #""due":"800""#, due: ""),
        Odd(#""owed":500"#, #""owed":null"#), Odd(#","excess":0"#, ""),
        Odd(#","excess":0"#, "", shown: ("excess", "null"), holds: false),
        Odd(#""owed":500"#, #""owed":null"#, shown: ("owed", "500"), holds: false),
        Odd("1778025600", "-46000000000"), Odd("1778025600", "-62135596800"),
        Odd("1778025600", "-62135596801"), Odd("1778025600", "253402300800"),
        Odd("1778025600", "9223372036854775807"), Odd("1778025600", "-9223372036854775807"),
        Odd(
            "1778025600", "-9223372036854775", shown: ("entry", #""1970-01-01T00:00:00.000Z""#),
            holds: false),
        Odd("1778025600", "true"),
        Odd("1778025600", "true", shown: ("entry", #""1970-01-01T00:00:01.000Z""#), holds: false),
        Odd("沪A2K605", "caf\u{E9}"),
        Odd("沪A2K605", "caf\u{E9}", shown: ("plate", "\"cafe\u{301}\""), holds: false),
        Odd(#""paid":300"#, #""paid":300,"paid":300"#, holds: false),
        Odd(#""code":"CHARGE","#, #""code":"CHARGE","code":"CHARGE","#, holds: false),
    ]) func `both come to one verdict on odd records`(_ odd: Odd) throws {
        #expect(SampleReceipt.payload.contains(odd.old))
        let sample = try SampleReceipt(SampleReceipt.payload.replacing(odd.old, with: odd.new), due: odd.due)
        let json = sample.json(odd.shown.0, odd.shown.1)
        let result = try VerifierScript.run(json: json, sample.checkpoint, [sample.key.description])
        #expect(result.code == (odd.holds ? 0 : 1), "\(result.output)")
        let receipt = try? Receipt(json)
        let finding = try? receipt?.verify(checkpointFile: sample.checkpoint, keys: [sample.key])
        #expect((finding != nil) == odd.holds)
    }

    @Test func `both readers refuse a key that stands twice`() throws {
        let json = try #require(receipt.json)
        let text = String(decoding: FieldWriter.object { $0.put("proof", json: json) }, as: UTF8.self)
        let twice = text.replacing(#""leaf":"#, with: #""leaf":0,"leaf":"#)
        #expect(throws: FieldError.self) { try Receipt(bytes(twice)) }
        #expect(
            try VerifierScript.run(json: bytes(twice), try ledger.checkpoint(23), [key.description]).code == 1
        )
    }
}

/// What stands in the sample's record in the stead of something else, and what the file shows in the stead of that.
struct Odd: Sendable {
    let old: String
    let new: String
    let due: String
    let shown: (String, String)
    let holds: Bool

    init(
        _ old: String, _ new: String, due: String = "800", shown: (String, String) = ("", ""),
        holds: Bool = true
    ) {
        (self.old, self.new, self.due, self.shown, self.holds) = (old, new, due, shown, holds)
    }
}

private struct Said {
    var code: Int32
    var output: String

    var checks: [String] { output.split(separator: "\n").map(String.init).filter { $0.hasPrefix("ok: ") } }
}

private enum VerifierScript {
    static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/verify_receipt.py")

    /// The first that has the package: Debian's own or whatever the path has.
    static let python: [String]? = [["/usr/bin/python3"], ["/usr/bin/env", "python3"]].first {
        (try? launch($0 + ["-c", "import cryptography"]).code) == 0
    }

    static func run(
        _ proof: ReceiptProof, _ checkpoint: [UInt8], _ keys: [NoteKey], rotation: [UInt8]? = nil
    ) throws -> Said {
        let json = try #require(proof.json)
        return try run(
            json: FieldWriter.object { $0.put("proof", json: json) }, checkpoint, keys.map(\.description),
            rotation: rotation)
    }

    static func run(
        json: [UInt8], _ checkpoint: [UInt8], _ keys: [String], rotation: [UInt8]? = nil
    ) throws -> Said {
        let folder = FileManager.default.temporaryDirectory.appending(path: "receipt-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let receiptFile = folder.appending(path: "receipt.json")
        let checkpointFile = folder.appending(path: "checkpoint")
        try Data(json).write(to: receiptFile)
        try Data(checkpoint).write(to: checkpointFile)
        var options: [String] = []
        if let rotation {
            let file = folder.appending(path: "rotations")
            try Data(rotation).write(to: file)
            options = ["--rotation", file.path()]
        }
        return try launch(
            try #require(python) + [script.path()] + options + [receiptFile.path(), checkpointFile.path()]
                + keys)
    }

    private static func launch(_ command: [String]) throws -> Said {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONUTF8": "1"]) { $1 }
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Said(code: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }
}
