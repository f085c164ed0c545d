// SPDX-License-Identifier: Apache-2.0

/// What a stay costs while its vehicle is here, and the end of its account.
extension Site {
    var billing: StayBilling? {
        plan.pricing.map {
            StayBilling(
                plan: $0, directory: directory, stays: memory.stays, accounts: memory.money,
                clock: memory.clock)
        }
    }

    /// What the rules are told about the money of the stays that a vehicle may be.
    func payments(
        for stays: [AccessSituation.OpenStay], of request: AccessRequest, at now: Moment
    ) -> Table<StayID, AccessSituation.Payment> {
        var result = Table<StayID, AccessSituation.Payment>()
        guard let billing else { return result }
        for open in stays {
            guard let stay = memory.stays.stay(open.id) else { continue }
            let sight = memory.stays.sight(of: stay, leavingAs: request.read?.reading)
            result[open.id] = payment(
                of: stay, billing, at: now.wall, memory.clock.stamp(now.quality), seen: sight,
                waitingAt: request.lane)
        }
        return result
    }

    /// Without a price nobody is kept: whatever the reason, it is not the driver's.
    func payment(
        of stay: Stay, _ billing: StayBilling, at now: WallTime, _ stamp: ClockStamp? = nil,
        seen sight: ExitSight = ExitSight(), waitingAt lane: LaneID? = nil
    ) -> AccessSituation.Payment {
        guard case .success(let priced) = billing.price(stay, at: now.second, stamp, seen: sight),
            let due = priced.charge.due, let fee = priced.charge.fee
        else { return .none }
        // Debts of earlier stays never keep anybody (architecture §14).
        let debts = priced.charge.arrearsSum
        if due.minorUnits - debts.minorUnits > 0 {
            let account = memory.money.account(of: stay.id)
            if account.isDeferred || account.isDisputed { return .later }
            return mayGoUnpaid(stay.id, isMisread: sight.isMisread, at: now) ? .trusted : .due
        }
        if fee == .zero, let lane, plan.zeroFee(at: lane) == .confirm { return .freeToConfirm }
        // A waiver or a coupon that covers it all is no payment, and nobody is told "paid" for it.
        return fee == .zero || memory.money.account(of: stay.id).paid == .zero ? .free : .settled
    }

    /// Puts on record what a vehicle that waits at an exit is asked for, unless the same was just asked.
    /// - Parameter lane: where it waits; nil: asked for from afar.
    mutating func quote(_ id: StayID, at lane: LaneID?, _ out: inout Effects) {
        guard let billing, let pricing = plan.pricing, let stay = memory.stays.stay(id) else { return }
        let (sight, stamp) = (sight(of: stay, at: lane), memory.clock.stamp(out.now.quality))
        guard case .success(let priced) = billing.price(stay, at: out.now.wall.second, stamp, seen: sight),
            priced.charge.due != nil
        else { return }
        if let lane { out.effects.append(.startTimer(.quote(lane), at: out.now.uptime + Self.quoteWatch)) }
        let now = out.now.wall.second
        let name = lane.map { plan.name(of: $0) }
        let old = memory.money.account(of: id).quote
        if let old, old.lane == name, old.due == priced.charge.due, now < old.validUntil,
            now >= old.computedAt, old.coupons == priced.charge.coupons.map(\.coupon)
        {
            return
        }
        let validUntil = QuoteLife.validUntil(now, longest: pricing.quoteLife.inMilliseconds / 1000) {
            second in
            (try? billing.price(stay, at: second, stamp, seen: sight).get())?.charge.due
        }
        record(
            .money(
                .quoted(
                    QuoteFact(
                        stay: id, lane: name, priced: priced, computedAt: now, validUntil: validUntil,
                        supersedes: old?.record, entries: billing.entries(of: stay, seen: sight)))), &out)
    }

    /// By what was read where it stands.
    private func sight(of stay: Stay, at lane: LaneID?) -> ExitSight {
        guard let lane, lanes.indices.contains(lane.index) else { return ExitSight() }
        return memory.stays.sight(of: stay, leavingAs: lanes[lane.index].askedReading)
    }

    /// A quote lapses, and whatever may have come between a payment and the arm heals, within three seconds.
    private static let quoteWatch: Duration = .seconds(2)

