// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import FoundationEssentials
internal import GatehouseCore

/// The secret that the site shares with whoever may ask and pay, and the signature made with it: HMAC-SHA256 (RFC 2104,
/// FIPS 198-1) over the call's word, a line feed and the exact bytes of the body, in lower-case hexadecimal digits.
package struct PaymentKey: Sendable {
    /// Bytes: a key shorter than the hash weakens it (RFC 2104, 3).
    package static let shortest = 32

    private let key: SymmetricKey

    /// The content of a credential file. One line feed at its end is not part of the key: editors put it there. nil: too
    /// short.
    package init?(file: [UInt8]) {
        let bytes = file.last == UInt8(ascii: "\n") ? Array(file.dropLast()) : file
        guard bytes.count >= Self.shortest else { return nil }
        key = SymmetricKey(data: bytes)
    }

    package func signature(of word: PaymentWord, _ body: [UInt8]) -> String {
        Array(HMAC<SHA256>.authenticationCode(for: Self.text(word, body), using: key)).hexadecimal
    }

    /// Of our reply to a call, which it names by its serial: to no other call is it an answer. A word has no hyphen and a
    /// serial no line feed, so nothing else that is signed reads like it.
    package func signature(ofReplyTo word: PaymentWord, serial: String, _ body: [UInt8]) -> String {
        let head = Array("\(word.rawValue)-reply\n\(serial)\n".utf8)
        return Array(HMAC<SHA256>.authenticationCode(for: head + body, using: key)).hexadecimal
    }

    /// Compares in a time that does not depend on where the two differ.
    package func isValid(_ signature: String, of word: PaymentWord, _ body: [UInt8]) -> Bool {
        guard let code = Self.bytes(signature) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            code, authenticating: Self.text(word, body), using: key)
    }

    private static func text(_ word: PaymentWord, _ body: [UInt8]) -> [UInt8] {
        Array(word.rawValue.utf8) + [UInt8(ascii: "\n")] + body
    }

    /// Of 64 lower-case hexadecimal digits; nil: anything else.
    private static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.prefix(65).compactMap(digit)
        guard digits.count == 64, text.utf8.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
