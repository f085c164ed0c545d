// SPDX-License-Identifier: Apache-2.0

/// A ledger goes on under a new key because the one before is gone. Only the new key signs, so nobody who trusts the
/// old one may trust the new one for it: its owner has to publish it where the old one was.
///
///     gatehouse key lost v1
///     <name+hash of the lost key>
///     <new verifier key>
package struct KeyLoss: Hashable, Sendable {
    package static let title = "gatehouse key lost v1"

    /// Name and hash (`NoteKey.label`): what a checkpoint tells of its key.
    package let lost: String
    package let new: NoteKey

    package static func note(of lost: String, to new: NoteSigner) throws(NoteFault) -> SignedNote {
        try SignedNote(text: Array("\(title)\n\(lost)\n\(new.key)\n".utf8), signers: [new])
    }

    /// Reads a statement and checks that whoever made it has the key that it names.
    package init(note bytes: [UInt8]) throws(KeyRotationFault) {
        let note: SignedNote
        let named: NoteKey
        do throws(NoteFault) {
            note = try SignedNote(parsing: bytes)
        } catch { throw .note(error) }
        let lines = note.lines
        guard lines.count == 3, lines[0].utf8.elementsEqual(Self.title.utf8), !lines[1].isEmpty else {
            throw .notALoss
        }
        do throws(NoteFault) {
            named = try NoteKey(lines[2])
            try note.verify(anyOf: [named])
        } catch { throw .note(error) }
        lost = lines[1]
        new = named
    }
}
