// SPDX-License-Identifier: Apache-2.0

/// How a stay is priced because of coupons that take nothing off a price, but change what is priced (`tariffs.md` §5, 9).
struct CouponTerms {
    /// That reduce a price.
    var coupons: [Coupon] = []
    /// Of the coupon that says so; nil: the site's own.
    var tariff: (edition: TariffEdition, by: String)?
    /// That cover time as a visitor's pass does.
    var passes: [Coupon] = []
    /// What was paid counts; not where stays are compared as they would have been without.
    var hasPayments = true

    /// The same stay without reductions and payments: what another coupon saves is the difference that it makes to this.
    fileprivate var bare: CouponTerms {
        var terms = self
        (terms.coupons, terms.hasPayments) = ([], false)
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
        guard terms.coupons.count < coupons.count else {
            return try price(stay, from: entry, to: exit, terms)
        }
        var savings: [CouponSaving] = []
        var bare = try price(stay, from: entry, to: exit, terms.bare)
        for coupon in coupons where coupon.kind == .period {
            var next = terms
            next.passes.append(coupon)
            let with = try price(stay, from: entry, to: exit, next.bare)
            guard let saving = with.saving(coupon, over: bare) else { continue }
            savings.append(saving)
            (terms, bare) = (next, with)
        }
        var best = try price(stay, from: entry, to: exit, terms)
        let change = try otherTariff(stay, from: entry, to: exit, coupons, terms, bare)
        if let other = change.priced, other.priced.charge.costsLess(than: best.charge) {
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

    /// The coupon whose tariff costs least, ties by id. Beside one that takes everything off none is used, and where one
    /// coupon is all that a stay may have, it stands alone.
    private func otherTariff(
        _ stay: Stay, from entry: Int64?, to exit: Int64, _ coupons: [Coupon], _ terms: CouponTerms,
        _ bare: Priced
    ) throws(PricingFault) -> TariffChange {
        var change = TariffChange()
        let hasFull = terms.coupons.contains { $0.kind == .full && $0.isValid(at: exit) }
        let isAlone = bare.edition.tariff.rules.coupons.stack == .bestOne
        for coupon in coupons.sorted(by: { $0.id < $1.id }) {
            guard case .tariff(let id) = coupon.kind else { continue }
            let edition = plan.coupons.edition(id, plan.versionRule, entry: entry ?? exit, exit: exit)
            guard coupon.isValid(at: exit), let edition else {
                change.flags.append(.couponNotValid)
                continue
            }
            guard !hasFull else { continue }
            var next = terms
            next.tariff = (edition, coupon.id)
            let alone = try price(stay, from: entry, to: exit, next.bare)
            guard let saving = alone.saving(coupon, over: bare) else { continue }
            let isSecond = change.priced != nil
            if isSecond || isAlone && terms.coupons.contains(where: { $0.isValid(at: exit) }) {
                change.flags.append(.couponNotStackable)
            }
            if isAlone { next.coupons = [] }
            let priced = try price(stay, from: entry, to: exit, next)
            if change.priced.map({ priced.charge.costsLess(than: $0.priced.charge) }) ?? true {
                change.priced = (priced, saving)
            }
        }
        return change
    }
}

extension StayBilling.Priced {
    /// nil: none.
    fileprivate func saving(_ coupon: Coupon, over other: StayBilling.Priced) -> CouponSaving? {
        guard let mine = charge.fee, let its = other.charge.fee, mine < its else { return nil }
        return CouponSaving(coupon: coupon.id, amount: Money(its.minorUnits &- mine.minorUnits))
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
