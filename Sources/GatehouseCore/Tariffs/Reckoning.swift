// SPDX-License-Identifier: Apache-2.0

/// Why no price can be said.
package enum PricingFault: Error, Hashable, Sendable {
    /// A sum beyond 64 bits.
    case overflow
    /// An instant outside the years 1 to 9999.
    case timeOutOfRange
    /// Longer than ten years.
    case stayTooLong
}

extension Tariff {
    /// The price of a stay: the same for the same arguments, on every machine, whenever it is asked (§1, 5).
    package func price(_ facts: StayFacts, in zone: ZoneRules) throws(PricingFault) -> Charge {
        let instants =
            [facts.entry, facts.exit, facts.previous?.entry, facts.previous?.exit].compactMap { $0 }
            + facts.payments.map(\.at) + (facts.temporary ?? []).flatMap { [$0.start, $0.end] }
        guard instants.allSatisfy({ Reckoning.instants.contains($0) }) else { throw .timeOutOfRange }
        let earliest = min(facts.entry ?? facts.exit, facts.previous?.entry ?? facts.exit)
        guard facts.exit - earliest <= Reckoning.longest else { throw .stayTooLong }
        do {
            let rules = try rules(of: facts.vehicle.vehicleClass)
            let clock = DayClock(zone: zone, calendar: rules.calendar)
            return try Reckoning(written: self.rules, rater: Rater(rules: rules, clock: clock, facts: facts))
                .charge()
        } catch {
            throw .overflow
        }
    }
}

/// From the facts to what is due, in the order that §4 prescribes.
struct Reckoning {
    static let instants: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
    static let longest: Int64 = 3653 * 86_400

    /// Of every class: what holds before a class is known.
    let written: TariffRules
    let rater: Rater
    private var facts: StayFacts { rater.facts }
    private var rules: TariffRules { rater.rules }

    private static let plausible: Int64 = 30 * 86_400

    func charge() throws(MoneyOverflow) -> Charge {
        guard let entry = facts.entry else { return try withoutEntry() }
        let merged = merged(entry)
        let stay = TimeSpan(merged?.entry ?? entry, facts.exit)
        var flags: [Charge.Flag] = merged == nil ? [] : [.reentryMerged]
        guard stay.end >= stay.start else {
            // What is owed besides stands; of this stay a person decides.
            var charge = try due(Settled(Rating(flags: flags + [.clockStepNegative])))
            charge.status = .review
            return charge
        }
        let counted = rules.clock.applied(to: stay)
        if counted.length > Self.plausible { flags.append(.longStay) }
        var settled = try afterPayments(stay, counted, before: merged?.charged)
        settled.rating.flags += flags
        settled.before = merged?.charged
        return try due(settled)
    }

    /// A stay that the gap before this one does not end (§6.7).
    private func merged(_ entry: Int64) -> PreviousStay? {
        guard let minutes = rules.reentryWithinMinutes, let previous = facts.previous else { return nil }
        let gap = entry - previous.exit
        return gap >= 0 && gap <= Int64(minutes) * 60 ? previous : nil
    }

    // MARK: No entry (§6.6)

    private func withoutEntry() throws(MoneyOverflow) -> Charge {
        guard let amount = written.noEntryAmount else {
            return Charge(
                status: .needsOperator, gross: nil, fee: nil, due: nil, flags: [.noEntryRecord], lines: [])
        }
        let rating = Rating(
            gross: amount, fee: amount, flags: [.noEntryRecord] + (amount == .zero ? [.zeroFee] : []),
            lines: [.noEntryRecord(amount)])
        return try due(Settled(rating, paid: facts.payments.isEmpty ? nil : try paid(before: nil)))
    }

    // MARK: Payments (§6.8)

    private struct Settled {
        var rating: Rating
        /// What was paid for it, or charged before; nil where there was neither.
        var paid: Money?
        /// The part of the fee that it was paid for; nil: all of it, and what people change about it.
        var covered: Money?
        /// Charged for the stay that this one goes on with.
        var before: Money?

        init(_ rating: Rating, paid: Money? = nil, covered: Money? = nil) {
            self.rating = rating
            self.paid = paid
            self.covered = covered
        }

        /// Coupons take something off what this stay adds, and not off what was charged before: the last ones first.
        var savings: [CouponSaving] {
            var charged = max(0, (before ?? .zero).minorUnits &- (covered ?? rating.fee).minorUnits)
            var savings = rating.coupons
            for index in savings.indices.reversed() {
                let part = min(charged, savings[index].amount.minorUnits)
                charged -= part
                savings[index].amount = Money(savings[index].amount.minorUnits - part)
            }
            return savings.filter { $0.amount > .zero }
        }
    }

