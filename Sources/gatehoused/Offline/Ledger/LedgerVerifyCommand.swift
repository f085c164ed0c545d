// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics
import GatehouseProof

struct LedgerVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Whether a receipt stands in the ledger; needs no gateway.",
        discussion: """
            The receipt as `gatehouse receipt --json` wrote it, the key as it was published, and a checkpoint that came \
            from somewhere else than the receipt: only that one shows that everybody is shown the same ledger. Says \
            each step that held and what is proven, and names what is not; ends with 65 at the first step that did not \
            hold, and where the file shows something else than it proves. A receipt has the way to one later \
            checkpoint, the newest when it was printed.
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
        let read: Receipt
        do throws(FieldError) {
            read = try Receipt(bytes)
        } catch {
            throw CommandFailure(
                .data, "\(receipt) is no receipt: \(error)".harmless,
                hint: "the file as `gatehouse receipt STAY --json` wrote it")
        }
        let given = try Self.bytes(checkpoint)
        do throws(ReceiptFault) {
            show(read.proof, try read.verify(checkpointFile: given, keys: keys))
        } catch {
            let verdict = error.isOfAnotherTime ? "is not verified" : "does not hold"
            throw CommandFailure(
                .data, "\(receipt) \(verdict): \(error)".harmless, hint: Self.hint(error, read.proof))
        }
    }

    private func show(_ proof: ReceiptProof, _ finding: Receipt.Finding) {
        guard !output.json else {
            return Output.json(
                FieldWriter.object { fields in
                    fields.put("ok", true)
                    fields.put("record", proof.sequence.number)
                    fields.put("kind", proof.kind)
                    fields.put("checks", strings: finding.checks.map(\.description))
                    fields.put("proven", value: .object(finding.record.members))
                    fields.put("unproven", strings: finding.unproven)
                })
        }
        for line in Self.lines(proof, finding) { Output.line(line.harmless) }
    }

    static func lines(_ proof: ReceiptProof, _ finding: Receipt.Finding) -> [String] {
        // Of another record than the end of a stay there is no receipt, but what it says can be proven all the same.
        let isCharge = proof.kind == "stayCharged"
        let words = isCharge ? ReceiptText.proven(finding.record, zone: LocalTime.zone) : []
        let isTold = isCharge && !QuoteText.isUnreadable(finding.record)
        let payload = isTold ? [] : [String(decoding: proof.payload, as: UTF8.self)]
        let proven = words.map { $0.text(in: nil) } + payload
        let unproven = finding.unproven.isEmpty ? [] : [finding.unproven.joined(separator: ", ")]
        return finding.checks.map { "ok: \($0)" } + proven.map { "proven: \($0)" }
            + unproven.map { "not proven by this receipt: \($0)" }
            + ["the receipt holds: record \(proof.sequence.number), \(proof.kind)"]
    }

    private static func hint(_ fault: ReceiptFault, _ proof: ReceiptProof) -> String? {
        let again = "print the receipt again: it then leads to today's checkpoint"
        return switch fault {
        case .givenCheckpointOlder: "a checkpoint made after the receipt"
        case .otherCheckpoint: "\(again); or take that checkpoint"
        case .notConsistent where proof.consistencySize == nil:
            "an older receipt does not say which checkpoint it leads to; \(again)"
        case .shownOtherwise: "believe what is proven: the same file with nothing but its `proof` shows it"
        case .checkpoint(.note(.notSigned)):
            "the key of that time, of `gatehouse ledger key`; or an earlier one with --rotation"
        case .givenCheckpoint(.note(.notSigned)):
            "the key in force, of `gatehouse ledger key`; or --rotation, which leads to it"
        case .givenCheckpoint: "the file as `gatehouse ledger checkpoint` wrote it"
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
        let hint = "gatehouse ledger key > FILE"
        var keys: [NoteKey] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated() where !line.isEmpty && !line.hasPrefix("#")
        {
            do throws(NoteFault) { keys.append(try NoteKey(String(line))) } catch {
                throw CommandFailure(.data, "\(path), line \(index + 1): \(error)".harmless, hint: hint)
            }
        }
        guard !keys.isEmpty else {
            throw CommandFailure(.data, "\(path): there is no key in it", hint: hint)
        }
        return keys
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
