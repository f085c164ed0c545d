// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseConfig

/// What a tariff file may say, and that each mistake is named where it stands.
@Suite struct TariffReaderTests {
    private static let good = """
        id: site-a
        version: 7
        currency: CNY
        tz: Asia/Shanghai
        clock: elapsed_floor
        free: {min: 30, boundary: inclusive, deduct: false, scope: stay}
        bands:
        - {name: DAY, from: "07:00", to: "21:00", days: [workday], rate: {kind: steps, steps: [{upto_min: 60, unit_min: 60, price: 500}, {unit_min: 60, price: 200}]}, cap: 2000}
        - {name: NIGHT, from: "21:00", to: "07:00", days: [workday], rate: {kind: visit, per: band, price: 500}}
        cycle: {kind: natural_day, cap: 3000}
        classes: {large: {mult: "2"}, motorcycle: {mult: "1/2"}}
        class_override: {coach: {stay_cap: 9000}}
        pay_grace: {min: 15}
        """

    private func said(_ text: String) -> [String] {
        TariffReader.read(text, file: "t.yaml").issues.map(\.text)
    }

    @Test func `a good tariff is read whole`() throws {
        let (tariff, issues) = TariffReader.read(Self.good, file: "t.yaml")
        #expect(issues.map(\.text) == [])
        let read = try #require(tariff)
        #expect(read.version == 7 && read.zone == "Asia/Shanghai" && read.rules.clock == .elapsedFloor)
        #expect(read.rules.cycle.cap == Money(3000) && read.rules.payGrace?.minutes == 15)
        #expect(read.rules.multipliers["motorcycle"] == Fraction(1, over: 2))
        #expect(read.rulesOfClass["coach"]?.stayCap == Money(9000))
        #expect(read.rulesOfClass["coach"]?.pricing == read.rules.pricing)
    }

    @Test(arguments: [
        (
            "pay_grace: {min: 15}", "pay_grace: {min: 15, free: true}",
            "error: pay_grace.free: unknown key"
        ),
        (
            "to: \"21:00\"", "to: \"21:30\"",
            "9:3: error: bands[1]: found \"NIGHT\"; this band and DAY are in force at the same time on a Monday"
        ),
        ("to: \"21:00\"", "to: \"07:00\"", "a band from a time to the same time"),
        (
            "{upto_min: 60, unit_min: 60, price: 500}", "{unit_min: 60, price: 500}",
            "only the last step is without upto_min"
        ),
        (
            "{unit_min: 60, price: 200}", "{upto_min: 30, unit_min: 60, price: 200}",
            "the last step must be without upto_min"
        ),
        ("price: 200", "price: -200", "use a whole number from 0 to 1000000000"),
        ("price: 200", "price: 2.00", "use a whole number from 0 to 1000000000"),
        ("mult: \"2\"", "mult: \"2/0\"", "use a ratio"),
        ("currency: CNY", "currency: yuan", "use the three capital letters of ISO 4217"),
        ("kind: natural_day", "kind: natural", "use none, rolling or natural_day"),
        ("scope: stay", "scope: stay, per_night: 5", "unknown key"),
        (
            "clock: elapsed_floor", "overnight_extra: 500",
            "UNSUPPORTED_CONSTRUCT: the form GTF-1 cannot express an extra amount for each night"
        ),
        (
            "clock: elapsed_floor", "calendar: {holidays: [easter]}",
            "UNSUPPORTED_CONSTRUCT: days by a formula"
        ),
        ("clock: elapsed_floor", "rate: {kind: free}", "rate and bands exclude each other"),
        ("per: band, price: 500", "per: band", "missing; an amount in minor units"),
        ("stay_cap: 9000", "tz: UTC", "this belongs to the whole tariff"),
        ("stay_cap: 9000", "stay_cap: nine", "class_override.coach.stay_cap: found \"nine\""),
    ]) func `each mistake is named`(_ right: String, _ wrong: String, _ message: String) {
        let lines = said(Self.good.replacing(right, with: wrong))
        #expect(lines.contains { $0.contains(message) }, "\(lines)")
        #expect(lines.contains { $0.contains(": error: ") })
    }

    @Test func `a table falls nowhere and goes with no bands`() {
        let table = "{kind: table, table: [{upto_min: 60, total: 300}, {total: 200}]}"
        let lines = said("{id: a, currency: CNY, tz: UTC, rate: \(table)}")
        #expect(
            lines.contains {
                $0.contains("a longer time must not cost less; found \"200 after 300\"")
                    || $0.contains("found \"200 after 300\"; a longer time must not cost less")
            })
        let inBand = said(
            "{id: a, currency: CNY, tz: UTC, bands: [{name: A, from: '00:00', to: '24:00', rate: \(table)}]}")
        #expect(inBand.contains { $0.contains("does not go with bands") })
    }

    @Test func `bands may share an hour only where no day has both`() {
        func bands(_ a: String, _ b: String) -> [String] {
            said(
                """
                {id: a, currency: CNY, tz: UTC, calendar: {holidays: ['2026-10-01']}, bands: [
                {name: A, from: '08:00', to: '20:00', days: [\(a)], rate: {kind: free}},
                {name: B, from: '10:00', to: '12:00', days: [\(b)], rate: {kind: free}}]}
                """)
        }
        #expect(bands("workday", "weekend") == [])
        #expect(bands("workday", "holiday") == [])
        #expect(bands("workday", "'2026-10-01'") == [], "a holiday by the calendar")
        #expect(bands("workday", "'2026-10-02'") != [], "a Friday")
        #expect(bands("mon", "weekend") == [])
        #expect(bands("sat", "workday") != [], "a Saturday may be worked")
    }

    /// Every end and a change of every byte: a tariff or an error. A tariff that comes of it has a price or says why not.
    @Test func `no damage of a file traps, nor what is left of it`() {
        let bytes = Array(Self.good.utf8)
        var tariffs = 0
        func read(_ bytes: some Collection<UInt8>) {
            let (tariff, issues) = TariffReader.read(
                String(decoding: Array(bytes), as: UTF8.self), file: "t")
            #expect((tariff == nil) == issues.hasErrors)
            guard let tariff else { return }
            tariffs += 1
            for length in [0, 1, 3_601, 400_000] as [Int64] {
                let facts = StayFacts(entry: 1_777_996_800, exit: 1_777_996_800 + length)
                guard let charge = try? tariff.price(facts, in: .utc) else { continue }
                let sum = charge.lines.reduce(Int64(0)) { $0 &+ $1.amount.minorUnits }
                #expect(charge.due == nil || charge.due == Money(sum))
            }
        }
        for length in 0...bytes.count { read(bytes[..<length]) }
        let others = [UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "}"), 0, 0xFF]
        for (index, byte) in bytes.enumerated() {
            for change in [byte ^ 1, others[index % others.count]] {
                var damaged = bytes
                damaged[index] = change
                read(damaged)
            }
        }
        #expect(tariffs > 100, "most damage of a digit leaves a tariff")
    }
}
