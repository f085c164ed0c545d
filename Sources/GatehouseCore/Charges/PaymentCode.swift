// SPDX-License-Identifier: Apache-2.0

/// A payment code that a driver showed to the lane's scanner: whoever knows it within its minute can charge the account
/// behind it. So it is in no record, log or capture and never printed whole; only the effect that carries it to the
/// provider has it.
package struct PaymentCode: Hashable, Sendable {
    package static let longest = 64

    /// For the provider and for nobody else.
    package let text: String

    /// nil: not 1–64 printable ASCII characters without spaces; no provider has such codes.
    package init?(_ text: String) {
        guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy({ 0x21...0x7E ~= $0 })
        else { return nil }
        self.text = text
    }

    /// What a record may say of it: how long it is and the two characters in front, which name the wallet and no account
    /// (WeChat Pay 10–15, Alipay 25–30). Of a short text nothing is said: it is no such code.
    package var mark: String {
        let count = text.utf8.count
        return count < 16 ? "\(count)" : "\(text.prefix(2))…/\(count)"
    }
}

extension PaymentCode: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { mark }
    package var debugDescription: String { mark }
    /// A dump of a value that has one shows no more than its mark.
    package var customMirror: Mirror { Mirror(self, children: ["mark": mark]) }
}
