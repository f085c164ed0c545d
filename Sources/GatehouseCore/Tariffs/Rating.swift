// SPDX-License-Identifier: Apache-2.0

/// One stretch of time priced: caps, specials, reductions and rounding, but no payment (§4, §5).
struct Rating {
    var gross = Money.zero
    var fee = Money.zero
    var flags: [Charge.Flag] = []
    var lines: [ChargeLine] = []
    var coupons: [CouponSaving] = []
}

/// What a second stretch of one stay may not have again (§6.8).
struct RatingTerms {
    var hasFreeMinutes = true
    var hasOnceADay = true
    var hasCoupons = true
}

/// Prices stretches of one stay, under one tariff.
struct Rater {
    let rules: TariffRules
    let clock: DayClock
    let facts: StayFacts

    /// `span`: after the clock rule. `temporary`: what the household's rule leaves to be billed.
    func rate(_ span: TimeSpan, _ terms: RatingTerms = RatingTerms()) throws(MoneyOverflow) -> Rating {
        var rating = Rating()
        if let reason = facts.vehicle.exemption {
            return Rating(flags: [.exempt], lines: [.exempt(reason)])
        }
        guard !span.isEmpty else {
            rating.flags.append(.zeroFee)
            return rating
        }
        let billed = billedSegments(span, &rating)
        // Wholly covered: there is nothing to reckon.
        guard !billed.isEmpty else { return rating }
        let free = FreeMinutesTest(rules, cycles: cycles(span, billed), facts, terms).judge(billed)
        guard !free.segments.isEmpty else {
            rating.flags += [.freeMinutes, .zeroFee]
            rating.lines.append(.freeMinutes)
            return rating
        }
        let walked = try walk(free.segments, span)
        rating.gross = walked.gross
        if let special = special(span), takes(special, over: rating.gross) {
            rating.gross = special.price
            rating.lines = [.special(id: special.id, special.price)]
            try reduce(&rating, minutesOff: nil, terms, at: span.end)
        } else {
            rating.lines = try walked.lines
            try reduce(&rating, minutesOff: (free, span), terms, at: span.end)
        }
        if rating.fee == .zero { rating.flags.append(.zeroFee) }
        return rating
    }

    private func billedSegments(_ span: TimeSpan, _ rating: inout Rating) -> [TimeSpan] {
        let billed = ownSegments(span, &rating)
        return facts.paidByOthers.isEmpty ? billed : billed.flatMap { $0.without(facts.paidByOthers) }
    }

    private func ownSegments(_ span: TimeSpan, _ rating: inout Rating) -> [TimeSpan] {
        if let temporary = facts.temporary {
            return TimeSpan.union(temporary.map { clocked($0, span).intersection(span) })
        }
        let cover = PermitCover(facts.permits, span, rules.permit, clock)
        if cover.isInGrace { rating.flags.append(.permitInGrace) }
        if cover.isExpiredMidStay { rating.flags.append(.permitExpiredMidStay) }
        return cover.billed.filter { !$0.isEmpty }
    }

    /// The clock rule moves the ends of a stay by less than a minute (§1.1), and with them those of what is billed; a
    /// conversion in between stands where it was.
    private func clocked(_ temporary: TimeSpan, _ span: TimeSpan) -> TimeSpan {
        let entry = facts.entry ?? span.start
        var result = temporary
        if temporary.start <= entry, entry - span.start < 60 {
            result.start = min(temporary.start, span.start)
        }
        if temporary.end >= facts.exit, span.end - facts.exit < 60 {
            result.end = max(temporary.end, span.end)
        }
        return result
    }

    // MARK: The walk

    func cycles(_ span: TimeSpan, _ segments: [TimeSpan]) -> CycleClock {
        var anchor = span.start
        if rules.cycle.anchor == .billingStart, let first = segments.first { anchor = first.start }
        if case .anchor(let first, _) = facts.carry { anchor = first }
        return CycleClock(cycle: rules.cycle, anchor: anchor, clock: clock)
    }

    func walk(_ segments: [TimeSpan], _ span: TimeSpan) throws(MoneyOverflow) -> ChargeTally {
        let cycles = cycles(span, segments)
        var walk = ChargeWalk(
            rules, bands: BandSchedule(rules.pricing, clock), cycles: cycles,
            tally: ChargeTally(rules, carry: carry(cycles)))
        try walk.walk(segments)
        return walk.tally
    }

    private func carry(_ cycles: CycleClock) -> (cycle: CycleName, charged: Money)? {
        switch facts.carry {
        case .day(let date, let charged) where rules.cycle.kind == .naturalDay: (.day(date), charged)
        case .anchor(_, let charged) where rules.cycle.kind == .rolling: (.number(0), charged)
        default: nil
        }
    }

    // MARK: Specials

    private func special(_ span: TimeSpan) -> Special? {
        let fitting = rules.specials.filter { fits($0, span) }
        guard rules.choose == .cheapest else { return fitting.first }
        return fitting.min { $0.price < $1.price }
    }

    private func takes(_ special: Special, over gross: Money) -> Bool {
        rules.choose == .firstMatch || special.price < gross
    }

    private func fits(_ special: Special, _ span: TimeSpan) -> Bool {
        let day = clock.date(at: span.start)
        guard clock.calendar.matches(day, special.days) else { return false }
        if let from = special.entryFrom, span.start < clock.instant(day, minute: from) { return false }
        if let by = special.entryBy, span.start > clock.instant(day, minute: by) { return false }
        let last = day.advanced(by: special.exitDay)
        if let from = special.exitFrom, span.end < clock.instant(last, minute: from) { return false }
        if let by = special.exitBy, span.end > clock.instant(last, minute: by) { return false }
        return special.maximumMinutes.map { span.length <= Int64($0) * 60 } ?? true
    }
}
