// SPDX-License-Identifier: Apache-2.0

/// What earlier stays of a plate mean for its next one: free time and discounts that are given once a day, a cap that
/// visits share, and a stay that the next may belong to (`tariffs.md` §3.1, §6.3, §6.7).
package struct PlateHistory: Hashable, Sendable {
    /// The local day on which the newest stay began.
    package var day: CivilDate
    /// On that day.
    package var isFreeUsed = false
    package var discounts: [String] = []
    /// What was charged under the cap of the period that the newest stay ended in; nil: visits share none.
    package var carry: CapCarry?
    package var previous: PreviousStay
    /// What that stay itself was told: one that goes on with it is rated from its entry, and as it was.
    package var told = Told()
    /// From then on no rule asks for it, seconds since 1970.
    package var until: Int64

    /// Facts of a stay that are of the ones before it.
    package struct Told: Hashable, Sendable {
        package var isFreeUsed = false
        package var discounts: [String] = []
        package var carry: CapCarry?

        package init() {}
    }

    package init(day: CivilDate, previous: PreviousStay, until: Int64) {
        self.day = day
        self.previous = previous
        self.until = until
    }

    /// For a stay that begins then.
    func told(from entry: Int64, on day: CivilDate, _ rules: TariffRules) -> Told {
        let gap = entry - previous.exit
        if let minutes = rules.reentryWithinMinutes, gap >= 0, gap <= Int64(minutes) * 60 { return told }
        var told = Told()
        if self.day == day { (told.isFreeUsed, told.discounts) = (isFreeUsed, discounts) }
        switch carry {
        case .day(day, _): told.carry = carry
        case .anchor(let first, _):
            if entry >= first, entry - first < Int64(rules.cycle.minutes) * 60 { told.carry = carry }
        case .day, nil: break
        }
        return told
    }
}

extension StayFacts {
    var told: PlateHistory.Told {
        get {
            var told = PlateHistory.Told()
            told.isFreeUsed = freeMinutesUsedToday
            told.discounts = usedToday
            told.carry = carry
            return told
        }
        set {
            freeMinutesUsedToday = newValue.isFreeUsed
            usedToday = newValue.discounts
            carry = newValue.carry
        }
    }
}

extension PlateHistory {
    /// After a stay was charged; nil where the tariff has no rule that will ever ask.
    init?(
        after facts: StayFacts, _ charge: Charge, under tariff: Tariff, in zone: ZoneRules,
        sharesCaps: Bool
    ) {
        guard let entry = facts.entry, facts.exit >= entry, let fee = charge.fee,
            let rules = try? tariff.rules(of: facts.vehicle.vehicleClass)
        else { return nil }
        let isOnceADay = rules.free?.scope == .firstOfDay || rules.discounts.contains(where: \.isOnceADay)
        let isShared = sharesCaps && rules.cycle.kind != .none && rules.cycle.cap != nil
        guard isOnceADay || isShared || rules.reentryWithinMinutes != nil else { return nil }
        let clock = DayClock(zone: zone, calendar: rules.calendar)
        let isMerged = charge.flags.contains(.reentryMerged)
        let merged = isMerged ? facts.previous : nil
        // Of what was charged before and is more than both together would cost, nothing comes back.
        // What coupons took off is borne by somebody: it is no more to be paid than what was paid.
        // What came after a payment was due on top of all that.
        let beyond = charge.paidEarlier.map { fee.minorUnits &- $0.minorUnits } ?? 0
        let charged = max(fee.minorUnits &- beyond, merged?.charged.minorUnits ?? 0).addingSaturated(
            charge.coupons.reduce(beyond) { $0.addingSaturated($1.amount.minorUnits) })
        let start = merged?.entry ?? entry
        self.init(
            day: clock.date(at: start),
            previous: PreviousStay(entry: start, exit: facts.exit, charged: Money(charged)),
            until: facts.exit + Int64(rules.reentryWithinMinutes ?? 0) * 60)
        told = facts.told
        if isOnceADay {
            isFreeUsed = told.isFreeUsed || charge.hasUsedFreeMinutes(rules, facts)
            discounts = told.discounts
            discounts += charge.usedOnceADay(rules, facts).filter { !discounts.contains($0) }
            until = max(until, clock.midnight(day.next))
        }
        if isShared {
            let (carry, end) = Self.carry(after: facts, charge, rules, clock, from: start)
            self.carry = carry
            until = max(until, end)
        }
    }