    mutating func quoteAgain(at lane: LaneID, _ out: inout Effects) {
        guard lanes.indices.contains(lane.index), let id = lanes[lane.index].waitingStay,
            let billing, let stay = memory.stays.stay(id)
        else { return }
        let quote = memory.money.account(of: id).quote
        let now = out.now.wall.second
        // One that a clock which was set back has yet to make is as good as none.
        let hasLapsed = quote.map { now >= $0.validUntil || now < $0.computedAt } ?? true
        let payment = payment(
            of: stay, billing, at: out.now.wall, memory.clock.stamp(out.now.quality),
            seen: sight(of: stay, at: lane), waitingAt: lane)
        let isPaid = payment != .due && payment != .freeToConfirm
        if hasLapsed || isPaid || (payment == .due) != (lanes[lane.index].waitingReason == .paymentDue) {
            drive(lane, .reconsider(.payment), &out)
        } else {
            out.effects.append(.startTimer(.quote(lane), at: out.now.uptime + Self.quoteWatch))
        }
    }

    // MARK: Tariffs

    /// Every tariff in the plan is on record with its text before anything is priced by it. A version whose text changed is
    /// no version of ours: it is said loudly, and bills keep the hash of what they were reckoned with.
    mutating func adoptTariffs(_ out: inout Effects) {
        for edition in plan.pricing?.editions ?? [] {
            let known = memory.money.tariffs[edition.name]
            let row = FaultRow(
                subject: "tariff \(edition.name)", code: "tariff_edited", severity: .critical,
                detail:
                    "this version was in force with another text (\(known?.prefix(12) ?? "")): a change is a new version",
                since: out.now.wall)
            let isEdited = known != nil && known != edition.hash
            if isEdited != (memory.faults[row.key] != nil) {
                record(isEdited ? .faultRaised(row) : .faultCleared(row), &out)
            }
            if known == nil { record(.money(.tariffAdopted(edition)), &out) }
        }
    }

    // MARK: The end of a stay

    /// Stay facts with what they mean in money.
    mutating func record(stays facts: [StayFact], _ out: inout Effects) {
        for fact in facts {
            let ending = ending(by: fact)
            let freed = ending.flatMap { spaceHeld(by: $0.stay) }
            record(.stay(fact), &out)
            guard let ending else { continue }
            let sequence = record(.money(.charged(ending.charge)), &out)
            settle(ending.coupons, ending.charge, sequence, &out)
            if let freed { convert(freed, after: ending.stay, &out) }
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
        guard let pricing = plan.pricing else { return nil }
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
        if let asked {
            var charge = unpriced(stay, .free, pricing)
            charge.askedAtExit = asked
            return Ending(stay: stay, charge: charge, coupons: memory.money.coupons(of: stay))
        }
        return Ending(
            stay: stay, charge: charge(for: stay, state, exit, pricing),
            coupons: memory.money.coupons(of: stay))
    }

    private func charge(
        for stay: Stay, _ state: Stay.State, _ exit: Stay.Exit?, _ plan: PricingPlan
    ) -> StayCharge {
        let account = memory.money.account(of: stay.id)
        var result = unpriced(stay, state == .cancelled ? .cancelled : .unknown, plan)
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
        result.collected = memory.money.collected(from: &rest, priced.charge)
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
    private func unpriced(_ stay: Stay, _ outcome: StayCharge.Outcome, _ plan: PricingPlan) -> StayCharge {
        let paid = memory.money.account(of: stay.id).paid
        return StayCharge(
            stay: stay.id, plate: stay.plate, household: stay.holder.household, category: plan.category,
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

extension Charge {
    /// Debts of earlier stays among what is due.
    var arrearsSum: Money {
        var sum: Int64 = 0
        for case .arrears(_, let amount) in lines { sum &+= amount.minorUnits }
        return Money(sum)
    }
}

extension AccountBook {
    /// Earlier debts that were asked for with a charge, as far as `rest` reaches; it is less by them then.
    func collected(from rest: inout Money, _ charge: Charge) -> [Arrears] {
        var result: [Arrears] = []
        for case .arrears(let reference, _) in charge.lines where rest > .zero {
            guard let number = Int64(reference), let debt = debts[StayID(number)] else { continue }
            let amount = min(debt.amount, rest)
            rest = Money(rest.minorUnits &- amount.minorUnits)
            result.append(Arrears(reference: reference, amount: amount))
        }
        return result
    }
}

extension WallTime {
    /// Whole seconds since 1970: what is below is dropped (`tariffs.md` §1, 2).
    var second: Int64 { milliseconds.floorDivided(by: 1000) }
}
