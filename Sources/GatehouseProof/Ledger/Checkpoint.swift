// SPDX-License-Identifier: Apache-2.0

/// What the ledger was at one moment (c2sp.org/tlog-checkpoint), the text of a signed note:
///
///     <origin>
///     <tree size, decimal>
///     <root hash, base64>
///     <extension lines, none of ours>
///
/// The origin is the ledger's identity. Here it is also the name of the key that signs, as the specification
/// advises: a checkpoint of another ledger is no checkpoint of this one, whoever signed it.
package struct Checkpoint: Hashable, Sendable {
    package let origin: String
    package let size: Int64
    package let root: Digest
    /// Opaque; kept so that what was read is written again.
    package let extensions: [String]

    package init(
        origin: String, size: Int64, root: Digest, extensions: [String] = []
    ) throws(CheckpointFault) {
        guard Self.isLine(origin) else { throw .malformedLine(1) }
        guard size >= 0 else { throw .malformedLine(2) }
        for (index, line) in extensions.enumerated() where !Self.isLine(line) {
            throw .malformedLine(index + 4)
        }
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// Reads the text of a note. Total on any input.
    package init(parsing text: [UInt8]) throws(CheckpointFault) {
        guard text.last == UInt8(ascii: "\n") else { throw .noNewline }
        var lines: [String] = []
        for line in text.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard let line = String(validating: line, as: UTF8.self) else {
                throw .malformedLine(lines.count + 1)
            }
            lines.append(line)
        }
        guard lines.count >= 3 else { throw .tooFewLines(lines.count) }
        guard let size = Self.size(lines[1]) else { throw .malformedLine(2) }
        guard let root = StrictBase64.bytes(lines[2].utf8).flatMap({ Digest($0) }) else {
            throw .malformedLine(3)
        }
        try self.init(origin: lines[0], size: size, root: root, extensions: Array(lines.dropFirst(3)))
    }

    package var text: [UInt8] {
        ([origin, String(size), StrictBase64.text(root.bytes)] + extensions)
            .reduce(into: []) { $0 += Array($1.utf8) + [UInt8(ascii: "\n")] }
    }

    /// Signed by the ledger, whose key has the origin's name.
    package func signed(by signer: NoteSigner) throws(CheckpointFault) -> SignedNote {
        guard signer.key.name.utf8.elementsEqual(origin.utf8) else {
            throw .otherOrigin(origin, key: signer.key.name)
        }
        do { return try SignedNote(text: text, signers: [signer]) } catch { throw .note(error) }
    }

    /// Reads a signed checkpoint and believes it when one of the keys signed it.
    package init(note bytes: [UInt8], keys: [NoteKey]) throws(CheckpointFault) {
        let text: [UInt8]
        let signedBy: [NoteKey]
        do {
            let note = try SignedNote(parsing: bytes)
            signedBy = try note.verify(anyOf: keys)
            text = note.text
        } catch {
            throw .note(error)
        }
        try self.init(parsing: text)
        let origin = origin
        guard signedBy.contains(where: { $0.name.utf8.elementsEqual(origin.utf8) }) else {
            throw .otherOrigin(origin, key: signedBy.map(\.name).joined(separator: ", "))
        }
    }

    private static func isLine(_ line: String) -> Bool {
        !line.isEmpty && line.utf8.allSatisfy { $0 >= 0x20 }
    }

    /// Digits without a leading zero; `Int64.init` alone would take a plus sign and zeros.
    private static func size(_ text: String) -> Int64? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text == "0" || text.utf8.first != 0x30
        else { return nil }
        return Int64(text)
    }
}

/// Why a signed note is not a checkpoint of the ledger.
package enum CheckpointFault: Error, Hashable, Sendable {
    case note(NoteFault)
    case noNewline
    /// Origin, size and root are three.
    case tooFewLines(Int)
    /// Counted from 1: the origin, the size, the root, extensions.
    case malformedLine(Int)
    /// It is about another ledger than the key is of.
    case otherOrigin(String, key: String)
}

extension CheckpointFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .note(let fault): fault.description
        case .noNewline: "the checkpoint does not end with a newline"
        case .tooFewLines(let count): "the checkpoint has \(count) lines, not 3 or more"
        case .malformedLine(let line): "line \(line) of the checkpoint is malformed"
        case .otherOrigin(let origin, let key): "the checkpoint is of \(origin), the key of \(key)"
        }
    }
}
