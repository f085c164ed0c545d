// SPDX-License-Identifier: Apache-2.0

import GatehouseProof
import Testing

@Suite struct CheckpointTests {
    /// The example of c2sp.org/tlog-checkpoint.
    private let example =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

    @Test func `the example of the specification reads and is written again`() throws {
        let checkpoint = try Checkpoint(parsing: bytes(example))
        #expect(checkpoint.origin == "example.com/behind-the-sofa")
        #expect(checkpoint.size == 20_852_163)
        #expect(
            checkpoint.root.description == "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62")
        #expect(checkpoint.extensions == [])
        #expect(checkpoint.text == bytes(example))
    }

    @Test func `extension lines are kept`() throws {
        let checkpoint = try Checkpoint(parsing: bytes(example + "one\ntwo 二\n"))
        #expect(checkpoint.extensions == ["one", "two 二"])
        #expect(checkpoint.text == bytes(example + "one\ntwo 二\n"))
    }

    @Test func `what is no checkpoint says which line`() {
        let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
        let cases: [(String, CheckpointFault)] = [
            ("", .noNewline), ("a\n1\n\(root)", .noNewline), ("\n", .tooFewLines(1)),
            ("a\n1\n", .tooFewLines(2)), ("\n1\n\(root)\n", .malformedLine(1)),
            ("a\u{7}\n1\n\(root)\n", .malformedLine(1)), ("a\n\n\(root)\n", .malformedLine(2)),
            ("a\n01\n\(root)\n", .malformedLine(2)), ("a\n00\n\(root)\n", .malformedLine(2)),
            ("a\n+1\n\(root)\n", .malformedLine(2)), ("a\n-1\n\(root)\n", .malformedLine(2)),
            ("a\n1 \n\(root)\n", .malformedLine(2)), ("a\n0x1\n\(root)\n", .malformedLine(2)),
            ("a\n٣\n\(root)\n", .malformedLine(2)),
            ("a\n9223372036854775808\n\(root)\n", .malformedLine(2)),
            ("a\n1\n\(root.dropLast())\n", .malformedLine(3)), ("a\n1\nAAAA\n", .malformedLine(3)),
            ("a\n1\n\n", .malformedLine(3)), ("a\n1\n\(root)\n\n", .malformedLine(4)),
            ("a\n1\n\(root)\none\n\ntwo\n", .malformedLine(5)),
        ]
        for (text, fault) in cases {
            #expect(throws: fault, "\(text)") { try Checkpoint(parsing: bytes(text)) }
        }
    }

    @Test func `a checkpoint that could not be read again is not made`() throws {
        let root = Digest(of: [])
        #expect(throws: CheckpointFault.malformedLine(1)) { try Checkpoint(origin: "", size: 0, root: root) }
        #expect(throws: CheckpointFault.malformedLine(1)) {
            try Checkpoint(origin: "a\nb", size: 0, root: root)
        }
        #expect(throws: CheckpointFault.malformedLine(2)) {
            try Checkpoint(origin: "a", size: -1, root: root)
        }
        #expect(throws: CheckpointFault.malformedLine(5)) {
            try Checkpoint(origin: "a", size: 1, root: root, extensions: ["b", ""])
        }
        let empty = try Checkpoint(origin: "a", size: 0, root: root)
        #expect(try Checkpoint(parsing: empty.text) == empty)
    }

    @Test func `a signed checkpoint is believed under its key`() throws {
        let signer = try sampleSigner()
        let checkpoint = try Checkpoint(origin: signer.key.name, size: 3, root: Digest(of: [1]))
        let note = try checkpoint.signed(by: signer).bytes
        #expect(try Checkpoint(note: note, keys: [signer.key]) == checkpoint)
        let stranger = try sampleSigner(seed: 8).key
        #expect(throws: CheckpointFault.note(.notSigned(by: [stranger.label]))) {
            try Checkpoint(note: note, keys: [stranger])
        }
        #expect(try Checkpoint(note: note, keys: [stranger, signer.key]) == checkpoint)
    }

    @Test func `a checkpoint of another ledger is none of this key's`() throws {
        let signer = try sampleSigner()
        let other = try Checkpoint(origin: "gate.example/south", size: 3, root: Digest(of: [1]))
        let fault = CheckpointFault.otherOrigin("gate.example/south", key: "gate.example/north")
        #expect(throws: fault) { try other.signed(by: signer) }
        let note = try SignedNote(text: other.text, signers: [signer]).bytes
        #expect(throws: fault) { try Checkpoint(note: note, keys: [signer.key]) }
    }

    @Test func `a note that is no checkpoint is refused though it is signed`() throws {
        let signer = try sampleSigner()
        let note = try SignedNote(text: bytes("a\nb\nc\n"), signers: [signer]).bytes
        #expect(throws: CheckpointFault.malformedLine(2)) { try Checkpoint(note: note, keys: [signer.key]) }
    }
}
