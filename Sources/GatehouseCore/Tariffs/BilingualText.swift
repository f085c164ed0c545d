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

/// Of two languages one, where somebody wants only that.
package enum Language: String, Hashable, Sendable, CaseIterable {
    case chinese = "zh"
    case english = "en"
}

extension BilingualText {
    /// nil: both.
    package func text(in language: Language?) -> String {
        switch language {
        case .chinese: chinese
        case .english: english
        case nil: "\(chinese)  |  \(english)"
        }
    }

    package static func vehicleClass(_ name: String) -> BilingualText {
        let chinese = ["small": "小型车", "large": "大型车", "xl": "超大型车", "motorcycle": "摩托车"]
        return BilingualText(chinese[name] ?? name, name)
    }
}

extension Money {
    /// `12`, `12.5` or `12.50` of a currency with two digits: exact, and never through a binary fraction.
    package init?(decimal text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let areDigits = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        guard (1...2).contains(parts.count), areDigits, parts[0].count <= 9, let whole = Int64(parts[0])
        else {
            return nil
        }
        var rest: Int64 = 0
        if parts.count == 2 {
            guard parts[1].count <= 2, let value = Int64(parts[1]) else { return nil }
            rest = parts[1].count == 1 ? value * 10 : value
        }
        self.init(whole * 100 + rest)
    }
}

/// Amounts in words of one currency.
package struct MoneyWords: Hashable, Sendable {
    package let currency: String

    package init(currency: String) { self.currency = currency }

    /// Decimals of the currency (ISO 4217): two of most.
    package var digits: Int {
        switch currency {
        case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
            "XAF", "XOF", "XPF":
            0
        case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
        case "CLF", "UYW": 4
        default: 2
        }
    }

    /// `5.00`, `-0.50`.
    package func number(_ amount: Money) -> String {
        let sign = amount < .zero ? "-" : ""
        let magnitude = amount.minorUnits.magnitude
        guard digits > 0 else { return sign + String(magnitude) }
        let unit = (0..<digits).reduce(UInt64(1)) { unit, _ in unit * 10 }
        return "\(sign)\(magnitude / unit).\(padded(Int(magnitude % unit), digits))"
    }

    package func text(_ amount: Money) -> BilingualText {
        let english = "\(currency) \(number(amount))"
        return BilingualText(currency == "CNY" ? "\(number(amount))元" : english, english)
    }
}
