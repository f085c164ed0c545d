// SPDX-License-Identifier: Apache-2.0

import GatehouseProof
import Testing

@Suite struct KeyLossTests {
    private let name = "gate.example/north"

    @Test func `the new key says which one it stands for`() throws {
        let (lost, new) = (try sampleSigner(name, seed: 1), try sampleSigner(name, seed: 2))
        let note = try KeyLoss.note(of: lost.key.label, to: new)
        #expect(note.text == bytes("gatehouse key lost v1\n\(lost.key.label)\n\(new.key)\n"))
        let loss = try KeyLoss(note: note.bytes)
        #expect(loss.lost == lost.key.label && loss.new == new.key)
    }

    @Test func `it leads nobody from the lost key to the new one`() throws {
        let (lost, new) = (try sampleSigner(name, seed: 1), try sampleSigner(name, seed: 2))
        let note = try KeyLoss.note(of: lost.key.label, to: new).bytes
        #expect(throws: KeyRotationFault.notARotation) {
            try KeyRotation.keys(trusting: [lost.key], through: [note])
        }
        #expect(throws: KeyRotationFault.self) { try KeyRotation(note: note, trusting: lost.key) }
    }

    @Test func `who does not have the new key cannot say so`() throws {
        let (stranger, new) = (try sampleSigner(name, seed: 9), try sampleSigner(name, seed: 2))
        let text = bytes("\(KeyLoss.title)\nx+00000000\n\(new.key)\n")
        let forged = try SignedNote(text: text, signers: [stranger]).bytes
        #expect(throws: KeyRotationFault.note(.notSigned(by: [new.key.label]))) { try KeyLoss(note: forged) }
        let rotation = try KeyRotation.note(from: stranger, to: new).bytes
        #expect(throws: KeyRotationFault.notALoss) { try KeyLoss(note: rotation) }
        #expect(throws: KeyRotationFault.self) { try KeyLoss(note: bytes("x\n")) }
    }
}
