// SPDX-License-Identifier: Apache-2.0

/// A priced stay: a value that explains itself. Its lines add up to what is due.
package struct Charge: Hashable, Sendable {
    package enum Status: String, Hashable, Sendable, CaseIterable {
        /// Nothing is due.
        case settled = "OK"
        case payable = "PAY"
        case review = "REVIEW"
        case needsOperator = "NEEDS_OPERATOR"
    }

    package enum Flag: String, Hashable, Comparable, Sendable, CaseIterable {
        case clockStepNegative = "CLOCK_STEP_NEGATIVE"
        case clockUntrusted = "CLOCK_UNTRUSTED"
        case couponAfterPayment = "COUPON_AFTER_PAYMENT"
        case couponNotStackable = "COUPON_NOT_STACKABLE"
        case couponNotValid = "COUPON_NOT_VALID"
        case couponRemainderForfeit = "COUPON_REMAINDER_FORFEIT"
        case exempt = "EXEMPT"
        case freeMinutes = "FREE_MINUTES"
        case longStay = "LONG_STAY"
        case noEntryRecord = "NO_ENTRY_RECORD"
        case overtimeAfterPayment = "OVERTIME_AFTER_PAYMENT"
        case permitExpiredMidStay = "PERMIT_EXPIRED_MID_STAY"
        case permitInGrace = "PERMIT_IN_GRACE"
        case quotaConverted = "QUOTA_CONVERTED"
        case quotaOver = "QUOTA_OVER"
        case reentryMerged = "REENTRY_MERGED"
        case withinPayGrace = "WITHIN_PAY_GRACE"
        case zeroFee = "ZERO_FEE"

        package static func < (a: Flag, b: Flag) -> Bool { a.rawValue < b.rawValue }
    }

    /// The reason of a zero that a driver is told.
    package static func freeBy(_ flags: [Flag]) -> Flag? {
        [Flag.exempt, .freeMinutes, .withinPayGrace, .permitInGrace].first { flags.contains($0) }
    }

    package var status: Status
    /// Before reductions; nil where a person decides.
    package var gross: Money?
    package var fee: Money?
    package var due: Money?
    package var flags: [Flag]
    package var lines: [ChargeLine]
    /// What each coupon that was used took off: the part of the lines that somebody else may bear. Not among what is
    /// written of a charge: the record of a stay says it beside the charge, with who bears it.
    package var coupons: [CouponSaving] = []
}

/// Money that one coupon took off a price.
package struct CouponSaving: Hashable, Sendable {
    package var coupon: String
    package var amount: Money

    package init(coupon: String, amount: Money) {
        self.coupon = coupon
        self.amount = amount
    }
}

/// One step of the reckoning, as codes and numbers; words are made from it elsewhere.
package enum ChargeLine: Hashable, Sendable {
    case units(UnitsLine)
    case special(id: String, Money)
    case freeMinutes
    case exempt(String)
    case capBand(String, CivilDate, Money)
    case capCycle(CycleName, Money)
    case capStay(Money)
    case minutesOff(Int, Money)
    case discountPercent(id: String, UInt8, Money)
    case couponPercent(id: String, UInt8, Money)
    case couponAmount(id: String, Money)
    case couponFull(id: String, Money)
    case rounding(Money)
    case noEntryRecord(Money)
    case paidEarlier(Money)
    case prepaid(Money)
    case adjusted(reason: String, Money)
    case arrears(reference: String, Money)
}

/// Equal neighbouring units.
package struct UnitsLine: Hashable, Sendable {
    package var band: String
    package var span: TimeSpan
    package var units: Int64
    package var price: Money
    package var amount: Money
}

package enum CycleName: Hashable, Sendable {
    case whole
    /// Of rolling ones, from 0.
    case number(Int64)
    case day(CivilDate)

    package var text: String {
        switch self {
        case .whole: "all"
        case .number(let number): "c\(number)"
        case .day(let date): date.text
        }
    }
}

extension ChargeLine {
    package var amount: Money {
        switch self {
        case .units(let line): line.amount
        case .freeMinutes, .exempt: .zero
        case .special(_, let amount), .capBand(_, _, let amount), .capCycle(_, let amount),
            .capStay(let amount), .minutesOff(_, let amount), .discountPercent(_, _, let amount),
            .couponPercent(_, _, let amount), .couponAmount(_, let amount), .couponFull(_, let amount),
            .rounding(let amount), .noEntryRecord(let amount), .paidEarlier(let amount),
            .prepaid(let amount), .adjusted(_, let amount), .arrears(_, let amount):
            amount
        }
    }

    /// Stable word of the line (§9).
    package var code: String {
        switch self {
        case .units: "CHARGE"
        case .special: "SPECIAL"
        case .freeMinutes: "FREE_MINUTES"
        case .exempt: "EXEMPT"
        case .capBand: "CAP_BAND"
        case .capCycle: "CAP_CYCLE"
        case .capStay: "CAP_STAY"
        case .minutesOff: "MINUTES_OFF"
        case .discountPercent: "DISCOUNT_PERCENT"
        case .couponPercent: "COUPON_PERCENT"
        case .couponAmount: "COUPON_AMOUNT"
        case .couponFull: "COUPON_FULL"
        case .rounding: "ROUNDING"
        case .noEntryRecord: "NO_ENTRY_RECORD"
        case .paidEarlier: "PAID_EARLIER"
        case .prepaid: "PREPAID"
        case .adjusted: "ADJUST"
        case .arrears: "ARREARS"
        }
    }
}
