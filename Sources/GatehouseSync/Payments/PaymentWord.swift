// SPDX-License-Identifier: Apache-2.0

/// What may be asked over the payment channel (docs/payment-channel.md), and nothing else. The word is the last level of
/// the topic, the path over HTTP, and the first line of what is signed: a body signed for one of them is no other.
package enum PaymentWord: String, Hashable, Sendable, CaseIterable {
    case quote
    case payment
    case cancel

    /// `/quote`.
    package init?(path: String) {
        guard path.first == "/", let word = PaymentWord(rawValue: String(path.dropFirst())) else {
            return nil
        }
        self = word
    }
}
