// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// The keys of a tariff that make its price; of a class, those that it has of its own.
struct TariffRulesReader {
    let reader: MappingReader
    /// What holds where a key is left out; nil where the tariff itself is read.
    let base: TariffRules?

    init(_ reader: MappingReader, over base: TariffRules? = nil) {
        self.reader = reader
        self.base = base
    }

    func read() -> TariffRules {
        var rules = base ?? TariffRules()
        replace("clock", \.clock, of: &rules) { $0.choice(ClockRule.allCases) }
        replace("calendar", \.calendar, of: &rules) { $0.mapping().map(Self.calendar) }
        replace("free", \.free, of: &rules) { $0.mapping().flatMap(Self.free) }
        readPricing(of: &rules)
        replace("band_edge", \.bandEdge, of: &rules) { $0.choice(UnitEdge.allCases) }
        replace("steps_anchor", \.stepsAnchor, of: &rules) { $0.choice(StepsAnchor.allCases) }
        replace("cycle", \.cycle, of: &rules) { $0.mapping().map(Self.cycle) }
        replace("stay_cap", \.stayCap, of: &rules) { $0.money() }
        replace("classes", \.multipliers, of: &rules) { $0.mapping().map(Self.multipliers) }
        replace("discounts", \.discounts, of: &rules) {
            Self.list($0, Self.discount, atMost: TariffLimits.discounts, "discounts")
        }
        replace("coupons_policy", \.coupons, of: &rules) { $0.mapping().map(Self.coupons) }
        replace("specials", \.specials, of: &rules) { SpecialsReader.read($0) }
        replace("choose", \.choose, of: &rules) { $0.choice(SpecialsChoice.allCases) }
        replace("rounding", \.rounding, of: &rules) { $0.mapping().map(Self.rounding) }
        replace("pay_grace", \.payGrace, of: &rules) { $0.mapping().flatMap(Self.payGrace) }
        replace("permit", \.permit, of: &rules) { $0.mapping().map(Self.permit) }
        replace("segments", \.segments, of: &rules) { $0.choice(SegmentJoin.allCases) }
        replace("quota", \.quota, of: &rules) { $0.mapping().map(Self.quota) }
        replace("no_entry", \.noEntry, of: &rules) { $0.mapping().map(Self.noEntry) }
        replace("reentry", \.reentryWithinMinutes, of: &rules) { $0.mapping().flatMap(Self.reentry) }
        return rules
    }

    /// A key that is there replaces the whole of what it names, an empty one by what a tariff without it has.
    private func replace<Value>(
        _ key: String, _ part: WritableKeyPath<TariffRules, Value>, of rules: inout TariffRules,
        _ read: (Field) -> Value?
    ) {
        guard reader.optional(key) != nil else { return }
        rules[keyPath: part] = reader.given(key).flatMap(read) ?? TariffRules()[keyPath: part]
    }

    private func readPricing(of rules: inout TariffRules) {
        let own = [reader.optional("rate"), reader.optional("bands")].contains { $0 != nil }
        if own || base == nil {
            rules.pricing = PricingReader(reader, rules.calendar).read()
        } else if let field = reader.optional("calendar"), case .bands(let bands) = rules.pricing,
            let overlap = rules.calendar.firstOverlap(bands.map(\.span))
        {
            field.error(
                "with this the bands \(bands[overlap.first].name) and \(bands[overlap.second].name) are in force "
                    + "at the same time on \(overlap.day)")
        }
    }

    private static func reentry(_ reader: MappingReader) -> Int? {
        defer { reader.finish() }
        return reader.required("within_min", "minutes")?.minutes(0...10_080)
    }

    static func list<Element>(
        _ field: Field?, _ read: (MappingReader) -> Element?, atMost limit: Int = .max, _ what: String = ""
    ) -> [Element] {
        guard let field else { return [] }
        return field.list(atMost: limit, what, mayBeEmpty: true).compactMap { $0.mapping().flatMap(read) }
    }

