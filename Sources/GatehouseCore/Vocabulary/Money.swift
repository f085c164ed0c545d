// SPDX-License-Identifier: Apache-2.0

/// An amount as an integer count of a currency's minor units (fen, cent, penny). What does not fit is an error and
/// never wraps around: somebody's bill hangs on it.
package struct Money: Hashable, Comparable, Sendable {
    package var minorUnits: Int64

    package init(_ minorUnits: Int64) { self.minorUnits = minorUnits }

    package static let zero = Money(0)

    package static func < (a: Money, b: Money) -> Bool { a.minorUnits < b.minorUnits }

    package static func + (a: Money, b: Money) throws(MoneyOverflow) -> Money {
        let (sum, overflow) = a.minorUnits.addingReportingOverflow(b.minorUnits)
        guard !overflow else { throw MoneyOverflow() }
        return Money(sum)
    }

    package static func - (a: Money, b: Money) throws(MoneyOverflow) -> Money {
        let (difference, overflow) = a.minorUnits.subtractingReportingOverflow(b.minorUnits)
        guard !overflow else { throw MoneyOverflow() }
        return Money(difference)
    }

    package static func * (a: Money, times: Int64) throws(MoneyOverflow) -> Money {
        let (product, overflow) = a.minorUnits.multipliedReportingOverflow(by: times)
        guard !overflow else { throw MoneyOverflow() }
        return Money(product)
    }

    package static func += (a: inout Money, b: Money) throws(MoneyOverflow) { a = try a + b }
    package static func -= (a: inout Money, b: Money) throws(MoneyOverflow) { a = try a - b }

    package static prefix func - (a: Money) throws(MoneyOverflow) -> Money { try .zero - a }
}

/// A sum beyond what 64 bits hold.
package struct MoneyOverflow: Error, Hashable, Sendable {
    package init() {}
}

/// An exact ratio, not negative: class multipliers and percentages.
package struct Fraction: Hashable, Sendable {
    package let numerator: Int64
    package let denominator: Int64

    /// nil when negative or over nothing.
    package init?(_ numerator: Int64, over denominator: Int64 = 1) {
        guard numerator >= 0, denominator > 0 else { return nil }
        self.numerator = numerator
        self.denominator = denominator
    }

    package static func percent(_ percentage: UInt8) -> Fraction {
        Fraction(numerator: Int64(percentage), denominator: 100)
    }

    private init(numerator: Int64, denominator: Int64) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The part of an amount, half up, once.
    package func of(_ amount: Money) throws(MoneyOverflow) -> Money {
        let divisor = denominator.magnitude
        let product = amount.minorUnits.magnitude.multipliedFullWidth(by: numerator.magnitude)
        guard product.high < divisor else { throw MoneyOverflow() }
        let (quotient, remainder) = divisor.dividingFullWidth(product)
        // Half up means towards more also below zero: -2.5 is -2.
        let isUp = amount < .zero ? remainder > divisor - remainder : remainder >= divisor - remainder
        let (rounded, carried) = quotient.addingReportingOverflow(isUp ? 1 : 0)
        guard !carried, let magnitude = Int64(exactly: rounded) else { throw MoneyOverflow() }
        return Money(amount < .zero ? -magnitude : magnitude)
    }
}
