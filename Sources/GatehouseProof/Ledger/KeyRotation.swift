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
        let (old, new) = try Self.statedKeys(note)
        guard old == trusted else { throw .otherKey(stated: old.label, trusted: trusted.label) }
        try self.init(from: old, to: new)
        _ = try Self.noted { () throws(NoteFault) in try note.verify(anyOf: [new]) }
    }

    /// All keys that one may trust who trusts these: what the ledger signed before a rotation stays signed. A
    /// statement about a key that is not among them says nothing: a file may hold every rotation that there was, and
    /// one's own key be a later one.
    package static func keys(
        trusting trusted: [NoteKey], through statements: [[UInt8]]
    ) throws(KeyRotationFault) -> [NoteKey] {
        var keys = trusted
        for statement in statements {
            let stated = try statedOld(statement)
            guard let known = keys.first(where: { $0 == stated }) else { continue }
            let next = try KeyRotation(note: statement, trusting: known).new
            if !keys.contains(next) { keys.append(next) }
        }
        return keys
    }

    /// Out of a file with one statement after another.
    package static func statements(in file: [UInt8]) -> [[UInt8]] {
        // As a ledger has it whose key was never changed.
        guard !file.isEmpty else { return [] }
        let lines = file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        var statements: [[UInt8]] = []
        for (index, line) in lines.enumerated() {
            if statements.isEmpty || line.elementsEqual(title.utf8) { statements.append([]) }
            statements[statements.count - 1] += line
            if index < lines.count - 1 { statements[statements.count - 1].append(UInt8(ascii: "\n")) }
        }
        return statements.map(withoutTrailingLines)
    }

    /// Who puts files together leaves empty lines between them.
    private static func withoutTrailingLines(_ statement: [UInt8]) -> [UInt8] {
        var rest = statement[...]
        while rest.suffix(2).elementsEqual([0x0A, 0x0A]) { rest.removeLast() }
        return Array(rest)
    }

    /// The key that a statement says it is about, whoever signed it.
    private static func statedOld(_ statement: [UInt8]) throws(KeyRotationFault) -> NoteKey {
        try statedKeys(noted { () throws(NoteFault) in try SignedNote(parsing: statement) }).old
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

    private static func statedKeys(_ note: SignedNote) throws(KeyRotationFault) -> (
        old: NoteKey, new: NoteKey
    ) {
        let lines = note.lines
        guard lines.count == 3, lines[0].utf8.elementsEqual(title.utf8) else { throw .notARotation }
        return try noted { () throws(NoteFault) in (try NoteKey(lines[1]), try NoteKey(lines[2])) }
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
    /// Not the three lines of a statement about a lost key.
    case notALoss
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
        case .notALoss: "the note is not a statement about a lost key"
        case .otherKey(let stated, let trusted): "the statement replaces \(stated), not \(trusted)"
        case .otherName(let old, let new): "the new key is of \(new), the old one of \(old)"
        case .sameKey(let key): "the old and the new key are \(key)"
        }
    }
}
