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

    @Test(arguments: ["rate:", "rate: null", "rate: ~", "bands:", "rate: null\nbands:"])
    func `a price that is left empty is no free car park`(_ price: String) {
        let (tariff, issues) = TariffReader.read(
            "id: a\ncurrency: CNY\ntz: UTC\n\(price)\n", file: "t.yaml")
        #expect(tariff == nil)
        #expect(issues.count == 1 && issues.first?.line == 4, "\(issues.map(\.text))")
        #expect(issues.first?.message.hasPrefix("nothing stands here; a rate, or bands") == true)
    }

    @Test func `a class does not lose its price by an empty one`() {
        let lines = said(Self.good.replacing("stay_cap: 9000", with: "rate: null"))
        #expect(lines.contains { $0.contains("class_override.coach.rate: nothing stands here") }, "\(lines)")
    }

    @Test func `what a tariff lacks is not said again for each class`() {
        let lines = said("id: a\ncurrency: CNY\ntz: UTC\nfre: 1\nclass_override: {b: {stay_cap: 1}}\n")
        #expect(lines.count == 2, "\(lines)")
    }

    @Test func `a time zone that does not exist is said where it stands`() throws {
        let path = try TemporaryText.write("id: a\ncurrency: CNY\ntz: Asia/Shanghia\nrate: {kind: free}\n")
        let loaded = TariffReader.load(path: path)
        #expect(loaded.tariff == nil)
        #expect(
            loaded.issues.map(\.text) == [
                "\(path):3:5: error: tz: found \"Asia/Shanghia\"; no such time zone on this machine; "
                    + "did you mean Asia/Shanghai?"
            ])
        let good = try TemporaryText.write("id: a\ncurrency: CNY\ntz: Asia/Shanghai\nrate: {kind: free}\n")
        #expect(
            TariffReader.load(path: good).tariff?.zone == (try ZoneRulesLoader.load(name: "Asia/Shanghai")))
    }

    // MARK: Limits

    private func bands(_ count: Int, dates: Int) -> [String] {
        let first = CivilDate(daysSince1970: 20_000)
        let days = (0..<dates).map { "\"\(first.advanced(by: $0).text)\"" }
        let bands = (0..<count).map { number in
            let own = stride(from: number, to: dates, by: count).map { days[$0] }.joined(separator: ", ")
            return "- {name: B\(number), from: \"08:00\", to: \"20:00\", days: [\(own)], rate: {kind: free}}"
        }
        return said("id: a\ncurrency: CNY\ntz: UTC\nbands:\n" + bands.joined(separator: "\n"))
    }

    @Test(.timeLimit(.minutes(1))) func `a tariff of the greatest size is judged at once`() {
        #expect(bands(64, dates: 400) == [])
    }

    @Test func `more than that is refused by its limit`() {
        #expect(bands(65, dates: 65) == ["t.yaml:5:1: error: bands: 65 bands, the limit is 64"])
        #expect(
            bands(64, dates: 401) == [
                "t.yaml:5:1: error: bands: 401 dates in the days of all bands, the limit is 400; "
                    + "name them holidays in the calendar, and use holiday"
            ])
        let classes = (0..<65).map { "c\($0): {stay_cap: 1}" }.joined(separator: ", ")
        let lines = said(Self.good.replacing("coach: {stay_cap: 9000}", with: classes))
        #expect(lines.count == 1 && lines.first?.hasSuffix("65 classes, the limit is 64") == true, "\(lines)")
    }

    /// Each list is within its limit; read again for each class they would take a minute.
    @Test(.timeLimit(.minutes(1)), arguments: ["\"2026-01-01\"", "mno"])
    func `what is wrong in many bands is read once, and not again for each class`(_ day: String) {
        let bands = (0..<64).map { number in
            let days = (0..<400).map { day == "mno" ? "mn\($0)" : "\"\(2000 + $0)-01-01\"" }
            let times = [number, number + 1].map { "\"\($0 < 60 ? "0" : "")\($0 / 6):\($0 % 6)0\"" }
            return "- {name: B\(number), from: \(times[0]), to: \(times[1]), rate: {kind: free},"
                + " days: [\(days.joined(separator: ", "))]}\n"
        }
        let own = (0..<64).map { "c\($0): {stay_cap: \($0 == 63 ? "nine" : "1"), calendar: {}}" }
        let classes = own.joined(separator: ", ")
        let issues = TariffReader.read(
            "id: a\ncurrency: CNY\ntz: UTC\nbands:\n\(bands.joined())class_override: {\(classes)}\n",
            file: "t.yaml"
        ).issues
        #expect(issues.count == (day == "mno" ? 64 * 400 : 1) + 1)
        #expect(issues.last?.path == "class_override.c63.stay_cap")
    }

    @Test func `a day that is named twice is said once`() {
        for day in ["workday", "mon", "\"2026-10-01\"", "mno"] {
            let days = Array(repeating: day, count: 400).joined(separator: ", ")
            let lines = said(
                Self.good.replacing(
                    "days: [workday], rate: {kind: visit", with: "days: [\(days)], rate: {kind: visit"))
            #expect(lines.count { $0.contains("named twice in one list") } == 1, "\(lines)")
            #expect(lines.count == (day == "mno" ? 2 : 1), "\(lines)")
        }
    }

    @Test func `a class has its own keys whole, and the tariff's for the rest`() throws {
        let own = "{free: null, stay_cap: 1, cycle: ~, calendar: {holidays: [2026-10-01]}}"
        let (tariff, issues) = TariffReader.read(
            Self.good.replacing("{stay_cap: 9000}", with: own), file: "t.yaml")
        #expect(issues.isEmpty, "\(issues.map(\.text))")
        let rules = try #require(tariff?.rules)
        var expected = rules
        expected.free = nil
        expected.stayCap = Money(1)
        expected.cycle = PriceCycle()
        expected.calendar.holidays = [try #require(CivilDate(text: "2026-10-01"))]
        #expect(rules.free != nil && rules.cycle.cap != nil)
        #expect(tariff?.rulesOfClass["coach"] == expected)
    }

    @Test func `a calendar of a class in which the tariff's bands overlap is refused where it stands`() {
        let bands =
            "bands: [{name: A, from: \"08:00\", to: \"20:00\", days: [holiday], rate: {kind: free}}, "
            + "{name: B, from: \"08:00\", to: \"20:00\", days: [\"2026-10-01\"], rate: {kind: free}}]"
        let lines = said(
            "id: a\ncurrency: CNY\ntz: UTC\n\(bands)\n"
                + "class_override: {c: {calendar: {holidays: [2026-10-01]}}}\n")
        #expect(lines.count == 1, "\(lines)")
        #expect(lines.first?.contains("class_override.c.calendar: with this the bands A and B") == true)
    }

    @Test(.timeLimit(.minutes(1))) func `a file of unknown keys is read in bounded time`() {
        let keys = (0..<20_000).map { "key\($0): 1\n" }.joined()
        let classes = "class_override: {a: {stay_cap: 1}, b: {stay_cap: 2}, c: {stay_cap: 3}}\n"
        let issues = TariffReader.read(keys + classes, file: "t.yaml").issues
        #expect(issues.count { $0.message == "unknown key" } == 20_000)
    }

    // MARK: Names and specials

    @Test(arguments: [
        ("name: DAY", "name: \"D\\eAY\"", "error: bands[0].name"),
        ("name: DAY", "name: \"D\\u202EAY\"", "bands[0].name"),
        ("large:", "\"lar\\age\":", "error: classes: found"),
        ("coach:", "\"co\\nach\":", "error: class_override: found"),
    ]) func `names are text that can be printed`(_ right: String, _ wrong: String, _ message: String) {
        let lines = said(Self.good.replacing(right, with: wrong))
        #expect(
            lines.contains { $0.contains(message) && $0.contains("can be printed, in one line") }, "\(lines)")
    }

    @Test(arguments: [
        (
            "{id: e, price: 1, entry_from: \"10:00\", entry_by: \"09:00\"}",
            "before entry_from: this fits nobody"
        ),
        ("{id: e, price: 1, exit_from: \"10:00\", exit_by: \"09:00\"}", "before exit_from: this fits nobody"),
        ("{id: e, price: 1}, {id: e, price: 2}", "another special has this id"),
    ]) func `a special fits somebody and has a name of its own`(_ specials: String, _ message: String) {
        let lines = said("\(Self.good)\nspecials: [\(specials)]\n")
        #expect(lines.count == 1 && lines.first?.contains(message) == true, "\(lines)")
        #expect(
            said("\(Self.good)\nspecials: [{id: e, price: 1, entry_from: \"09:00\", entry_by: \"09:00\"}]\n")
                == [])
    }

    @Test func `an amount without an entry that cannot be told is warned of`() {
        let lines = said("\(Self.good)\nno_entry: {mode: first_step}\n")
        #expect(lines.count == 1 && lines.first?.contains(": warning: no_entry: ") == true, "\(lines)")
        #expect(said("\(Self.good)\nno_entry: {mode: cycle_cap}\n") == [])
        let own = said(Self.good.replacing("stay_cap: 9000", with: "no_entry: {mode: manual}"))
        #expect(own.count == 1 && own.first?.contains("this has no effect") == true, "\(own)")
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
