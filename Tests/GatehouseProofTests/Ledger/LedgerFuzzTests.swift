// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseProof
import Testing

/// Truncated and changed input: no parser traps, and nothing that was changed verifies.
@Suite struct LedgerFuzzTests {
    private let signer: NoteSigner
    private let note: [UInt8]

    init() throws {
        signer = try sampleSigner()
        note = try Checkpoint(origin: signer.key.name, size: 1234, root: Digest(of: [1]))
            .signed(by: signer).bytes
    }

    @Test func `no prefix of a checkpoint and no changed byte of it verifies`() throws {
        _ = try Checkpoint(note: note, keys: [signer.key])
        for count in 0..<note.count { #expect(!isBelieved(Array(note.prefix(count)))) }
        for index in note.indices {
            for value in [note[index] ^ 1, note[index] ^ 0x20, note[index] ^ 0x80, 0x0A, 0x20, 0xFF]
            where value != note[index] {
                var changed = note
                changed[index] = value
                #expect(!isBelieved(changed), "byte \(index) became \(value)")
            }
        }
    }

    @Test func `no randomly changed checkpoint verifies`() {
        var dice = Dice(2)
        for _ in 0..<3_000 {
            let changed = dice.changed(note)
            if changed != note { #expect(!isBelieved(changed)) }
        }
    }

    @Test func `no changed rotation is one`() throws {
        let new = try sampleSigner(seed: 8)
        let statement = try KeyRotation.note(from: signer, to: new).bytes
        var dice = Dice(3)
        for _ in 0..<1_500 {
            let changed = dice.changed(statement)
            if changed != statement {
                #expect(throws: KeyRotationFault.self) {
                    try KeyRotation(note: changed, trusting: signer.key)
                }
            }
        }
    }

    @Test func `no changed key is a key`() {
        var dice = Dice(4)
        for text in [bytes(signer.key.description), bytes(signer.secretText)] {
            for _ in 0..<2_000 {
                let changed = String(decoding: dice.changed(text), as: UTF8.self)
                if Array(changed.utf8) == text { continue }
                #expect(throws: NoteFault.self) { try NoteKey(changed) }
                #expect(throws: NoteFault.self) { try NoteSigner(secretText: changed) }
            }
        }
    }

    /// A change of white space between members leaves a receipt what it is, so what is read is compared.
    @Test func `no changed receipt verifies as another`() throws {
        let ledger = try SampleLedger(records: 9)
        let proof = try #require(try ledger.receipt(2, size: 5, until: 9))
        let later = try ledger.checkpoint(9)
        let json = try #require(proof.json)
        let receipt = FieldWriter.object { $0.put("proof", json: json) }
        var dice = Dice(5)
        var read = 0
        for _ in 0..<6_000 {
            let changed = dice.changed(receipt)
            guard let other = try? Receipt(changed).proof else { continue }
            // Without the size of its way a receipt says the same.
            var named = other
            named.consistencySize = other.consistencySize ?? proof.consistencySize
            guard named != proof else { continue }
            read += 1
            // Without its consistency proof a receipt still says the truth about its own checkpoint.
            #expect(throws: ReceiptFault.self) {
                try other.verify(checkpointFile: later, key: ledger.signer.key)
            }
        }
        #expect(read > 100)
    }

    @Test func `random bytes are read by no parser`() {
        var dice = Dice(6)
        let pieces = [
            "\n", "\n\n", "— ", "+", "=", "0", "AAAA", "é", "\u{301}", "{", "\"proof\":", " ", "\r",
        ]
        for _ in 0..<3_000 {
            var input: [UInt8] = []
            for _ in 0..<Int.random(in: 0..<40, using: &dice) {
                if Bool.random(using: &dice) {
                    input.append(UInt8.random(in: .min ... .max, using: &dice))
                } else {
                    input += bytes(pieces.randomElement(using: &dice) ?? "")
                }
            }
            let text = String(decoding: input, as: UTF8.self)
            #expect(!isBelieved(input))
            #expect(throws: NoteFault.self) { try NoteKey(text) }
            #expect(throws: NoteFault.self) { try NoteSigner(secretText: text) }
            #expect(throws: CheckpointFault.self) { try Checkpoint(parsing: input) }
            #expect(throws: KeyRotationFault.self) { try KeyRotation(note: input, trusting: signer.key) }
            #expect(throws: FieldError.self) { try Receipt(input) }
        }
    }

    private func isBelieved(_ bytes: [UInt8]) -> Bool {
        (try? Checkpoint(note: bytes, keys: [signer.key])) != nil
    }
}

extension Dice {
    /// A few bytes changed, left out, doubled or put in, or the end cut off.
    fileprivate mutating func changed(_ bytes: [UInt8]) -> [UInt8] {
        var changed = bytes
        for _ in 0..<Int.random(in: 1...3, using: &self) where !changed.isEmpty {
            let index = Int.random(in: changed.indices, using: &self)
            switch Int.random(in: 0..<5, using: &self) {
            case 0: changed[index] = UInt8.random(in: .min ... .max, using: &self)
            case 1: changed.remove(at: index)
            case 2: changed.insert(changed[index], at: index)
            case 3: changed[index] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            default: changed.removeLast(Int.random(in: 1...changed.count, using: &self))
            }
        }
        return changed
    }
}