    private static func calendar(_ reader: MappingReader) -> TariffCalendar {
        defer { reader.finish() }
        return TariffCalendar(
            holidays: dates(reader.given("holidays")), workdays: dates(reader.given("workdays")))
    }

    private static func dates(_ field: Field?) -> [CivilDate] {
        guard let field else { return [] }
        return field.list(atMost: TariffLimits.dates, "dates", mayBeEmpty: true).compactMap { element in
            guard let word = element.word,
                word.utf8.contains(where: { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A })
            else { return element.date() }
            element.error(
                "UNSUPPORTED_CONSTRUCT: days by a formula", found: word, hint: "list the dates of each year")
            return nil
        }
    }

    private static func free(_ reader: MappingReader) -> FreeMinutes? {
        defer { reader.finish() }
        let minutes = reader.required("min", "minutes")?.minutes(0...525_600)
        var free = FreeMinutes(minutes: minutes ?? 0)
        if let boundary = reader.given("boundary")?.choice(FreeMinutes.Boundary.allCases) {
            free.boundary = boundary
        }
        if let flag = reader.given("deduct")?.flag() { free.isDeducted = flag }
        if let scope = reader.given("scope")?.choice(FreeMinutes.Scope.allCases) { free.scope = scope }
        return minutes == nil ? nil : free
    }

    private static func cycle(_ reader: MappingReader) -> PriceCycle {
        defer { reader.finish() }
        var cycle = PriceCycle()
        if let kind = reader.required("kind", "none, rolling or natural_day")?.choice(
            PriceCycle.Kind.allCases)
        {
            cycle.kind = kind
        }
        if let field = reader.given("minutes"), let minutes = field.minutes() {
            cycle.minutes = minutes
            if cycle.kind == .naturalDay, minutes != 1440 {
                field.error("a natural day is as long as it is", hint: "leave it out, or use kind: rolling")
            }
        }
        cycle.cap = reader.given("cap")?.money()
        if let edge = reader.given("edge")?.choice(UnitEdge.allCases) { cycle.edge = edge }
        if let anchor = reader.given("anchor")?.choice(PriceCycle.Anchor.allCases) { cycle.anchor = anchor }
        if cycle.kind == .none, cycle.cap != nil {
            reader.given("cap")?.error(
                "without a cycle this caps nothing", hint: "stay_cap caps the whole stay")
        }
        return cycle
    }

    private static func multipliers(_ reader: MappingReader) -> Table<String, Fraction> {
        var table = Table<String, Fraction>()
        if reader.entries.count > TariffLimits.classes {
            reader.log.add(
                at: reader.mark, path: reader.path,
                TariffLimits.text(reader.entries.count, of: "classes", TariffLimits.classes))
            return table
        }
        for entry in reader.entries {
            reader.requirePrintable(entry)
            guard let inner = reader.optional(entry.key)?.mapping() else { continue }
            table[entry.key] = inner.required("mult", "a ratio as '2' or '1/2'")?.fraction()
            inner.finish()
        }
        reader.finish()
        return table
    }

    private static func discount(_ reader: MappingReader) -> Discount? {
        defer { reader.finish() }
        let id = reader.required("id", "a name")?.name()
        var match = VehicleMatch()
        if let when = reader.given("when")?.mapping() {
            match.energy = when.given("energy")?.choice(VehicleEnergy.allCases)
            match.vehicleClass = when.given("class")?.label()
            match.plateColour = when.given("plate_color")?.label()
            when.finish()
        }
        let once = reader.given("once")?.choice(["day"])
        let kinds = ["minutes", "percent_off"]
        let mode = reader.given("mode")?.choice([MinutesMode.head, .feeOfHead])
        let kind: Discount.Kind?
        switch reader.required("kind", alternatives(kinds))?.choice(kinds) {
        case "minutes":
            kind = reader.required("value", "minutes")?.minutes().map { .minutes($0, mode ?? .head) }
        case "percent_off":
            kind = reader.required("value", "a percentage")?.integer(in: 1...100).map { .percent(UInt8($0)) }
            if mode != nil { reader.given("mode")?.error("a percentage has no mode") }
        default:
            _ = reader.optional("value")
            kind = nil
        }
        guard let id, let kind else { return nil }
        return Discount(id: id, when: match, kind: kind, isOnceADay: once != nil)
    }

