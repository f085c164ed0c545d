// SPDX-License-Identifier: Apache-2.0

/// Minutes, then percentages of the tariff, then coupons, then rounding (§5, §7).
extension Rater {
    /// `minutesOff`: the time from which minutes are taken; nil where a flat price has replaced it.
    func reduce(
        _ rating: inout Rating, minutesOff: (free: FreeMinutesTest.Outcome, span: TimeSpan)?,
        _ terms: RatingTerms, at exit: Int64
    ) throws(MoneyOverflow) {
        let reduction = Reduction(rater: self, rating: rating, minutesOff: minutesOff, terms: terms)
        let coupons = terms.hasCoupons ? facts.coupons.filter { $0.isValid(at: exit) } : []
        if terms.hasCoupons, coupons.count < facts.coupons.count { rating.flags.append(.couponNotValid) }
        let full = coupons.first { $0.kind == .full }
        let chosen: [Coupon]
        if let full { chosen = [full] } else { chosen = try choose(coupons, reduction) }
        let leavesOut = rules.coupons.stack == .bestOne || full == nil
        if leavesOut, chosen.count < coupons.count { rating.flags.append(.couponNotStackable) }
        let result = try reduction.apply(chosen)
        rating.fee = result.fee
        rating.lines += result.lines
        rating.coupons = result.savings.filter { $0.amount > .zero }
        if result.forfeits { rating.flags.append(.couponRemainderForfeit) }
    }

    private func choose(_ coupons: [Coupon], _ reduction: Reduction) throws(MoneyOverflow) -> [Coupon] {
        switch rules.coupons.stack {
        case .all: return coupons
        case .bestOne:
            var best: (fee: Money, coupon: Coupon)?
            for coupon in coupons.sorted(by: { $0.id < $1.id }) {
                let fee = try reduction.apply([coupon]).fee
                if best.map({ fee < $0.fee }) ?? true { best = (fee, coupon) }
            }
            return best.map { [$0.coupon] } ?? []
        case .onePerKind:
            return coupons.filter { coupon in
                !coupons.contains { $0.kind.isSameKind(coupon.kind) && $0.isLarger(than: coupon) }
            }
        }
    }
}

extension Coupon {
    func isValid(at exit: Int64) -> Bool {
        (validFrom ?? .min) <= exit && validTo.map { exit < $0 } ?? true
    }

    /// Of two of one kind and value the one with the lower id counts as larger.
    fileprivate func isLarger(than other: Coupon) -> Bool {
        let (mine, its) = (kind.size, other.kind.size)
        return mine > its || mine == its && id < other.id
    }
}

extension Coupon.Kind {
    fileprivate var size: Int64 {
        switch self {
        case .minutes(let minutes): Int64(minutes)
        case .amount(let amount): amount.minorUnits
        case .percent(let percentage): Int64(percentage)
        case .full, .tariff, .period: 0
        }
    }

    fileprivate func isSameKind(_ other: Coupon.Kind) -> Bool {
        switch (self, other) {
        case (.minutes, .minutes), (.amount, .amount), (.percent, .percent), (.full, .full): true
        default: false
        }
    }
}

/// What one choice of coupons makes of a price.
private struct Reduction {
    let rater: Rater
    let rating: Rating
    let minutesOff: (free: FreeMinutesTest.Outcome, span: TimeSpan)?
    let terms: RatingTerms

    struct Result {
        var fee: Money
        var lines: [ChargeLine] = []
        var savings: [CouponSaving] = []
        var forfeits = false
    }

    func apply(_ coupons: [Coupon]) throws(MoneyOverflow) -> Result {
        var result = Result(fee: rating.gross)
        try takeMinutes(coupons, &result)
        for discount in discounts {
            guard case .percent(let percentage) = discount.kind else { continue }
            try take(percentage, &result) { .discountPercent(id: discount.id, percentage, $0) }
        }
        try takeCoupons(coupons, &result)
        let rounded = try rater.rules.rounding.applied(to: result.fee)
        if rounded != result.fee { result.lines.append(.rounding(try rounded - result.fee)) }
        result.fee = rounded
        return result
    }

    private func take(
        _ off: Money, _ result: inout Result, _ line: (Money) -> ChargeLine
    ) throws(MoneyOverflow) {
        result.lines.append(line(try -off))
        try result.fee -= off
    }

    /// What is left is rounded, not what is taken.
    private func take(
        _ percentage: UInt8, _ result: inout Result, _ line: (Money) -> ChargeLine
    ) throws(MoneyOverflow) {
        let rest = try Fraction.percent(100 - percentage).of(result.fee)
        try take(try result.fee - rest, &result, line)
    }

    /// Of the tariff, that this vehicle has and has not used up.
    private var discounts: [Discount] {
        rater.rules.discounts.filter {
            $0.when.fits(rater.facts.vehicle)
                && !($0.isOnceADay && (!terms.hasOnceADay || rater.facts.usedToday.contains($0.id)))
        }
    }

