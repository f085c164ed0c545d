// SPDX-License-Identifier: Apache-2.0

/// A coupon that somebody wants to give.
package struct CouponOrder: Hashable, Sendable {
    /// Whoever gives it numbers it, and it is granted once; empty: named after its record.
    package var id: String
    package var kind: Coupon.Kind
    /// Seconds since 1970. Without an end the site's default holds.
    package var validFrom: Int64?
    package var validTo: Int64?
    /// nil: the site itself bears it.
    package var merchant: String?
    package var target: PaymentTarget

    package init(
        id: String = "", kind: Coupon.Kind, validFrom: Int64? = nil, validTo: Int64? = nil,
        merchant: String? = nil, target: PaymentTarget
    ) {
        self.id = id
        self.kind = kind
        self.validFrom = validFrom
        self.validTo = validTo
        self.merchant = merchant
        self.target = target
    }
}

/// The life of a coupon (`tariffs.md` §5, 8). What it takes off is the tariff's matter.
extension Site {
    mutating func grant(
        _ order: CouponOrder, _ by: Operator, _ reply: ReplyID, _ out: inout Effects
    ) {
        let grant: CouponGrant
        switch couponGrant(order, by, at: out.now.wall.second) {
        case .refused(let code, let why): return refuse(reply, code, why, &out)
        case .target: return refuseTarget(order.target, reply, &out)
        case .before(let record):
            return out.effects.append(.answer(reply, .done(record), after: record))
        case .grant(let new): grant = new
        }
        let sequence = record(.money(.coupon(.granted(grant))), &out)
        if let stay = grant.stay ?? stay(order.target) { reconsider(stay, &out) }
        done(reply, saying: sequence, &out)
    }

    private enum GrantAnswer {
        case grant(CouponGrant)
        /// The same was granted by this record.
        case before(Sequence)
        case target
        case refused(String, String)
    }

    private func couponGrant(_ order: CouponOrder, _ by: Operator, at now: Int64) -> GrantAnswer {
        guard let plan = plan.pricing?.coupons else { return .target }
        if let why = order.problem(plan, of: self, at: now) { return .refused("refused", why) }
        let id = order.id.isEmpty ? "c\(nextSequence.number)" : order.id
        let book = memory.money.coupons
        if let spent = book.spent(id) {
            return .refused(
                "conflict", "coupon \(id) was used up, taken back or lapsed: record \(spent.record.number)")
        }
        let start = max(order.validFrom ?? now, now)
        let coupon = Coupon(
            id: id, kind: order.kind, validFrom: order.validFrom ?? (order.kind == .period ? now : nil),
            validTo: order.validTo ?? start.addingSaturated(plan.life.inMilliseconds / 1000))
        var grant = CouponGrant(coupon: coupon, merchant: order.merchant, by: by)
        if let old = book.held[id] {
            let isSame =
                old.grant.coupon.kind == order.kind && old.grant.merchant == order.merchant
                && (order.kind != .period || order.isSameSpan(as: old.grant.coupon))
                && !order.target.isOther(than: old.grant)
            return isSame
                ? .before(old.record)
                : .refused("conflict", "coupon \(id) is another one already: record \(old.record.number)")
        }
        let stay = stay(order.target).flatMap { memory.stays.stay($0) }
        if let stay {
            (grant.stay, grant.plate) = (stay.id, stay.plate)
            // Free for a while is the plate that was named, whoever is inside by a misread of it.
            if order.kind == .period, case .plate = order.target { grant.stay = nil }
            if let why = obstacle(to: order.kind, for: stay, plan, at: now) {
                return .refused("refused", why)
            }
        } else if case .plate(let plate) = order.target {
            grant.plate = plate
        } else {
            return .target
        }
        let mine = book.waiting(for: stay?.id, grant.plate).count { !$0.hasLapsed(at: now) }
        guard mine < CouponBook.limitOfOne else {
            return .refused("refused", "it has \(mine) coupons, the limit is \(CouponBook.limitOfOne)")
        }
        guard book.hasRoom(at: now) else {
            return .refused(
                "refused",
                "\(CouponBook.limit) coupons wait, which is the limit: revoke some, or wait until some lapse")
        }
        return .grant(grant)
    }

    private func obstacle(
        to kind: Coupon.Kind, for stay: Stay, _ plan: CouponPlan, at now: Int64
    ) -> String? {
        // It covers from its own beginning on, like a permit.
        if kind == .period { return nil }
        if plan.afterPayment == .refuse, !memory.money.account(of: stay.id).settlements.isEmpty {
            return "\(Charge.Flag.couponAfterPayment.rawValue): stay \(stay.id.number) is paid for; "
                + "charging.coupons.after_payment allows it"
        }
        if case .minutes = kind, billing?.isVisit(stay, until: now) == true {
            return "stay \(stay.id.number) has a visitor's pass: the pass or minutes, not both"
        }
        return nil
    }

