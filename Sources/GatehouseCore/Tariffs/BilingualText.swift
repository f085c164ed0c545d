// SPDX-License-Identifier: Apache-2.0

/// What a resident reads: Chinese first, English beside it.
package struct BilingualText: Hashable, Sendable {
    package var chinese: String
    package var english: String

    package init(_ chinese: String, _ english: String) {
        self.chinese = chinese
        self.english = english
    }
}

/// Amounts in words of one currency.
package struct MoneyWords: Hashable, Sendable {
    package let currency: String

    package init(currency: String) { self.currency = currency }

    /// ISO 4217: most have two digits, these have none.
    private var digits: Int { ["JPY", "KRW", "VND", "CLP"].contains(currency) ? 0 : 2 }

    /// `5.00`, `-0.50`.
    package func number(_ amount: Money) -> String {
        let sign = amount < .zero ? "-" : ""
        let magnitude = amount.minorUnits.magnitude
        guard digits == 2 else { return sign + String(magnitude) }
        return "\(sign)\(magnitude / 100).\(padded(Int(magnitude % 100), 2))"
    }

    package func text(_ amount: Money) -> BilingualText {
        let english = "\(currency) \(number(amount))"
        return BilingualText(currency == "CNY" ? "\(number(amount))元" : english, english)
    }
}
