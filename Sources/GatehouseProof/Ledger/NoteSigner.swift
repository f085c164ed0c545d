// SPDX-License-Identifier: Apache-2.0

internal import Crypto

/// The private half of a `NoteKey`. It is made of 32 random bytes that the caller brings, for randomness is
/// an input here; signatures are Ed25519 (RFC 8032).
package struct NoteSigner: Sendable {
    package let key: NoteKey
    private let seed: [UInt8]

    package init(name: String, seed: [UInt8]) throws(NoteFault) {
        guard seed.count == NoteKey.size else {
            throw .badKeySize(bytes: seed.count, expected: NoteKey.size)
        }
        guard let privateKey = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            throw .malformedKey
        }
        key = try NoteKey(name: name, publicKey: Array(privateKey.publicKey.rawRepresentation))
        self.seed = seed
    }

    /// Reads `secretText`.
    package init(secretText text: String) throws(NoteFault) {
        let parts = try KeyText(text, prefix: ["PRIVATE", "KEY"])
        try self.init(name: parts.name, seed: parts.key)
        try parts.check(key.hash)
    }

    /// As golang.org/x/mod/sumdb/note writes a signer's key. Whoever has it can sign: it goes into a file
    /// that only the gateway may read, and nowhere else.
    ///
    ///     PRIVATE+KEY+<name>+<key hash>+<base64 of 0x01 ‖ seed>
    package var secretText: String {
        KeyText.write(prefix: "PRIVATE+KEY+", key.name, hash: key.hash, key: seed)
    }

    package func signature(of text: [UInt8]) throws(NoteFault) -> [UInt8] {
        guard let privateKey = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
            let signature = try? privateKey.signature(for: text)
        else { throw .signingFailed(by: key.label) }
        return Array(signature)
    }
}

/// A secret does not get into a log because somebody printed the value that holds it.
extension NoteSigner: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "signer \(key.label)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["key": key.label]) }
}
