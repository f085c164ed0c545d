// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore

/// A text with signatures under it (c2sp.org/signed-note), readable by people and by tools that are not ours:
///
///     text, one or more lines
///     (an empty line)
///     — <key name> <base64 of key hash ‖ signature>
///
/// The text means nothing until `verify` found a signature by a key that one trusts.
package struct SignedNote: Hashable, Sendable {
    package static let maximumSize = 1_000_000
    /// What every reader of notes accepts at least.
    package static let maximumSignatures = 16

    package struct Signature: Hashable, Sendable {
        package let name: String
        /// Four bytes.
        package let keyHash: [UInt8]
        package let signature: [UInt8]

        /// Of the key that it says it is by (`NoteKey.label`).
        package var label: String { "\(name)+\(keyHash.hexadecimal)" }
    }

    /// UTF-8, with the newline at its end and without the empty line: the bytes that are signed.
    package let text: [UInt8]
    package let signatures: [Signature]

    /// Signs a text that ends with a newline.
    package init(text: [UInt8], signers: [NoteSigner]) throws(NoteFault) {
        guard text.last == Self.newline else { throw .textWithoutNewline }
        try Self.checkCharacters(text)
        guard !signers.isEmpty else { throw .notSigned(by: []) }
        guard signers.count <= Self.maximumSignatures else {
            throw .tooManySignatures(limit: Self.maximumSignatures)
        }
        var signatures: [Signature] = []
        for signer in signers {
            signatures.append(
                Signature(
                    name: signer.key.name, keyHash: signer.key.hash, signature: try signer.signature(of: text)
                ))
        }
        self.text = text
        self.signatures = signatures
        let size = bytes.count
        guard size <= Self.maximumSize else { throw .tooLarge(bytes: size, limit: Self.maximumSize) }
    }

    /// Reads a note. Total on any input.
    package init(parsing bytes: [UInt8]) throws(NoteFault) {
        guard bytes.count <= Self.maximumSize else {
            throw .tooLarge(bytes: bytes.count, limit: Self.maximumSize)
        }
        try Self.checkCharacters(bytes)
        // The text may hold empty lines itself: the last one counts.
        guard bytes.last == Self.newline,
            let end = bytes.indices.dropFirst().last(where: {
                bytes[$0] == Self.newline && bytes[$0 - 1] == Self.newline
            }), end + 1 < bytes.count
        else { throw .noSignatureBlock }
        let lines = bytes[(end + 1)...].dropLast().split(
            separator: Self.newline, maxSplits: Self.maximumSignatures, omittingEmptySubsequences: false)
        guard lines.count <= Self.maximumSignatures else {
            throw .tooManySignatures(limit: Self.maximumSignatures)
        }
        var signatures: [Signature] = []
        for (index, line) in lines.enumerated() {
            guard let signature = Signature(line: line) else { throw .malformedSignature(line: index + 1) }
            signatures.append(signature)
        }
        text = Array(bytes[..<end])
        self.signatures = signatures
    }

    /// The whole note as text: it is UTF-8.
    package var words: String { String(decoding: bytes, as: UTF8.self) }

    /// The whole note.
    package var bytes: [UInt8] {
        signatures.reduce(into: text + [Self.newline]) { $0.append(contentsOf: $1.line) }
    }

    /// Gives back the keys, of those wanted, that signed. Signatures of other keys say nothing, be they right
    /// or wrong; one that names a wanted key and fails voids the note, as the specification advises.
    @discardableResult
    package func verify(anyOf keys: [NoteKey]) throws(NoteFault) -> [NoteKey] {
        var found: [NoteKey] = []
        for key in keys where !found.contains(key) {
            let own = signatures.filter { key.isNamed($0.name, hash: $0.keyHash) }
            guard own.allSatisfy({ key.isValid($0.signature, for: text) }) else {
                throw .badSignature(by: key.label)
            }
            if !own.isEmpty { found.append(key) }
        }
        guard !found.isEmpty else { throw .notSigned(by: keys.map(\.label)) }
        return found
    }

    /// Of the text, without their ends.
    var lines: [String] {
        text.dropLast().split(separator: Self.newline, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    fileprivate static let newline = UInt8(ascii: "\n")

    private static func checkCharacters(_ bytes: [UInt8]) throws(NoteFault) {
        if let offset = bytes.firstIndex(where: { $0 < 0x20 && $0 != newline }) {
            throw .controlCharacter(offset: offset)
        }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
    }
}

extension SignedNote.Signature {
    /// U+2014 and a space.
    private static let start: [UInt8] = [0xE2, 0x80, 0x94, 0x20]

    /// Without the newline.
    fileprivate init?(line: ArraySlice<UInt8>) {
        guard line.starts(with: Self.start) else { return nil }
        let parts = line.dropFirst(Self.start.count).split(
            separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let name = String(validating: parts[0], as: UTF8.self),
            NoteKey.isName(name), let bytes = StrictBase64.bytes(parts[1]), bytes.count > 4
        else { return nil }
        self.name = name
        keyHash = Array(bytes.prefix(4))
        signature = Array(bytes.dropFirst(4))
    }

    fileprivate var line: [UInt8] {
        Self.start + Array(name.utf8) + [UInt8(ascii: " ")]
            + Array(StrictBase64.text(keyHash + signature).utf8) + [SignedNote.newline]
    }
}