    mutating func revoke(
        _ coupon: String, _ reason: String, _ by: Operator, _ reply: ReplyID, _ out: inout Effects
    ) {
        guard let one = memory.money.coupons.held[coupon] else {
            let spent = memory.money.coupons.spent(coupon)
            let what =
                spent.map { "used up, taken back or lapsed: record \($0.record.number)" } ?? "not known"
            return refuse(reply, spent == nil ? "not_found" : "refused", "coupon \(coupon) is \(what)", &out)
        }
        if one.paidAt != nil {
            return refuse(reply, "refused", "coupon \(coupon) was used with a payment", &out)
        }
        if one.grant.coupon.kind == .period, one.grant.coupon.span.end <= out.now.wall.second {
            return refuse(reply, "refused", "coupon \(coupon) has ended", &out)
        }
        // Somebody was told an amount that it is part of.
        if let stay = one.reservedFor, let quote = memory.money.account(of: stay).quote,
            quote.coupons.contains(coupon), out.now.wall.second < quote.validUntil
        {
            let until = plan.zone.stamp(quote.validUntil)
            return refuse(
                reply, "refused",
                "coupon \(coupon) is part of quote \(quote.record.number), which holds until \(until)", &out)
        }
        let sequence = record(.money(.coupon(.revoked(coupon, reason: reason, by: by))), &out)
        let ofPlate = one.grant.plate.flatMap { stay(.plate($0)) }
        if let stay = one.reservedFor ?? one.grant.stay ?? ofPlate { reconsider(stay, &out) }
        done(reply, saying: sequence, &out)
    }

    /// With the end of their stay: what it used is used up, once, and the rest is free again.
    mutating func settle(
        _ coupons: [CouponBook.Held], _ charge: StayCharge, _ record: Sequence?, _ out: inout Effects
    ) {
        for one in coupons {
            let name = one.grant.coupon.id
            var use = charge.coupons.first { $0.coupon == name }
            // Without a price the money goes back too.
            if use == nil, one.paidAt != nil, charge.priced != nil {
                use = CouponUse(
                    coupon: name, kind: one.grant.coupon.kind, merchant: one.grant.merchant, used: .zero)
            }
            guard let use, let record else {
                self.record(.money(.coupon(.released(name, charge.stay))), &out)
                continue
            }
            let consumption = CouponConsumption(
                use: use, stay: charge.stay, at: one.paidAt ?? charge.priced?.exit ?? out.now.wall.second,
                charge: record)
            self.record(.money(.coupon(.consumed(consumption))), &out)
        }
    }
}

extension CouponOrder {
    static let longestMinutes = 10_080

    /// Without a beginning it began when it was given.
    fileprivate func isSameSpan(as coupon: Coupon) -> Bool {
        coupon.validTo == validTo && (validFrom == nil || validFrom == coupon.validFrom)
    }

    /// What is wrong with it whoever it is for.
    fileprivate func problem(_ plan: CouponPlan, of site: Site, at now: Int64) -> String? {
        if id.utf8.count > 64 || !id.utf8.allSatisfy(Self.isPlain) {
            return "a coupon's id is up to 64 letters, digits, dots, dashes and underscores"
        }
        if id.utf8.first == 0x63, id.utf8.count > 1, id.utf8.dropFirst().allSatisfy({ 0x30...0x39 ~= $0 }) {
            return "coupons that were given without an id are named like \(id): choose another form"
        }
        switch kind {
        case .minutes(let minutes) where !(1...Self.longestMinutes).contains(minutes):
            return "minutes are 1 to \(Self.longestMinutes), not \(minutes)"
        case .amount(let amount) where amount <= .zero || amount > Site.largestPayment:
            return "an amount is \(site.paymentRange), not \(site.words(amount))"
        case .percent(let percentage) where !(1...100).contains(percentage):
            return "a percentage is 1 to 100, not \(percentage)"
        case .tariff(let id) where !plan.tariffs.contains { $0.tariff.id == id }:
            let known = Set(plan.tariffs.map(\.tariff.id)).sorted().joined(separator: ", ")
            return "no tariff \(id) in charging.coupons.tariffs"
                + (known.isEmpty ? "" : ": there are \(known)")
        case .period where validTo == nil: return "free for a while: until when?"
        default: break
        }
        guard [validFrom, validTo].allSatisfy({ $0.map(Reckoning.instants.contains) ?? true }) else {
            return "its times are of no year from 1 to 9999"
        }
        if let validTo, validTo <= max(now, validFrom ?? now) {
            return "it would end before it begins, or has ended"
        }
        if let merchant, plan.merchants[merchant] == nil {
            let known = plan.merchants.keysInOrder.joined(separator: ", ")
            return "no merchant \(merchant) in charging.coupons.merchants"
                + (known.isEmpty ? "" : ": there are \(known)")
        }
        return nil
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}

extension PaymentTarget {
    /// A lane says nothing: who stood there when it was granted may have left.
    fileprivate func isOther(than grant: CouponGrant) -> Bool {
        switch self {
        case .stay(let stay): grant.stay.map { $0 != stay } ?? false
        case .plate(let plate): grant.plate != plate
        case .lane: false
        }
    }
}

extension AccountBook {
    /// Those that a stay has to itself: given for it, or reckoned with in its last quote, by whatever plate it had then.
    /// - Parameter uses: of its charge. A vehicle that nobody asked at its exit has them of its plate, and not reserved.
    func coupons(of stay: Stay, using uses: [CouponUse] = []) -> [CouponBook.Held] {
        let waiting = coupons.waiting(for: stay.id, stay.plate)
        let quoted = (account(of: stay.id).quote?.coupons ?? []).compactMap { coupons.held[$0] }
        return (waiting + quoted.filter { !waiting.contains($0) }).filter { one in
            one.grant.stay == stay.id || one.reservedFor == stay.id
                || uses.contains { $0.coupon == one.grant.coupon.id }
        }
    }
}
