// SPDX-License-Identifier: Apache-2.0

/// The end of a stay's account.
extension Site {
    /// Stay facts with what they mean in money.
    mutating func record(stays facts: [StayFact], _ out: inout Effects) {
        for fact in facts {
            let ending = ending(by: fact)
            let freed = ending.flatMap { spaceHeld(by: $0.stay) }
            record(.stay(fact), &out)
            guard let ending else { continue }
            let sequence = record(.money(.charged(ending.charge)), &out)
            settle(ending.coupons, ending.charge, sequence, &out)
            if let freed, plan.pricing != nil { convert(freed, after: ending.stay, &out) }
        }
        reviewCollections(&out)
    }

    private struct Ending {
        var stay: Stay
        var charge: StayCharge
        /// Kept for it, used or not.
        var coupons: [CouponBook.Held]
    }

    private func ending(by fact: StayFact) -> Ending? {
        let (id, state, exit): (StayID, Stay.State, Stay.Exit?)
        var asked: Sequence?
        switch fact {
        case .closed(let stay, let final, let seen, _, _): (id, state, exit) = (stay, final, seen)
        case .matched(let stay, let number, _):
            let unmatched = memory.stays.unmatchedExits[number]
            (id, state, exit) = (stay, .closed, unmatched?.exit)
            if unmatched?.flags.contains(UnmatchedExit.asked) == true { asked = number }
        default: return nil
        }
        guard let stay = memory.stays.stay(id) else { return nil }
        guard let pricing = plan.pricing else { return endingWithoutPrices(stay) }
        if let asked {
            var charge = unpriced(stay, .free, pricing.category)
            charge.askedAtExit = asked
            return Ending(stay: stay, charge: charge, coupons: memory.money.coupons(of: stay))
        }
        let charge = charge(for: stay, state, exit, pricing)
        return Ending(
            stay: stay, charge: charge, coupons: memory.money.coupons(of: stay, using: charge.coupons))
    }

    /// The site has stopped charging since it came in: what was paid for it is given back.
    private func endingWithoutPrices(_ stay: Stay) -> Ending? {
        let coupons = memory.money.coupons(of: stay)
        guard memory.money.hasAccount(of: stay.id) || !coupons.isEmpty else { return nil }
        return Ending(stay: stay, charge: unpriced(stay, .unknown, .temporaryParking), coupons: coupons)
    }

    private func charge(
        for stay: Stay, _ state: Stay.State, _ exit: Stay.Exit?, _ plan: PricingPlan
    ) -> StayCharge {
        let account = memory.money.account(of: stay.id)
        var result = unpriced(stay, state == .cancelled ? .cancelled : .unknown, plan.category)
        // A person's word that it left is of now, and not of a stamp.
        guard state != .cancelled, state != .missedExit, let exit, let billing,
            case .success(let priced) = billing.price(
                stay, at: instant(exit, account), exit.lane == nil ? nil : exit.clock,
                seen: memory.stays.sight(of: stay, leavingAs: exit.reading)),
            priced.charge.due != nil
        else { return result }
        result.history = billing.history(after: stay, priced)
        result.coupons = memory.money.coupons.uses(priced.charge.coupons)
        let booking = ChargeBooking(
            priced.charge, category: plan.category, payments: account.paid, coupons: result.coupons)
        result.priced = priced
        result.paid = booking.used
        result.owed = booking.owed
        var rest = Money(account.paid.minorUnits &- booking.used.minorUnits)
        result.collected = memory.money.collected(from: &rest, priced.charge.arrearsStays)
        result.excess = rest
        let collected = Money(result.collected.reduce(0) { $0 &+ $1.amount.minorUnits })
        result.postings =
            booking.postings + .moving(collected, from: .arrears, to: .deposits)
            + .moving(rest, from: .refundable, to: .deposits)
        result.outcome = outcome(result, of: stay)
        result.isDisputed = account.isDisputed && result.owed > .zero
        return result
    }

    /// The end of a stay that is asked nothing: what was paid for it is given back.
    private func unpriced(
        _ stay: Stay, _ outcome: StayCharge.Outcome, _ category: IncomeCategory
    ) -> StayCharge {
        let paid = memory.money.account(of: stay.id).paid
        return StayCharge(
            stay: stay.id, plate: stay.plate, household: stay.holder.household, category: category,
            outcome: outcome, paid: .zero, owed: .zero, collected: [], excess: paid,
            postings: .moving(paid, from: .refundable, to: .deposits))
    }

    /// When the vehicle was asked at the same exit, that is the time it is billed to: nobody owes for a second that it
    /// waited to be let out.
    private func instant(_ exit: Stay.Exit, _ account: StayAccount) -> Int64 {
        let recognised = exit.recognisedAt.second
        guard let quote = account.quote, quote.lane == exit.lane, exit.lane != nil,
            quote.computedAt >= recognised, quote.computedAt <= exit.passedAt.second
        else { return recognised }
        return quote.computedAt
    }

    private func outcome(_ charge: StayCharge, of stay: Stay) -> StayCharge.Outcome {
        if charge.owed > .zero { return stay.state == .suspectedLeft ? .escaped : .owed }
        return charge.paid > .zero ? .paid : .free
    }

    /// The household one of whose spaces it has: from its entry on, or since another car left one to it.
    private func spaceHeld(by stay: Stay) -> Int64? {
        let hasSpace =
            stay.holder.vehicleClass == .permit || memory.money.account(of: stay.id).convertedAt != nil
        return hasSpace ? stay.holder.household : nil
    }

    /// The space of a household's car that left is the next one's (`tariffs.md` §6.2).
    private mutating func convert(_ household: Int64, after left: Stay, _ out: inout Effects) {
        let waiting = memory.stays.inside(ofHousehold: household).first {
            $0.holder.vehicleClass == .temporary && memory.money.account(of: $0.id).convertedAt == nil
        }
        guard let waiting else { return }
        record(.money(.converted(waiting.id, at: out.now.wall.second, left: left.id)), &out)
    }
}
