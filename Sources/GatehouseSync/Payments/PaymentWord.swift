// SPDX-License-Identifier: Apache-2.0

/// What may be asked over the payment channel (docs/payment-channel.md), and nothing else. The word is the last level of
/// the topic, the path over HTTP, and the first line of what is signed: a body signed for one of them is no other.
package enum PaymentWord: String, Hashable, Sendable, CaseIterable {
    case quote
    case payment
    case cancel
    /// How a collection order stands that we made.
    case collection
    /// Which orders are open.
    case orders
    /// Ours: a provider is asked to carry out an order. Nobody calls us by it.
    case collect

    /// What others may call us by.
    package static let calls: [PaymentWord] = [.quote, .payment, .cancel, .collection, .orders]

    /// `/quote`.
    package init?(path: String) {
        guard path.first == "/", let word = PaymentWord(rawValue: String(path.dropFirst())),
            Self.calls.contains(word)
        else { return nil }
        self = word
    }
}