    // MARK: Minutes

    private func takeMinutes(_ coupons: [Coupon], _ result: inout Result) throws(MoneyOverflow) {
        guard let minutesOff else { return }
        var policy: (minutes: Int, mode: MinutesMode)?
        for discount in discounts {
            guard case .minutes(let minutes, let mode) = discount.kind, minutes > policy?.minutes ?? 0 else {
                continue
            }
            policy = (minutes, mode)
        }
        let granted = coupons.reduce(0) {
            if case .minutes(let minutes) = $1.kind { $0 + minutes } else { $0 }
        }
        guard policy != nil || granted > 0 else { return }
        let whole = result.fee
        let fee = try self.fee(of: minutesOff, policy, granted, atMost: whole)
        let minutes = granted + (policy?.minutes ?? 0)
        try take(try whole - fee, &result) { .minutesOff(minutes, $0) }
        guard granted > 0 else { return }
        // Minutes of coupons come on top: what the tariff's alone would have saved is not theirs.
        let alone = policy == nil ? whole : try self.fee(of: minutesOff, policy, 0, atMost: whole)
        result.savings += Self.share(max(.zero, try alone - fee), of: granted, among: coupons)
    }

    /// Without the tariff's minutes and so many of coupons.
    private func fee(
        of minutesOff: (free: FreeMinutesTest.Outcome, span: TimeSpan),
        _ policy: (minutes: Int, mode: MinutesMode)?, _ granted: Int, atMost whole: Money
    ) throws(MoneyOverflow) -> Money {
        let base = minutesOff.free.deducted
        // Minutes of the tariff overlap with free minutes that are off already; those of coupons come on top.
        let extra = policy.map { max(0, Int64($0.minutes) * 60 - base) } ?? 0
        let mine = Int64(granted) * 60
        let mode = rater.rules.coupons.minutesMode
        let head = (policy?.mode == .head ? extra : 0) + (mode == .head ? mine : 0)
        let tail = mode == .tail ? mine : 0
        let priced = (policy?.mode == .feeOfHead ? extra : 0) + (mode == .feeOfHead ? mine : 0)
        let rest = minutesOff.free.segments.droppingFirst(head).droppingLast(tail)
        var fee = try rater.walk(rest, minutesOff.span).gross
        if priced > 0 { try fee -= rater.walk(rest.first(priced), minutesOff.span).gross }
        // Time that begins later may cost more; nobody pays for being given minutes.
        return min(max(.zero, fee), whole)
    }

    /// By their minutes, rounded down; what is left by that goes to the first.
    private static func share(_ saved: Money, of minutes: Int, among coupons: [Coupon]) -> [CouponSaving] {
        var rest = saved.minorUnits
        var shares: [CouponSaving] = []
        for coupon in coupons {
            guard case .minutes(let its) = coupon.kind, its > 0 else { continue }
            // The quotient is at most what is shared: it cannot overflow.
            let product = saved.minorUnits.multipliedFullWidth(by: Int64(its))
            let part = Int64(minutes).dividingFullWidth(product).quotient
            rest -= part
            shares.append(CouponSaving(coupon: coupon.id, amount: Money(part)))
        }
        if !shares.isEmpty { shares[0].amount = Money(shares[0].amount.minorUnits + rest) }
        return shares
    }

    // MARK: Coupons

    private func takeCoupons(_ coupons: [Coupon], _ result: inout Result) throws(MoneyOverflow) {
        let isPercentFirst = rater.rules.coupons.isPercentFirst
        for takesPercent in [isPercentFirst, !isPercentFirst] {
            for coupon in coupons {
                let before = result.fee
                switch coupon.kind {
                case .percent(let percentage) where takesPercent:
                    try take(percentage, &result) { .couponPercent(id: coupon.id, percentage, $0) }
                case .amount(let amount) where !takesPercent:
                    result.forfeits = result.forfeits || amount > result.fee
                    try take(min(amount, result.fee), &result) { .couponAmount(id: coupon.id, $0) }
                case .full where takesPercent == isPercentFirst:
                    try take(result.fee, &result) { .couponFull(id: coupon.id, $0) }
                default: continue
                }
                let taken = try before - result.fee
                result.savings.append(CouponSaving(coupon: coupon.id, amount: taken))
            }
        }
    }
}

extension FeeRounding {
    func applied(to amount: Money) throws(MoneyOverflow) -> Money {
        guard to > 1 else { return amount }
        let rest = amount.minorUnits % to
        let down = Money(amount.minorUnits - rest)
        let isUp =
            switch mode {
            case .down: false
            case .halfUp: rest * 2 >= to
            case .up: rest > 0
            }
        return isUp ? try down + Money(to) : down
    }
}
