// SPDX-License-Identifier: Apache-2.0

import GatehouseProof
import Testing

/// The key that golang.org/x/mod/sumdb/note documents itself with.
enum PeterNeumann {
    static let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    static let secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    static let text =
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    static let line =
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFY"
        + "C2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    /// A second key of the same documentation, and its signature of the same text.
    static let enochKey = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
    static let enochLine =
        "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aG"
        + "rQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
    static var note: String { text + "\n" + line }
}

@Suite struct NoteKeyTests {
    @Test func `a verifier key reads and writes as Go's`() throws {
        let key = try NoteKey(PeterNeumann.key)
        #expect(key.name == "PeterNeumann")
        #expect(key.label == "PeterNeumann+c74f20a3")
        #expect(key.description == PeterNeumann.key)
        #expect(try NoteKey(name: key.name, publicKey: key.publicKey) == key)
    }

    @Test func `a signer key reads and writes as Go's, and has the verifier key`() throws {
        let signer = try NoteSigner(secretText: PeterNeumann.secret)
        #expect(signer.secretText == PeterNeumann.secret)
        #expect(signer.key.description == PeterNeumann.key)
    }

    @Test func `a secret is not in what a signer prints`() throws {
        let signer = try NoteSigner(secretText: PeterNeumann.secret)
        var dumped = ""
        dump(signer, to: &dumped)
        for text in ["\(signer)", String(reflecting: signer), dumped] {
            #expect(text.contains("PeterNeumann+c74f20a3"))
            #expect(!text.contains("AYEKFALVFGyN") && !text.contains("129"))
        }
    }

    @Test func `no part of a key and no changed key is a key`() {
        let text = bytes(PeterNeumann.key)
        for start in 0...text.count {
            for end in start...text.count where end - start < text.count {
                let part = String(decoding: text[start..<end], as: UTF8.self)
                #expect(throws: NoteFault.self) { try NoteKey(part) }
            }
        }
        for index in text.indices {
            var changed = text
            changed[index] += 1
            #expect(throws: NoteFault.self) { try NoteKey(String(decoding: changed, as: UTF8.self)) }
        }
    }

    @Test func `no part of a signer key and no changed one is a signer key`() {
        let text = bytes(PeterNeumann.secret)
        for index in text.indices {
            let first = String(decoding: text[..<index], as: UTF8.self)
            #expect(throws: NoteFault.self) { try NoteSigner(secretText: first) }
            var changed = text
            changed[index] += 1
            let other = String(decoding: changed, as: UTF8.self)
            #expect(throws: NoteFault.self) { try NoteSigner(secretText: other) }
        }
        #expect(throws: NoteFault.self) { try NoteSigner(secretText: PeterNeumann.key) }
        #expect(throws: NoteFault.self) { try NoteKey(PeterNeumann.secret) }
    }

    @Test func `a key says what is wrong with it`() {
        #expect(throws: NoteFault.malformedKey) { try NoteKey("") }
        #expect(throws: NoteFault.malformedKey) {
            try NoteKey("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
        }
        // From Go's tests: another type and another length, each with the hash that belongs to it.
        #expect(throws: NoteFault.unknownAlgorithm(0x65)) {
            try NoteKey("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
        }
        #expect(throws: NoteFault.badKeySize(bytes: 36, expected: 32)) {
            try NoteKey("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBAAAAA==")
        }
        #expect(throws: NoteFault.keyHashMismatch(stated: "c74f20a4", computed: "c74f20a3")) {
            try NoteKey("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
        }
        #expect(throws: NoteFault.badKeySize(bytes: 31, expected: 32)) {
            try NoteSigner(name: "a", seed: [UInt8](repeating: 1, count: 31))
        }
    }

    @Test(arguments: ["", "a b", "a+b", "a\u{A0}b", "a\u{2003}b", "a\u{3000}", "a\nb", "a\u{1}", "a\u{85}"])
    func `a name without letters, with a space or with a plus is no name`(_ name: String) {
        #expect(throws: NoteFault.badName(name)) { try sampleSigner(name) }
    }

    @Test func `a plus with a combining mark is still a plus`() {
        #expect(throws: NoteFault.badName("a+\u{301}b")) { try sampleSigner("a+\u{301}b") }
    }

    @Test func `names that only look the same are different keys`() throws {
        let composed = try sampleSigner("caf\u{E9}")
        let decomposed = try sampleSigner("cafe\u{301}")
        #expect(composed.key.hash != decomposed.key.hash)
        let note = try SignedNote(text: bytes("x\n"), signers: [composed])
        #expect(throws: NoteFault.self) { try note.verify(anyOf: [decomposed.key]) }
    }
}
