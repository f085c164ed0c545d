// SPDX-License-Identifier: Apache-2.0

/// How a stay is priced because of coupons that take nothing off a price, but change what is priced (`tariffs.md` §5, 9).
struct CouponTerms {
    /// That reduce a price.
    var coupons: [Coupon] = []
    /// Of the coupon that says so; nil: the site's own.
    var tariff: (edition: TariffEdition, by: String)?
    /// That cover time.
    var passes: [Coupon] = []
    /// The tariff and nothing else: no payments, and nothing that people changed or that is owed besides.
    var isBare = false

    fileprivate var bare: CouponTerms {
        var terms = self
        (terms.coupons, terms.isBare) = ([], true)
        return terms
    }
}

extension StayBilling {
    /// Time that is free for a while first, then the tariff that costs least, then reductions under that. A coupon that
    /// makes no difference is none of the stay's.
    func price(
        _ stay: Stay, from entry: Int64?, to exit: Int64, with coupons: [Coupon]
    ) throws(PricingFault) -> Priced {
        var terms = CouponTerms(coupons: coupons.filter(\.kind.isReduction))
        var best = try price(stay, from: entry, to: exit, terms)
        guard terms.coupons.count < coupons.count else { return best }
        var savings: [CouponSaving] = []
        for coupon in coupons where coupon.kind == .period {
            var next = terms
            next.passes.append(coupon)
            let with = try price(stay, from: entry, to: exit, next)
            guard let saving = try saving(stay, from: entry, coupon, (with, next), over: (best, terms)) else {
                continue
            }
            savings.append(saving)
            (terms, best) = (next, with)
        }
        let change = try otherTariff(stay, from: entry, to: exit, coupons, terms, best)
        if let other = change.priced, other.priced.charge.asksLess(than: best.charge) {
            best = other.priced
            savings.append(other.saving)
        }
        best.charge.coupons = savings + best.charge.coupons
        best.charge.flags = Set(best.charge.flags + change.flags).sorted()
        return best
    }

    private struct TariffChange {
        var priced: (priced: Priced, saving: CouponSaving)?
        var flags: [Charge.Flag] = []
    }

    /// The coupon whose tariff costs least, ties by id. Beside one that takes everything off none is used; how many coupons
    /// may stand together is what the site's tariff says.
    private func otherTariff(
        _ stay: Stay, from entry: Int64?, to exit: Int64, _ coupons: [Coupon], _ terms: CouponTerms,
        _ own: Priced
    ) throws(PricingFault) -> TariffChange {
        var change = TariffChange()
        let held = terms.coupons.filter { $0.isValid(at: exit) }
        let hasFull = held.contains { $0.kind == .full }
        let rules = (try? own.edition.tariff.rules(of: own.vehicle.vehicleClass)) ?? own.edition.tariff.rules
        let isAlone = rules.coupons.stack == .bestOne
        for coupon in coupons.sorted(by: { $0.id < $1.id }) {
            guard case .tariff(let id) = coupon.kind else { continue }
            guard coupon.isValid(at: exit),
                var edition = plan.coupons.edition(id, plan.versionRule, entry: entry ?? exit, exit: exit)
            else {
                change.flags.append(.couponNotValid)
                continue
            }
            guard !hasFull else { continue }
            edition.tariff.stack(rules.coupons.stack)
            var next = terms
            next.tariff = (edition, coupon.id)
            if isAlone { next.coupons = [] }
            let with = try price(stay, from: entry, to: exit, next)
            guard let saving = try saving(stay, from: entry, coupon, (with, next), over: (own, terms)) else {
                continue
            }
            if change.priced != nil || isAlone && !held.isEmpty { change.flags.append(.couponNotStackable) }
            if change.priced.map({ with.charge.asksLess(than: $0.priced.charge) }) ?? true {
                change.priced = (with, saving)
            }
        }
        return change
    }

    /// The difference that a coupon makes to what this stay costs: up to when that was settled, for time to leave costs
    /// nobody anything, and of what is due for the time beyond. nil: none.
    private func saving(
        _ stay: Stay, from entry: Int64?, _ coupon: Coupon, _ one: (priced: Priced, terms: CouponTerms),
        over other: (priced: Priced, terms: CouponTerms)
    ) throws(PricingFault) -> CouponSaving? {
        let (charge, its) = (one.priced.charge, other.priced.charge)
        var until = one.priced.exit
        if charge.isPaidFor {
            let last = accounts.account(of: stay.id).settlements.map(\.at).max() ?? until
            until = max(one.priced.entry, min(last, until))
        }
        let with = try price(stay, from: entry, to: until, one.terms.bare)
        let without = try price(stay, from: entry, to: until, other.terms.bare)
        guard let less = with.charge.due, let more = without.charge.due else { return nil }
        var amount = max(0, more.minorUnits &- less.minorUnits)
        if [charge, its].allSatisfy({ $0.flags.contains(.overtimeAfterPayment) }) {
            // Of time that both bill as new nothing was paid yet.
            amount = amount.addingSaturated(Self.difference(its.due, charge.due))
        } else if charge.isPaidFor, !its.isPaidFor {
            // It is only by this coupon that the payment was enough, and there is time that it did not make cheaper.
            amount = min(amount, Self.difference(its.fee, charge.fee))
        }
        return amount > 0 ? CouponSaving(coupon: coupon.id, amount: Money(amount)) : nil
    }

    private static func difference(_ more: Money?, _ less: Money?) -> Int64 {
        max(0, (more ?? .zero).minorUnits &- (less ?? .zero).minorUnits)
    }
}

extension Charge {
    /// Up to the last payment.
    fileprivate var isPaidFor: Bool {
        flags.contains { $0 == .withinPayGrace || $0 == .overtimeAfterPayment }
    }

    /// Of two prices of one stay, with the same payments.
    fileprivate func asksLess(than other: Charge) -> Bool {
        (due ?? .zero, fee ?? .zero) < (other.due ?? .zero, other.fee ?? .zero)
    }
}

extension Tariff {
    /// How many coupons stand together, whatever the class.
    fileprivate mutating func stack(_ rule: CouponsPolicy.Stack) {
        rules.coupons.stack = rule
        for name in rulesOfClass.keysInOrder { rulesOfClass[name]?.coupons.stack = rule }
    }
}

extension Coupon {
    /// What one covers that is free for a while.
    var span: TimeSpan { TimeSpan(validFrom ?? .min, validTo ?? .max) }
}

extension Coupon.Kind {
    /// Something comes off a price.
    var isReduction: Bool {
        switch self {
        case .minutes, .amount, .percent, .full: true
        case .tariff, .period: false
        }
    }
}