    /// What the period that the stay ended in has of its cap used up. Units that a cap of the band or of the stay made
    /// cheaper count in full: it leaves the next visit less to pay.
    private static func carry(
        after facts: StayFacts, _ charge: Charge, _ rules: TariffRules, _ clock: DayClock, from start: Int64
    ) -> (CapCarry, end: Int64) {
        var anchor = start
        if case .anchor(let first, _) = facts.carry { anchor = first }
        let cycles = CycleClock(cycle: rules.cycle, anchor: anchor, clock: clock)
        let last = cycles.piece(at: max(start, facts.exit - 1))
        var charged: Int64 = 0
        for line in charge.lines {
            switch line {
            case .units(let units) where units.span.start >= last.span.start:
                charged = charged.addingSaturated(units.amount.minorUnits)
            case .special(_, let amount), .paidEarlier(let amount):
                charged = charged.addingSaturated(amount.minorUnits)
            default: break
            }
        }
        switch facts.carry {
        case .day(let date, let before) where last.name == .day(date):
            charged = charged.addingSaturated(before.minorUnits)
        case .anchor(_, let before) where last.name == .number(0):
            charged = charged.addingSaturated(before.minorUnits)
        default: break
        }
        let used = min(Money(charged), rules.cycle.cap ?? Money(charged))
        if case .day(let date) = last.name { return (.day(date, charged: used), last.span.end) }
        return (.anchor(last.span.start, charged: used), last.span.end)
    }
}

extension Charge {
    /// Of the time before a payment, where more was charged for the time after it; nil: there is none.
    fileprivate var paidEarlier: Money? {
        for case .paidEarlier(let amount) in lines { return amount }
        return nil
    }

    /// Free time that was lost by staying longer was not used.
    fileprivate func hasUsedFreeMinutes(_ rules: TariffRules, _ facts: StayFacts) -> Bool {
        guard let free = rules.free, free.scope == .firstOfDay, !facts.freeMinutesUsedToday else {
            return false
        }
        return flags.contains(.freeMinutes) || free.isDeducted && (gross ?? .zero) > .zero
    }

    /// Discounts that took something off.
    fileprivate func usedOnceADay(_ rules: TariffRules, _ facts: StayFacts) -> [String] {
        let fitting = rules.discounts.filter {
            $0.when.fits(facts.vehicle) && !($0.isOnceADay && facts.usedToday.contains($0.id))
        }
        var minutes: (id: String, most: Int, isOnceADay: Bool)?
        for discount in fitting {
            guard case .minutes(let its, _) = discount.kind, its > minutes?.most ?? 0 else { continue }
            minutes = (discount.id, its, discount.isOnceADay)
        }
        var used: [String] = []
        for line in lines where line.amount < .zero {
            switch line {
            case .minutesOff: if let minutes, minutes.isOnceADay { used.append(minutes.id) }
            case .discountPercent(let id, _, _):
                if fitting.contains(where: { $0.id == id && $0.isOnceADay }) { used.append(id) }
            default: break
            }
        }
        return used
    }
}

extension PlateHistory: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("day", day.text)
        fields.put("free_used", ifTrue: isFreeUsed)
        fields.put("discounts", ifAny: discounts)
        fields.put(carry)
        fields.put("entry_s", previous.entry)
        fields.put("exit_s", previous.exit)
        fields.put("charged", previous.charged.minorUnits)
        if told != Told() { fields.put("told", object: told.write) }
        fields.put("until_s", until)
    }

    package init(from fields: Fields) throws(FieldError) {
        guard let day = try fields.dateIfPresent("day") else { throw .missing(key: "day") }
        self.init(
            day: day,
            previous: PreviousStay(
                entry: try fields.integer("entry_s"), exit: try fields.integer("exit_s"),
                charged: Money(try fields.integer("charged"))),
            until: try fields.integer("until_s"))
        isFreeUsed = try fields.bool("free_used")
        discounts = try fields.strings("discounts")
        carry = try fields.capCarry()
        told = try fields.objectIfPresent("told").map(Told.init) ?? Told()
    }
}

extension PlateHistory.Told: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("free_used", ifTrue: isFreeUsed)
        fields.put("discounts", ifAny: discounts)
        fields.put(carry)
    }

    package init(from fields: Fields) throws(FieldError) {
        isFreeUsed = try fields.bool("free_used")
        discounts = try fields.strings("discounts")
        carry = try fields.capCarry()
    }
}

extension FieldWriter {
    fileprivate mutating func put(_ carry: CapCarry?) {
        switch carry {
        case .day(let date, let charged):
            put("cap_day", date.text)
            put("cap_charged", charged.minorUnits)
        case .anchor(let first, let charged):
            put("cap_from_s", first)
            put("cap_charged", charged.minorUnits)
        case nil: break
        }
    }
}

extension Fields {
    fileprivate func capCarry() throws(FieldError) -> CapCarry? {
        if let date = try dateIfPresent("cap_day") {
            return .day(date, charged: Money(try integer("cap_charged")))
        }
        guard let first = try integerIfPresent("cap_from_s") else { return nil }
        return .anchor(first, charged: Money(try integer("cap_charged")))
    }
}
