// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// The facts of a stay as a file has them (`tariffs.md` §3.1). Times without an offset are local.
struct StayFactsReader {
    let zone: ZoneRules

    /// nil only after an error.
    func read(_ reader: MappingReader) -> StayFacts? {
        let errors = reader.log.errorCount
        let entry = reader.given("entry").map { $0.instant(in: zone) }
        let exit = reader.required("exit", "a time, \"2026-05-06T08:30\"")?.instant(in: zone)
        var facts = StayFacts(entry: entry ?? nil, exit: exit ?? 0)
        if let vehicle = reader.given("vehicle")?.mapping() { facts.vehicle = Self.vehicle(vehicle) }
        facts.permits = TariffRulesReader.list(reader.given("permits"), Self.permit)
        facts.coupons = TariffRulesReader.list(reader.given("coupons"), coupon)
        facts.payments = TariffRulesReader.list(reader.given("payments"), payment)
        if let history = reader.given("history")?.mapping() { Self.history(history, &facts) }
        facts.carry = reader.given("carry")?.mapping().flatMap(carry)
        facts.previous = reader.given("previous")?.mapping().flatMap(previous)
        facts.arrears = TariffRulesReader.list(reader.given("arrears"), Self.arrears)
        facts.adjustments = TariffRulesReader.list(reader.given("adjustments"), Self.adjustment)
        guard exit != nil, reader.log.errorCount == errors else { return nil }
        return facts
    }

    private static func vehicle(_ reader: MappingReader) -> BilledVehicle {
        defer { reader.finish() }
        var vehicle = BilledVehicle()
        _ = reader.optional("plate")
        vehicle.plateColour = reader.given("plate_color")?.label()
        if let name = reader.given("class")?.label() { vehicle.vehicleClass = name }
        vehicle.energy = reader.given("energy")?.choice(VehicleEnergy.allCases)
        vehicle.exemption = reader.given("exempt")?.label()
        return vehicle
    }

    private static func permit(_ reader: MappingReader) -> BilledPermit? {
        defer { reader.finish() }
        _ = reader.optional("id")
        let from = reader.required("valid_from", "a date")?.date()
        let to = reader.required("valid_to", "a date, the last day")?.date()
        let windows = reader.given("windows").map { TariffRulesReader.list($0, window) }
        guard let from, let to else { return nil }
        return BilledPermit(validFrom: from, validTo: to, windows: windows)
    }

    private static func window(_ reader: MappingReader) -> DaySpan? {
        defer { reader.finish() }
        let days = reader.given("days")?.daySelectors() ?? []
        let from = reader.required("from", "a time of day, \"18:00\"")
        let to = reader.required("to", "a time of day, \"08:00\"")?.clockTime(upTo: 1440)
        guard let from, let start = from.clockTime(), let to else { return nil }
        guard let span = DaySpan(days: days, fromMinute: start, toMinute: to) else {
            from.error(
                "a window from a time to the same time", hint: "the whole day is \"00:00\" to \"24:00\"")
            return nil
        }
        return span
    }

    private func coupon(_ reader: MappingReader) -> Coupon? {
        defer { reader.finish() }
        let id = reader.required("id", "a name")?.label()
        let validFrom = reader.given("valid_from")?.instant(in: zone)
        let validTo = reader.given("valid_to")?.instant(in: zone)
        let kinds = ["minutes", "amount", "percent", "full"]
        let word = reader.required("kind", alternatives(kinds))?.choice(kinds)
        let value = reader.given("value")
        let kind: Coupon.Kind?
        switch word {
        case "minutes": kind = value?.minutes(0...525_600).map { .minutes($0) }
        case "amount": kind = value?.money().map { .amount($0) }
        case "percent": kind = value?.integer(in: 0...100).map { .percent(UInt8($0)) }
        case "full": kind = .full
        default: kind = nil
        }
        if let word, word != "full", value == nil { _ = reader.required("value", "how much") }
        guard let id, let kind else { return nil }
        return Coupon(id: id, kind: kind, validFrom: validFrom, validTo: validTo)
    }

    private func payment(_ reader: MappingReader) -> StayPayment? {
        defer { reader.finish() }
        let at = reader.required("at", "a time")?.instant(in: zone)
        let amount = reader.required("amount", "an amount in minor units")?.money()
        guard let at, let amount else { return nil }
        return StayPayment(at: at, amount: amount)
    }

    private static func history(_ reader: MappingReader, _ facts: inout StayFacts) {
        if let used = reader.given("free_used")?.flag() { facts.freeMinutesUsedToday = used }
        for entry in reader.entries where entry.key != "free_used" {
            if reader.given(entry.key)?.flag() == true { facts.usedToday.append(entry.key) }
        }
        reader.finish()
    }

    private func carry(_ reader: MappingReader) -> CapCarry? {
        defer { reader.finish() }
        let charged = reader.required("charged", "an amount in minor units")?.money()
        let (day, anchor) = (reader.given("day"), reader.given("anchor"))
        guard let charged else { return nil }
        if let day { return day.date().map { .day($0, charged: charged) } }
        if let anchor { return anchor.instant(in: zone).map { .anchor($0, charged: charged) } }
        _ = reader.required("day", "the date of a natural day, or anchor: the start of a rolling period")
        return nil
    }

    private func previous(_ reader: MappingReader) -> PreviousStay? {
        defer { reader.finish() }
        let entry = reader.required("entry", "a time")?.instant(in: zone)
        let exit = reader.required("exit", "a time")?.instant(in: zone)
        let charged = reader.required("charged", "an amount in minor units")?.money()
        guard let entry, let exit, let charged else { return nil }
        return PreviousStay(entry: entry, exit: exit, charged: charged)
    }

    private static func arrears(_ reader: MappingReader) -> Arrears? {
        defer { reader.finish() }
        let reference = reader.required("ref", "the earlier stay")?.label()
        let amount = reader.required("amount", "an amount in minor units")?.money()
        guard let reference, let amount else { return nil }
        return Arrears(reference: reference, amount: amount)
    }

    private static func adjustment(_ reader: MappingReader) -> Adjustment? {
        defer { reader.finish() }
        let reason = reader.required("reason", "why")?.label()
        let (amount, fee) = (reader.given("amount"), reader.given("set_fee"))
        let signed = -Field.amounts.upperBound...Field.amounts.upperBound
        let change: Adjustment.Change?
        switch (amount, fee) {
        case (let amount?, nil): change = amount.integer(in: signed).map { .by(Money(Int64($0))) }
        case (nil, let fee?): change = fee.money().map { .feeIs($0) }
        default:
            reader.log.add(at: reader.mark, path: reader.path, "give amount or set_fee, one of the two")
            change = nil
        }
        guard let reason, let change else { return nil }
        return Adjustment(reason: reason, change: change)
    }
}

extension Field {
    /// `2026-05-06T08:00`, with seconds, a fraction that is dropped, and an offset where there is one; or a date, which is
    /// its midnight. Seconds since 1970.
    func instant(in zone: ZoneRules) -> Int64? {
        let expected = "a time as \"2026-05-06T08:30\" or \"2026-05-06T08:30:00+08:00\""
        guard let text = raw(expecting: expected) else { return nil }
        guard let second = LocalStamp(text)?.instant(in: zone) else {
            error("use \(expected)", found: text)
            return nil
        }
        return second
    }
}
