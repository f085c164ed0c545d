// SPDX-License-Identifier: Apache-2.0

/// Why something is not a signed note, not a key of one, or not signed by the key that was asked for.
package enum NoteFault: Error, Hashable, Sendable {
    case tooLarge(bytes: Int, limit: Int)
    case notUTF8
    /// Below U+0020 only the newline is allowed; `offset` in bytes.
    case controlCharacter(offset: Int)
    /// The text does not end with a newline; what is to be signed is at fault, not what was read.
    case textWithoutNewline
    /// No empty line that parts a text from signature lines.
    case noSignatureBlock
    /// Not "— name base64"; `line` counts from 1 among the signature lines.
    case malformedSignature(line: Int)
    case tooManySignatures(limit: Int)
    /// Empty, or with a space or a plus.
    case badName(String)
    /// A verifier or signer key whose text does not have the parts it should have.
    case malformedKey
    /// The key is of another algorithm than Ed25519, which is type 1.
    case unknownAlgorithm(UInt8)
    /// Of 32 bytes each: an Ed25519 public key and the seed of a private one (RFC 8032 §5.1.5).
    case badKeySize(bytes: Int, expected: Int)
    /// The hash in the key's text is not that of the key.
    case keyHashMismatch(stated: String, computed: String)
    /// None of the signatures is by a wanted key.
    case notSigned(by: [String])
    /// A signature names a wanted key and is not by it: the whole note is void.
    case badSignature(by: String)
    case signingFailed(by: String)
}

extension NoteFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let bytes, let limit): "the note has \(bytes) bytes, the limit is \(limit)"
        case .notUTF8: "the note is not UTF-8"
        case .controlCharacter(let offset): "there is a control character at byte \(offset) of the note"
        case .textWithoutNewline: "the text of the note does not end with a newline"
        case .noSignatureBlock: "the note has no empty line with signatures after it"
        case .malformedSignature(let line): "signature line \(line) of the note is malformed"
        case .tooManySignatures(let limit): "the note has more than \(limit) signatures"
        case .badName(let name): "key name \"\(name)\" is empty, or has a space or a plus"
        case .malformedKey: "the key is not name+hash+base64"
        case .unknownAlgorithm(let type): "the key is of type \(type), not of type 1, Ed25519"
        case .badKeySize(let bytes, let expected): "the key has \(bytes) bytes, not \(expected)"
        case .keyHashMismatch(let stated, let computed):
            "the key says hash \(stated), its hash is \(computed)"
        case .notSigned(let keys): "the note is not signed by \(keys.joined(separator: " or "))"
        case .badSignature(let key): "a signature of the note says it is by \(key) and is not"
        case .signingFailed(let key): "signing with \(key) failed"
        }
    }
}