    private func paid(before: Money?) throws(MoneyOverflow) -> Money {
        var sum = before ?? .zero
        for payment in facts.payments { try sum += payment.amount }
        return sum
    }

    private func afterPayments(
        _ stay: TimeSpan, _ counted: TimeSpan, before: Money?
    ) throws(MoneyOverflow) -> Settled {
        guard let last = facts.payments.map(\.at).max() else {
            return Settled(try rater.rate(counted), paid: before)
        }
        let paid = try paid(before: before)
        let until = TimeSpan(stay.start, max(stay.start, min(last, stay.end)))
        let covered = try rater.rate(rules.clock.applied(to: until))
        let grace = Int64(rules.payGrace?.minutes ?? 0) * 60
        if paid >= covered.fee, stay.end <= last + grace {
            var settled = Settled(covered, paid: paid)
            settled.rating.flags.append(.withinPayGrace)
            return settled
        }
        guard paid >= covered.fee, let rule = rules.payGrace, rule.overtime != .continue else {
            return Settled(try rater.rate(counted), paid: paid)
        }
        let start = rule.overtime == .newFromPayment ? last : last + grace
        let overtime = try overtime(after: covered, TimeSpan(start, stay.end), rule)
        return Settled(overtime, paid: paid, covered: covered.fee)
    }

    /// Whoever does not leave in time begins a new stay; what was used for the first is used.
    private func overtime(
        after covered: Rating, _ span: TimeSpan, _ rule: PayGrace
    ) throws(MoneyOverflow) -> Rating {
        let terms = RatingTerms(
            hasFreeMinutes: rule.isFreeAgain, hasOnceADay: false, hasCoupons: false)
        var rating = try rater.rate(rules.clock.applied(to: span), terms)
        rating.fee = try rating.fee + covered.fee
        rating.lines.insert(.paidEarlier(covered.fee), at: 0)
        // Their lines are within what was paid; who bears them still has to.
        rating.coupons = covered.coupons
        rating.flags.append(.overtimeAfterPayment)
        return rating
    }

    // MARK: What is due

    private func due(_ settled: Settled) throws(MoneyOverflow) -> Charge {
        var lines = settled.rating.lines
        var due = settled.rating.fee
        let adjusted = try adjustments(of: settled.rating.fee)
        // More than was owed is a refund candidate, never paid out silently, and pays for no other time.
        if let paid = settled.paid {
            let all = try due + adjusted.sum
            let used = min(paid, all, settled.covered ?? all)
            lines.append(.prepaid(try -used))
            try due -= used
        }
        lines += adjusted.lines
        try due += adjusted.sum
        for old in facts.arrears {
            lines.append(.arrears(reference: old.reference, old.amount))
            try due += old.amount
        }
        return Charge(
            status: due > .zero ? .payable : .settled, gross: settled.rating.gross, fee: settled.rating.fee,
            due: due, flags: settled.rating.flags.sortedOnce, lines: lines, coupons: settled.savings)
    }
}

extension Reckoning {
    /// By people, in their order; never below zero.
    private func adjustments(of fee: Money) throws(MoneyOverflow) -> (sum: Money, lines: [ChargeLine]) {
        var now = fee
        var lines: [ChargeLine] = []
        for adjustment in facts.adjustments {
            let wanted: Money
            switch adjustment.change {
            case .by(let amount): wanted = try max(now + amount, .zero)
            case .feeIs(let amount): wanted = amount
            }
            lines.append(.adjusted(reason: adjustment.reason, try wanted - now))
            now = wanted
        }
        return (try now - fee, lines)
    }
}

extension [Charge.Flag] {
    fileprivate var sortedOnce: [Charge.Flag] {
        sorted().reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }
}

extension ClockRule {
    /// §1.1: before anything else.
    func applied(to span: TimeSpan) -> TimeSpan {
        switch self {
        case .second: span
        case .minuteFloorBoth: TimeSpan(span.start.flooredToMinute, span.end.flooredToMinute)
        case .elapsedFloor: TimeSpan(span.start, span.start + span.length.flooredToMinute)
        case .elapsedCeiling: TimeSpan(span.start, span.start + (span.length + 59).flooredToMinute)
        }
    }
}

extension Int64 {
    fileprivate var flooredToMinute: Int64 { floorDivided(by: 60) * 60 }
}
