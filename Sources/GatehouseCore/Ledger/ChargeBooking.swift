// SPDX-License-Identifier: Apache-2.0

/// The booking of a finished stay. What it cost is income of its category; what was let off stands beside it in accounts
/// of its own and is never netted away (`tariffs.md` §11).
struct ChargeBooking {
    /// Already income of the stay before, with which this one was reckoned (§6.7).
    private let chargedBefore: Money
    let charge: Charge
    let category: IncomeCategory
    let coupons: [CouponUse]

    /// - Parameters:
    ///   - payments: all that was paid for the stay.
    ///   - coupons: what they took off, and who bears it.
    init(_ charge: Charge, category: IncomeCategory, payments: Money, coupons: [CouponUse] = []) {
        self.charge = charge
        self.category = category
        self.coupons = coupons
        var prepaid = Money.zero
        for case .prepaid(let amount) in charge.lines {
            prepaid = Money(prepaid.minorUnits &- amount.minorUnits)
        }
        used = min(prepaid, payments)
        chargedBefore = Money(prepaid.minorUnits &- used.minorUnits)
    }

    /// Of the payments, what this stay took.
    let used: Money

    /// Without earlier debts.
    var owed: Money {
        let arrears = charge.lines.reduce(Int64(0)) {
            if case .arrears(_, let amount) = $1 { $0 &+ amount.minorUnits } else { $0 }
        }
        return Money((charge.due?.minorUnits ?? 0) &- arrears)
    }

    /// Debits are what was paid, what is owed and what was let off; the credit is the income.
    var postings: [Posting] {
        var sums = Table<LedgerAccount, Int64>()
        func credit(_ account: LedgerAccount, _ amount: Money) {
            sums[account, default: 0] &-= amount.minorUnits
        }
        for line in charge.lines {
            switch line {
            case .units, .special, .capBand, .capCycle, .capStay, .noEntryRecord, .paidEarlier:
                credit(.income(category), line.amount)
            case .minutesOff: credit(.reduction(.minutes), line.amount)
            case .discountPercent, .couponPercent: credit(.reduction(.percent), line.amount)
            case .couponAmount, .couponFull: credit(.reduction(.coupons), line.amount)
            case .rounding: credit(.rounding, line.amount)
            case .adjusted(let reason, _): credit(.waiver(reason), line.amount)
            case .freeMinutes, .exempt, .prepaid, .arrears: break
            }
        }
        for use in coupons {
            credit(account(of: use.kind), use.used)
            let bearer = use.merchant.map { LedgerAccount.merchant($0) } ?? .reduction(.coupons)
            credit(bearer, Money(0 &- use.used.minorUnits))
        }
        credit(.income(category), Money(0 &- chargedBefore.minorUnits))
        credit(.deposits, Money(0 &- used.minorUnits))
        credit(.arrears, Money(0 &- owed.minorUnits))
        return sums.inOrder.filter { $0.value != 0 }.map { Posting($0.key, Money($0.value)) }
    }

    /// Where the lines above have put what a coupon took off. Of time that was paid for before there is one line for the
    /// fee that was left, so that what a coupon took off it is income that nobody booked yet.
    private func account(of kind: Coupon.Kind) -> LedgerAccount {
        let isPaidEarlier = charge.lines.contains { if case .paidEarlier = $0 { true } else { false } }
        if isPaidEarlier { return .income(category) }
        switch kind {
        case .minutes: return .reduction(.minutes)
        case .percent: return .reduction(.percent)
        case .amount, .full: return .reduction(.coupons)
        // There is no line for what was not charged.
        case .tariff, .period: return .income(category)
        }
    }
}
