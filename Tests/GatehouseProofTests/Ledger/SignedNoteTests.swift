// SPDX-License-Identifier: Apache-2.0

import GatehouseProof
import Testing

@Suite struct SignedNoteTests {
    private let text = bytes(PeterNeumann.text)

    /// Ed25519 as RFC 8032 has it is deterministic, so the note is Go's to the byte.
    @Test func `a signed note is the one that Go signs`() throws {
        let note = try SignedNote(text: text, signers: [try NoteSigner(secretText: PeterNeumann.secret)])
        #expect(String(decoding: note.bytes, as: UTF8.self) == PeterNeumann.note)
    }

    @Test func `Go's note reads, verifies and is written again`() throws {
        let note = try SignedNote(parsing: bytes(PeterNeumann.note))
        #expect(note.text == text)
        #expect(note.bytes == bytes(PeterNeumann.note))
        let key = try NoteKey(PeterNeumann.key)
        #expect(try note.verify(anyOf: [key]) == [key])
    }

    /// The example of c2sp.org/signed-note has an empty line in its text. Its key is not published.
    @Test func `the last empty line parts the text from the signatures`() throws {
        let example = """
            Ognuno sta solo sul cuor della terra
            trafitto da un raggio di sole:

            ed è subito sera.

            — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=

            """
        let note = try SignedNote(parsing: bytes(example))
        #expect(String(decoding: note.text, as: UTF8.self).hasSuffix("\n\ned è subito sera.\n"))
        #expect(note.signatures.map(\.name) == ["quasimodo.example/salvatore"])
        #expect(note.signatures[0].keyHash == [0x36, 0x7B, 0xA0, 0x4B])
        #expect(note.signatures[0].signature.count == 64)
        #expect(note.bytes == bytes(example))
    }

    @Test func `signatures of keys nobody asked for are passed over, right or wrong`() throws {
        let peter = try NoteKey(PeterNeumann.key)
        let enoch = try NoteKey(PeterNeumann.enochKey)
        let both = bytes(PeterNeumann.note + PeterNeumann.enochLine)
        let note = try SignedNote(parsing: both)
        #expect(try note.verify(anyOf: [peter]) == [peter])
        #expect(try note.verify(anyOf: [enoch, peter, enoch]) == [enoch, peter])
        let broken = PeterNeumann.enochLine.replacing("rwz+eBzm", with: "rwz+eAzm")
        let half = try SignedNote(parsing: bytes(PeterNeumann.note + broken))
        #expect(try half.verify(anyOf: [peter]) == [peter])
        #expect(throws: NoteFault.badSignature(by: enoch.label)) { try half.verify(anyOf: [peter, enoch]) }
    }

    @Test func `a note that none of the keys signed is refused`() throws {
        let note = try SignedNote(parsing: bytes(PeterNeumann.note))
        let enoch = try NoteKey(PeterNeumann.enochKey)
        #expect(throws: NoteFault.notSigned(by: [enoch.label])) { try note.verify(anyOf: [enoch]) }
        #expect(throws: NoteFault.notSigned(by: [])) { try note.verify(anyOf: []) }
        // Same name, another key: another hash.
        let namesake = try sampleSigner("PeterNeumann").key
        #expect(throws: NoteFault.notSigned(by: [namesake.label])) { try note.verify(anyOf: [namesake]) }
    }

    @Test func `a second, wrong signature under the same key voids the note`() throws {
        let peter = try NoteKey(PeterNeumann.key)
        let wrong = PeterNeumann.line.replacing("x08go/ZJ", with: "x08go/ZK")
        for note in [PeterNeumann.note + wrong, PeterNeumann.text + "\n" + wrong + PeterNeumann.line] {
            let note = try SignedNote(parsing: bytes(note))
            #expect(throws: NoteFault.badSignature(by: peter.label)) { try note.verify(anyOf: [peter]) }
        }
    }

    @Test func `what is no note says why`() {
        let text = PeterNeumann.text
        let line = PeterNeumann.line
        let limit = SignedNote.maximumSize
        let cases: [(String, NoteFault)] = [
            ("", .noSignatureBlock), ("\n", .noSignatureBlock), ("\n\n", .noSignatureBlock),
            (text, .noSignatureBlock), (text + "\n", .noSignatureBlock), (text + line, .noSignatureBlock),
            (text + "\n" + line.dropLast(), .noSignatureBlock), (line, .noSignatureBlock),
            (text + "\r\n\n" + line, .controlCharacter(offset: 99)),
            ("\u{1}" + text + "\n" + line, .controlCharacter(offset: 0)),
            (text + "\n" + line + "more\n", .malformedSignature(line: 2)),
            (text + "\n—PeterNeumann AAAAAAA=\n", .malformedSignature(line: 1)),
            (text + "\n- PeterNeumann AAAAAAA=\n", .malformedSignature(line: 1)),
            (text + "\n— Peter Neumann AAAAAAA=\n", .malformedSignature(line: 1)),
            (text + "\n— Peter+Neumann AAAAAAA=\n", .malformedSignature(line: 1)),
            (text + "\n—  AAAAAAA=\n", .malformedSignature(line: 1)),
            (text + "\n— PeterNeumann\n", .malformedSignature(line: 1)),
            (text + "\n— PeterNeumann AAAAAA==\n", .malformedSignature(line: 1)),
            (text + "\n— PeterNeumann AAAAAAA\n", .malformedSignature(line: 1)),
            (text + "\n— PeterNeumann AAAAAAA= \n", .malformedSignature(line: 1)),
            (text + "\n— PeterNeumann AAAAAAB=\n", .malformedSignature(line: 1)),
            (
                text + "\n" + String(repeating: line, count: 17),
                .tooManySignatures(limit: SignedNote.maximumSignatures)
            ),
            (
                String(repeating: "a", count: limit) + "\n\n" + line,
                .tooLarge(bytes: limit + 2 + line.utf8.count, limit: limit)
            ),
        ]
        for (note, fault) in cases {
            #expect(throws: fault, "\(note.prefix(200))") { try SignedNote(parsing: bytes(note)) }
        }
        #expect(throws: NoteFault.notUTF8) {
            try SignedNote(parsing: [0xFF] + bytes(text + "\n" + line))
        }
    }

    @Test func `sixteen signatures are read`() throws {
        let note = PeterNeumann.text + "\n" + String(repeating: PeterNeumann.line, count: 16)
        #expect(try SignedNote(parsing: bytes(note)).signatures.count == 16)
    }

    @Test func `only a text that a reader would take is signed`() throws {
        let signer = try sampleSigner()
        #expect(throws: NoteFault.textWithoutNewline) { try SignedNote(text: [], signers: [signer]) }
        #expect(throws: NoteFault.textWithoutNewline) { try SignedNote(text: bytes("a"), signers: [signer]) }
        #expect(throws: NoteFault.controlCharacter(offset: 1)) {
            try SignedNote(text: bytes("a\t\n"), signers: [signer])
        }
        #expect(throws: NoteFault.notUTF8) { try SignedNote(text: [0xC3, 0x0A], signers: [signer]) }
        #expect(throws: NoteFault.notSigned(by: [])) { try SignedNote(text: bytes("a\n"), signers: []) }
        #expect(throws: NoteFault.tooManySignatures(limit: 16)) {
            try SignedNote(text: bytes("a\n"), signers: [NoteSigner](repeating: signer, count: 17))
        }
        let large = [UInt8](repeating: 0x61, count: SignedNote.maximumSize) + [0x0A]
        #expect(throws: NoteFault.self) { try SignedNote(text: large, signers: [signer]) }
    }
}