    private static func coupons(_ reader: MappingReader) -> CouponsPolicy {
        defer { reader.finish() }
        var policy = CouponsPolicy()
        if let stack = reader.given("stack")?.choice(CouponsPolicy.Stack.allCases) { policy.stack = stack }
        if let mode = reader.given("minutes_mode")?.choice(MinutesMode.allCases) { policy.minutesMode = mode }
        if let field = reader.given("order") {
            let words = field.oneOrMany().compactMap { $0.choice(["percent", "amount"]) }
            if Set(words).count == 2, words.count == 2 {
                policy.isPercentFirst = words[0] == "percent"
            } else {
                field.error("name both kinds: [percent, amount] or [amount, percent]")
            }
        }
        return policy
    }

    private static func rounding(_ reader: MappingReader) -> FeeRounding {
        defer { reader.finish() }
        var rounding = FeeRounding()
        if let to = reader.required("to", "1, 10, 50 or 100")?.choice(["1", "10", "50", "100"]) {
            rounding.to = Int64(to) ?? 1
        }
        if let mode = reader.given("mode")?.choice(FeeRounding.Mode.allCases) { rounding.mode = mode }
        return rounding
    }

    private static func payGrace(_ reader: MappingReader) -> PayGrace? {
        defer { reader.finish() }
        let minutes = reader.required("min", "minutes")?.minutes(0...1440)
        var grace = PayGrace(minutes: minutes ?? 0)
        if let overtime = reader.given("overtime")?.choice(PayGrace.Overtime.allCases) {
            grace.overtime = overtime
        }
        if let flag = reader.given("free_again")?.flag() { grace.isFreeAgain = flag }
        return minutes == nil ? nil : grace
    }

    private static func permit(_ reader: MappingReader) -> PermitBilling {
        defer { reader.finish() }
        var permit = PermitBilling()
        if let expiry = reader.given("mid_stay_expiry")?.choice(PermitBilling.MidStayExpiry.allCases) {
            permit.midStayExpiry = expiry
        }
        if let days = reader.given("grace_days")?.integer(in: 0...366) { permit.graceDays = days }
        if let rule = reader.given("out_of_window")?.choice(PermitBilling.OutOfWindow.allCases) {
            permit.outOfWindow = rule
        }
        if let minutes = reader.given("edge_tolerance_min")?.minutes(0...720) {
            permit.edgeToleranceMinutes = minutes
        }
        return permit
    }

    private static func quota(_ reader: MappingReader) -> QuotaRule {
        defer { reader.finish() }
        var quota = QuotaRule()
        if let decide = reader.given("decide")?.choice(QuotaRule.Decide.allCases) { quota.decide = decide }
        if let convert = reader.given("convert")?.choice(QuotaRule.Convert.allCases) {
            quota.convert = convert
        }
        return quota
    }

    private static func noEntry(_ reader: MappingReader) -> NoEntryCharge {
        defer { reader.finish() }
        let modes = ["manual", "fixed", "first_step", "cycle_cap"]
        let amount = reader.given("amount")
        switch reader.required("mode", alternatives(modes))?.choice(modes) {
        case "fixed":
            if amount == nil { _ = reader.required("amount", "an amount in minor units") }
            return .fixed(amount?.money() ?? .zero)
        case "first_step": return .firstStep
        case "cycle_cap": return .cycleCap
        default: return .manual
        }
    }
}
