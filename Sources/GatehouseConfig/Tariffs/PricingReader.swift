// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// `rate` or `bands`: one of the two.
struct PricingReader {
    let reader: MappingReader
    let calendar: TariffCalendar

    init(_ reader: MappingReader, _ calendar: TariffCalendar) {
        self.reader = reader
        self.calendar = calendar
    }

    func read() -> Pricing {
        let rate = reader.given("rate")
        let bands = reader.given("bands")
        switch (rate, bands) {
        case (let rate?, nil): return .one(Self.rate(rate) ?? .free)
        case (nil, let bands?): return .bands(self.bands(bands))
        case (nil, nil): missing()
        case (_?, let bands?): bands.error("rate and bands exclude each other")
        }
        return .one(.free)
    }

    /// A car park that is free says so; a key without a value says nothing.
    private func missing() {
        guard let empty = reader.optional("rate") ?? reader.optional("bands") else {
            _ = reader.required("rate", "a rate, or bands with a rate each")
            return
        }
        empty.error(
            "nothing stands here; a rate, or bands with a rate each", hint: "{kind: free} where nobody pays")
    }

    private static func rate(_ field: Field, inBand: Bool = false) -> Rate? {
        guard let reader = field.mapping() else { return nil }
        defer { reader.finish() }
        let kinds = ["steps", "visit", "table", "free"]
        switch reader.required("kind", alternatives(kinds))?.choice(kinds) {
        case "steps": return steps(reader)
        case "visit":
            let price = reader.required("price", "an amount in minor units")?.money()
            let scope = reader.given("per")?.choice(VisitScope.allCases)
            return price.map { .visit($0, per: scope ?? .stay) }
        case "table":
            if inBand { field.error("a table counts the whole time and does not go with bands") }
            return table(reader)
        case "free": return .free
        default: return nil
        }
    }

    private static func steps(_ reader: MappingReader) -> Rate? {
        let field = reader.required("steps", "a list of steps")
        let fields = field?.list(atMost: TariffLimits.steps, "steps") ?? []
        let steps = fields.compactMap { element -> Step? in
            guard let step = element.mapping() else { return nil }
            defer { step.finish() }
            let upto = step.given("upto_min")?.minutes()
            let unit = step.required("unit_min", "minutes")?.minutes()
            let price = step.required("price", "an amount in minor units")?.money()
            guard let unit, let price else { return nil }
            return Step(uptoMinutes: upto, unitMinutes: unit, price: price)
        }
        var rate = StepRate(steps: steps)
        if let rounding = reader.given("round")?.choice(StepRate.Rounding.allCases) {
            rate.rounding = rounding
        }
        if let field = reader.given("tolerance_min"), let minutes = field.minutes(0...1440) {
            rate.toleranceMinutes = minutes
            if rate.rounding == .floor, minutes > 0 {
                field.warning("where only full units count this has no effect")
            }
        }
        guard let field, !steps.isEmpty, steps.count == fields.count else { return nil }
        limits(steps.map(\.uptoMinutes), of: "step", field)
        return .steps(rate)
    }

    private static func table(_ reader: MappingReader) -> Rate? {
        let field = reader.required("table", "a list of rows")
        let fields = field?.list(atMost: TariffLimits.steps, "rows") ?? []
        let rows = fields.compactMap { element -> TableRow? in
            guard let row = element.mapping() else { return nil }
            defer { row.finish() }
            let upto = row.given("upto_min")?.minutes()
            return row.required("total", "an amount in minor units")?.money()
                .map { TableRow(uptoMinutes: upto, total: $0) }
        }
        guard let field, !rows.isEmpty, rows.count == fields.count else { return nil }
        limits(rows.map(\.uptoMinutes), of: "row", field)
        for (row, next) in zip(rows, rows.dropFirst()) where next.total < row.total {
            field.error(
                "a longer time must not cost less",
                found: "\(next.total.minorUnits) after \(row.total.minorUnits)")
        }
        return .table(rows)
    }

    /// Rising, and the last one without.
    private static func limits(_ limits: [Int?], of what: String, _ field: Field) {
        guard limits.last == .some(nil) else {
            return field.error("the last \(what) must be without upto_min: somebody stays longer")
        }
        var before = 0
        for limit in limits.dropLast() {
            guard let limit else {
                return field.error("only the last \(what) is without upto_min")
            }
            guard limit > before else {
                return field.error(
                    "upto_min of each \(what) must be greater than that before",
                    found: "\(limit) after \(before)")
            }
            before = limit
        }
    }

    private func bands(_ field: Field) -> [Band] {
        let fields = field.list(atMost: TariffLimits.bands, "bands")
        var bands: [(band: Band, field: Field)] = []
        for element in fields {
            guard let reader = element.mapping() else { continue }
            defer { reader.finish() }
            let name = reader.required("name", "a name for this band")?.label()
            let from = reader.required("from", "a time of day, \"07:00\"")?.clockTime()
            let to = reader.required("to", "a time of day, \"21:00\"")?.clockTime(upTo: 1440)
            let days = reader.given("days")?.daySelectors() ?? []
            let rate = reader.required("rate", "a rate")
            let cap = reader.given("cap")?.money()
            guard let name, let from, let to, let rate = rate.flatMap({ Self.rate($0, inBand: true) }) else {
                continue
            }
            guard let span = DaySpan(days: days, fromMinute: from, toMinute: to) else {
                element.error(
                    "a band from a time to the same time", hint: "the whole day is \"00:00\" to \"24:00\"")
                continue
            }
            bands.append((Band(name: name, span: span, rate: rate, cap: cap), element))
        }
        let spans = bands.map(\.band.span)
        let dates = spans.reduce(0) { $0 + $1.days.count { if case .date = $0 { true } else { false } } }
        if dates > TariffLimits.dates {
            field.error(
                TariffLimits.text(dates, of: "dates in the days of all bands", TariffLimits.dates),
                hint: "name them holidays in the calendar, and use holiday")
            return []
        }
        if let overlap = calendar.firstOverlap(spans) {
            let (first, second) = (bands[overlap.first], bands[overlap.second])
            second.field.error(
                "this band and \(first.band.name) are in force at the same time on \(overlap.day)",
                found: second.band.name)
            // A class with a calendar of its own is not told the same.
            return []
        }
        return bands.map(\.band)
    }
}
