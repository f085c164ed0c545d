// SPDX-License-Identifier: Apache-2.0

/// A ledger's key is replaced: a note that names both keys and that both signed. The old key says who follows
/// it, the new one that its owner has it; so whoever trusts the old key may trust the new one.
///
///     gatehouse key rotation v1
///     <old verifier key>
///     <new verifier key>
///
/// No checkpoint has this text: its second line would be a number.
package struct KeyRotation: Hashable, Sendable {
    package static let title = "gatehouse key rotation v1"

    package let old: NoteKey
    package let new: NoteKey

    /// The statement to publish.
    package static func note(
        from old: NoteSigner, to new: NoteSigner
    ) throws(KeyRotationFault) -> SignedNote {
        let statement = try KeyRotation(from: old.key, to: new.key)
        return try noted { () throws(NoteFault) in
            try SignedNote(text: statement.text, signers: [old, new])
        }
    }

    /// Reads a statement and checks that it is by the key one trusts until now, and by the one it names.
    package init(note bytes: [UInt8], trusting trusted: NoteKey) throws(KeyRotationFault) {
        let note = try Self.noted { () throws(NoteFault) in
            let note = try SignedNote(parsing: bytes)
            try note.verify(anyOf: [trusted])
            return note
        }
        let lines = note.text.dropLast().split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
        ).map { String(decoding: $0, as: UTF8.self) }
        guard lines.count == 3, lines[0].utf8.elementsEqual(Self.title.utf8) else { throw .notARotation }
        let (old, new) = try Self.noted { () throws(NoteFault) in
            (try NoteKey(lines[1]), try NoteKey(lines[2]))
        }
        guard old == trusted else { throw .otherKey(stated: old.label, trusted: trusted.label) }
        try self.init(from: old, to: new)
        _ = try Self.noted { () throws(NoteFault) in try note.verify(anyOf: [new]) }
    }

    /// All keys that one may trust who trusts the first: what the ledger signed before a rotation stays
    /// signed.
    package static func keys(
        from first: NoteKey, through statements: [[UInt8]]
    ) throws(KeyRotationFault) -> [NoteKey] {
        var keys = [first]
        var last = first
        for statement in statements {
            last = try KeyRotation(note: statement, trusting: last).new
            keys.append(last)
        }
        return keys
    }

    private init(from old: NoteKey, to new: NoteKey) throws(KeyRotationFault) {
        // The name is the ledger's and stays; equal hashes could not be told apart in a signature line.
        guard old.name.utf8.elementsEqual(new.name.utf8) else {
            throw .otherName(old: old.name, new: new.name)
        }
        guard old.hash != new.hash else { throw .sameKey(old.label) }
        self.old = old
        self.new = new
    }

    private static func noted<Result>(
        _ work: () throws(NoteFault) -> Result
    ) throws(KeyRotationFault) -> Result {
        do { return try work() } catch { throw .note(error) }
    }

    private var text: [UInt8] { Array("\(Self.title)\n\(old)\n\(new)\n".utf8) }
}

/// Why a statement does not hand the ledger over from one key to another.
package enum KeyRotationFault: Error, Hashable, Sendable {
    case note(NoteFault)
    /// Not the three lines of a statement.
    case notARotation
    /// The statement is about another key than the one that is trusted.
    case otherKey(stated: String, trusted: String)
    case otherName(old: String, new: String)
    case sameKey(String)
}

extension KeyRotationFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .note(let fault): fault.description
        case .notARotation: "the note is not a statement of a key rotation"
        case .otherKey(let stated, let trusted): "the statement replaces \(stated), not \(trusted)"
        case .otherName(let old, let new): "the new key is of \(new), the old one of \(old)"
        case .sameKey(let key): "the old and the new key are \(key)"
        }
    }
}
