// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GatehouseCommandLine
import GatehouseCore
import GatehouseProof

struct LedgerVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Whether a receipt stands in the ledger; needs no gateway.",
        discussion: """
            The receipt as `gatehouse receipt --json` wrote it, the key as it was published, and a checkpoint that came \
            from somewhere else than the receipt: only that one shows that everybody is shown the same ledger. Says \
            each step that held; ends with 65 at the first that did not.
            """)

    @Argument(help: ArgumentHelp("Receipt, JSON.", valueName: "receipt"), completion: .file()) var receipt:
        String
    @Option(
        help: ArgumentHelp("File with a signed checkpoint of the same ledger.", valueName: "file"),
        completion: .file())
    var checkpoint: String
    @Option(
        help: ArgumentHelp(
            "File with the ledger's key, or several, one a line; # begins a comment.", valueName: "file"),
        completion: .file())
    var key: String
    @Option(
        help: ArgumentHelp(
            "File with the statements of rotations after that key (`ledger key --rotations`).",
            valueName: "file"),
        completion: .file())
    var rotation: String?
    @OptionGroup var output: JSONOption

    /// A receipt is some kilobytes; a longer file is another.
    private static let maximum = 16_000_000

    func run() throws {
        let keys = try Self.keys(key, through: rotation)
        let bytes = try Self.bytes(receipt)
        let proof: ReceiptProof
        do throws(FieldError) {
            proof = try ReceiptProof(receipt: bytes)
        } catch {
            throw CommandFailure(.data, "\(receipt): no receipt: \(error)", hint: "gatehouse receipt --json")
        }
        let given = try Self.bytes(checkpoint)
        do throws(ReceiptFault) {
            show(proof, try proof.verify(checkpointFile: given, keys: keys))
        } catch {
            throw CommandFailure(.data, "\(receipt) does not hold: \(error)", hint: Self.hint(error))
        }
    }

    private func show(_ proof: ReceiptProof, _ checks: [ReceiptCheck]) {
        guard !output.json else {
            return Output.json(
                FieldWriter.object { fields in
                    fields.put("ok", true)
                    fields.put("record", proof.sequence.number)
                    fields.put("kind", proof.kind)
                    fields.put("checks", strings: checks.map(\.description))
                })
        }
        for check in checks { Output.line("ok: \(check)") }
        Output.line("the receipt holds: record \(proof.sequence.number), \(proof.kind)")
    }

    private static func hint(_ fault: ReceiptFault) -> String? {
        switch fault {
        case .givenCheckpointOlder: "a checkpoint made after the receipt"
        case .noConsistencyProof, .notConsistent:
            "print the receipt anew: it then leads to today's checkpoint"
        default: nil
        }
    }

    private static func keys(_ path: String, through rotations: String?) throws -> [NoteKey] {
        let trusted = try keys(path)
        guard let rotations else { return trusted }
        let statements = KeyRotation.statements(in: try bytes(rotations))
        do throws(KeyRotationFault) {
            return try KeyRotation.keys(trusting: trusted, through: statements)
        } catch {
            throw CommandFailure(
                .data, "\(rotations): \(error)", hint: "gatehouse ledger key --rotations > FILE")
        }
    }

    private static func keys(_ path: String) throws -> [NoteKey] {
        let text = String(decoding: try bytes(path), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }
        do throws(NoteFault) {
            var keys: [NoteKey] = []
            for line in lines { keys.append(try NoteKey(String(line))) }
            guard !keys.isEmpty else { throw .malformedKey }
            return keys
        } catch {
            throw CommandFailure(.data, "\(path): \(error)", hint: "gatehouse ledger key > FILE")
        }
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        if path == "-" { return try FileReading.standardInput() }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure(.notFound, "\(path): cannot be read")
        }
        // nil at the end of an empty file.
        guard let data = try? (handle.read(upToCount: maximum + 1) ?? Data()) else {
            throw CommandFailure(.notFound, "\(path): cannot be read")
        }
        guard data.count <= maximum else {
            throw CommandFailure(.data, "\(path): more than \(maximum / 1_000_000) MB")
        }
        return Array(data)
    }
}
