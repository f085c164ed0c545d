// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import GatehouseCore

/// Whom a note must be signed by: a name and an Ed25519 public key (c2sp.org/signed-note). As text, which is
/// what gets published and printed:
///
///     <name>+<key hash, 8 hexadecimal digits>+<base64 of 0x01 ‖ public key>
package struct NoteKey: Hashable, Sendable, CustomStringConvertible {
    package static let size = 32
    /// The signature type of Ed25519 in c2sp.org/signed-note.
    static let algorithm: UInt8 = 0x01

    package let name: String
    /// The first four bytes of SHA-256(name ‖ "\n" ‖ 0x01 ‖ public key). It only finds the key; what it finds
    /// is still to be verified.
    package let hash: [UInt8]
    package let publicKey: [UInt8]

    package init(name: String, publicKey: [UInt8]) throws(NoteFault) {
        guard Self.isName(name) else { throw .badName(name) }
        guard publicKey.count == Self.size else {
            throw .badKeySize(bytes: publicKey.count, expected: Self.size)
        }
        self.name = name
        self.publicKey = publicKey
        hash = Array(Digest(of: Array(name.utf8), [0x0A, Self.algorithm], publicKey).bytes.prefix(4))
    }

    /// Reads the text form.
    package init(_ text: String) throws(NoteFault) {
        let parts = try KeyText(text, prefix: [])
        try self.init(name: parts.name, publicKey: parts.key)
        try parts.check(hash)
    }

    package var description: String { KeyText.write(prefix: "", name, hash: hash, key: publicKey) }

    /// Name and hash, as error texts call the key.
    package var label: String { "\(name)+\(hash.hexadecimal)" }

    package func isValid(_ signature: [UInt8], for text: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: text)
    }

    /// Compared as bytes: Swift calls two texts equal that only look the same.
    func isNamed(_ other: String, hash otherHash: [UInt8]) -> Bool {
        hash == otherHash && name.utf8.elementsEqual(other.utf8)
    }

    /// Control characters are no part of a note, so no name has any.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && $0 != "+" && !$0.properties.isWhitespace
            }
    }
}

/// The parts of a key's text. They are cut at bytes: a plus with a combining mark after it would be another
/// `Character`.
struct KeyText {
    let name: String
    let key: [UInt8]
    private let statedHash: String

    init(_ text: String, prefix: [String]) throws(NoteFault) {
        // The base64 may hold a plus, the parts before it cannot.
        let parts = text.utf8.split(
            separator: UInt8(ascii: "+"), maxSplits: prefix.count + 2, omittingEmptySubsequences: false)
        guard parts.count == prefix.count + 3, zip(parts, prefix).allSatisfy({ $0.elementsEqual($1.utf8) }),
            let name = String(validating: parts[prefix.count], as: UTF8.self),
            let statedHash = String(validating: parts[prefix.count + 1], as: UTF8.self),
            Hexadecimal.bytes(statedHash)?.count == 4,
            let key = StrictBase64.bytes(parts[prefix.count + 2]), let algorithm = key.first
        else { throw .malformedKey }
        guard algorithm == NoteKey.algorithm else { throw .unknownAlgorithm(algorithm) }
        self.name = name
        self.statedHash = statedHash
        self.key = Array(key.dropFirst())
    }

    func check(_ hash: [UInt8]) throws(NoteFault) {
        guard statedHash == hash.hexadecimal else {
            throw .keyHashMismatch(stated: statedHash, computed: hash.hexadecimal)
        }
    }

    static func write(prefix: String, _ name: String, hash: [UInt8], key: [UInt8]) -> String {
        "\(prefix)\(name)+\(hash.hexadecimal)+\(StrictBase64.text([NoteKey.algorithm] + key))"
    }
}
