// SPDX-License-Identifier: Apache-2.0

import GatehouseProof
import Testing

@Suite struct KeyRotationTests {
    private let name = "gate.example/north"

    @Test func `who trusts the old key may trust the new one`() throws {
        let old = try sampleSigner(name, seed: 1)
        let new = try sampleSigner(name, seed: 2)
        let note = try KeyRotation.note(from: old, to: new)
        #expect(note.text == bytes("gatehouse key rotation v1\n\(old.key)\n\(new.key)\n"))
        let rotation = try KeyRotation(note: note.bytes, trusting: old.key)
        #expect(rotation.old == old.key)
        #expect(rotation.new == new.key)
    }

    @Test func `a chain of rotations leads from the first key to the last`() throws {
        let signers = try (UInt8(1)...4).map { try sampleSigner(name, seed: $0) }
        let notes = try zip(signers, signers.dropFirst()).map { try KeyRotation.note(from: $0, to: $1).bytes }
        let keys = signers.map(\.key)
        #expect(try KeyRotation.keys(trusting: [keys[0]], through: notes) == keys)
        #expect(try KeyRotation.keys(trusting: [keys[0]], through: []) == [keys[0]])
        // Whoever got a later key needs the rotations after it alone, out of the same file.
        #expect(try KeyRotation.keys(trusting: [keys[2]], through: notes) == [keys[2], keys[3]])
        #expect(
            try KeyRotation.keys(trusting: [keys[0]], through: [notes[0], notes[2]]) == Array(keys[..<2]))
    }

    @Test
    func `a statement that names the trusted key and is not signed by it is a fault and not passed over`()
        throws
    {
        let (old, new) = (try sampleSigner(name, seed: 1), try sampleSigner(name, seed: 2))
        let forged = try SignedNote(
            text: bytes("\(KeyRotation.title)\n\(old.key)\n\(new.key)\n"), signers: [new]
        ).bytes
        #expect(throws: KeyRotationFault.note(.notSigned(by: [old.key.label]))) {
            try KeyRotation.keys(trusting: [old.key], through: [forged])
        }
        #expect(throws: KeyRotationFault.self) {
            try KeyRotation.keys(trusting: [old.key], through: [bytes("x\n")])
        }
    }

    @Test func `a file of statements is cut where each begins`() throws {
        let signers = try (UInt8(1)...3).map { try sampleSigner(name, seed: $0) }
        let notes = try zip(signers, signers.dropFirst()).map { try KeyRotation.note(from: $0, to: $1).bytes }
        #expect(KeyRotation.statements(in: notes[0] + notes[1]) == notes)
        #expect(KeyRotation.statements(in: notes[0] + bytes("\n") + notes[1] + bytes("\n")) == notes)
        #expect(KeyRotation.statements(in: notes[0]) == [notes[0]])
        #expect(KeyRotation.statements(in: []) == [])
        #expect(throws: KeyRotationFault.self) {
            try KeyRotation.keys(
                trusting: [signers[0].key], through: KeyRotation.statements(in: bytes("a\nb\n")))
        }
    }

    @Test func `one signature is not enough`() throws {
        let old = try sampleSigner(name, seed: 1)
        let new = try sampleSigner(name, seed: 2)
        let text = try KeyRotation.note(from: old, to: new).text
        let byOld = try SignedNote(text: text, signers: [old]).bytes
        #expect(throws: KeyRotationFault.note(.notSigned(by: [new.key.label]))) {
            try KeyRotation(note: byOld, trusting: old.key)
        }
        let byNew = try SignedNote(text: text, signers: [new]).bytes
        #expect(throws: KeyRotationFault.note(.notSigned(by: [old.key.label]))) {
            try KeyRotation(note: byNew, trusting: old.key)
        }
    }

    @Test func `the new key does not vouch for itself`() throws {
        let old = try sampleSigner(name, seed: 1)
        let new = try sampleSigner(name, seed: 2)
        let note = try KeyRotation.note(from: old, to: new).bytes
        #expect(throws: KeyRotationFault.otherKey(stated: old.key.label, trusted: new.key.label)) {
            try KeyRotation(note: note, trusting: new.key)
        }
    }

    @Test func `a key is not replaced by itself or by another ledger's`() throws {
        let old = try sampleSigner(name, seed: 1)
        let south = try sampleSigner("gate.example/south", seed: 2)
        #expect(throws: KeyRotationFault.sameKey(old.key.label)) { try KeyRotation.note(from: old, to: old) }
        let fault = KeyRotationFault.otherName(old: name, new: "gate.example/south")
        #expect(throws: fault) { try KeyRotation.note(from: old, to: south) }
        let text = bytes("\(KeyRotation.title)\n\(old.key)\n\(south.key)\n")
        let note = try SignedNote(text: text, signers: [old, south]).bytes
        #expect(throws: fault) { try KeyRotation(note: note, trusting: old.key) }
    }

    @Test func `other signed notes are not rotations, and rotations are not checkpoints`() throws {
        let old = try sampleSigner(name, seed: 1)
        let new = try sampleSigner(name, seed: 2)
        let checkpoint = try Checkpoint(origin: name, size: 1, root: Digest(of: [])).signed(by: old)
        #expect(throws: KeyRotationFault.notARotation) {
            try KeyRotation(note: checkpoint.bytes, trusting: old.key)
        }
        let longer = try SignedNote(
            text: bytes("\(KeyRotation.title)\n\(old.key)\n\(new.key)\nmore\n"), signers: [old, new])
        #expect(throws: KeyRotationFault.notARotation) {
            try KeyRotation(note: longer.bytes, trusting: old.key)
        }
        let rotation = try KeyRotation.note(from: old, to: new).bytes
        #expect(throws: CheckpointFault.malformedLine(2)) { try Checkpoint(note: rotation, keys: [old.key]) }
    }
}
