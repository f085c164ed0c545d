// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What holds for any stay under any of these tariffs (`tariffs.md` §4.5).
@Suite struct PricingPropertyTests {
    private static let shanghai = ZoneRules(name: "Asia/Shanghai", initialOffset: 8 * 3600)
    /// 2026-05-06, a Wednesday, 00:00 there.
    private static let midnight: Int64 = 1_777_996_800

    private static func steps(_ rounding: StepRate.Rounding = .ceiling) -> Rate {
        var rate = StepRate(steps: [
            Step(uptoMinutes: 60, unitMinutes: 60, price: Money(500)),
            Step(unitMinutes: 45, price: Money(170)),
        ])
        rate.rounding = rounding
        return .steps(rate)
    }

    private static let tariffs: [Tariff] = {
        var plain = TariffRules()
        plain.pricing = .one(steps())
        plain.free = FreeMinutes(minutes: 30)
        var capped = plain
        capped.cycle.kind = .rolling
        capped.cycle.cap = Money(2000)
        capped.stayCap = Money(7000)
        var daily = capped
        daily.cycle.kind = .naturalDay
        daily.stepsAnchor = .cycle
        var banded = TariffRules()
        banded.pricing = .bands([
            Band(name: "DAY", span: DaySpan(fromMinute: 420, toMinute: 1260)!, rate: steps(.floor)),
            Band(
                name: "NIGHT", span: DaySpan(fromMinute: 1260, toMinute: 420)!,
                rate: .visit(Money(500), per: .band), cap: Money(400)),
        ])
        banded.rounding.to = 100
        banded.rounding.mode = .up
        return [plain, capped, daily, banded].enumerated().map {
            Tariff(id: "t\($0)", version: 1, currency: "CNY", zone: "Asia/Shanghai", rules: $1)
        }
    }()

    private func price(_ tariff: Tariff, _ entry: Int64, _ exit: Int64) throws -> Charge {
        try tariff.price(StayFacts(entry: entry, exit: exit), in: Self.shanghai)
    }

    @Test(arguments: tariffs.indices) func `P1 a longer stay never costs less`(_ index: Int) throws {
        var last = Money.zero
        for minutes in stride(from: Int64(0), to: 4 * 1440, by: 7) {
            let entry = Self.midnight + 17 * 60
            let charge = try price(Self.tariffs[index], entry, entry + minutes * 60 + minutes % 60)
            let fee = try #require(charge.fee)
            #expect(fee >= last, "\(minutes) min")
            last = fee
        }
    }

    @Test(arguments: tariffs.indices) func `P4 caps hold, P5 lines add up, P7 a day later costs the same`(
        _ index: Int
    ) throws {
        let tariff = Self.tariffs[index]
        for hours in 1...60 as ClosedRange<Int64> {
            let entry = Self.midnight + hours * 1000
            let charge = try price(tariff, entry, entry + hours * 3600)
            #expect(charge.lines.reduce(Int64(0)) { $0 + $1.amount.minorUnits } == charge.due?.minorUnits)
            if let cap = tariff.rules.stayCap { #expect(try #require(charge.gross) <= cap) }
            if tariff.rules.cycle.kind == .rolling {
                #expect(try #require(charge.gross) <= Money(2000 * ((hours + 23) / 24)))
            }
            let later = try price(tariff, entry + 86_400, entry + hours * 3600 + 86_400)
            #expect(later.fee == charge.fee)
        }
    }

    @Test func `P3 with natural days it is additive at midnight`() throws {
        var rules = TariffRules()
        rules.pricing = .one(Self.steps())
        rules.cycle.kind = .naturalDay
        rules.cycle.cap = Money(1500)
        rules.stepsAnchor = .cycle
        let tariff = Tariff(id: "n", version: 1, currency: "CNY", zone: "Asia/Shanghai", rules: rules)
        for entry in stride(from: Self.midnight + 1, to: Self.midnight + 86_400, by: 4999) {
            let exit = Self.midnight + 86_400 + (entry - Self.midnight) / 2
            let whole = try price(tariff, entry, exit).fee
            let first = try #require(try price(tariff, entry, Self.midnight + 86_400).fee)
            let second = try #require(try price(tariff, Self.midnight + 86_400, exit).fee)
            #expect(whole == (try first + second))
        }
    }

    @Test func `what does not fit is said and traps nothing`() throws {
        var rules = TariffRules()
        rules.pricing = .one(.steps(StepRate(steps: [Step(unitMinutes: 1, price: Money(.max / 2))])))
        let tariff = Tariff(id: "x", version: 1, currency: "CNY", zone: "UTC", rules: rules)
        #expect(throws: PricingFault.overflow) { try tariff.price(StayFacts(entry: 0, exit: 600), in: .utc) }
        #expect(throws: PricingFault.stayTooLong) {
            try tariff.price(StayFacts(entry: 0, exit: 4000 * 86_400), in: .utc)
        }
        for extreme in [Int64.min, .max, .min + 1, 1 << 60] {
            #expect(throws: PricingFault.timeOutOfRange) {
                try tariff.price(StayFacts(entry: extreme, exit: 0), in: .utc)
            }
            #expect(throws: PricingFault.timeOutOfRange) {
                try tariff.price(StayFacts(entry: 0, exit: extreme), in: .utc)
            }
        }
    }

    @Test func `parts are rounded half up, once`() throws {
        let half = try #require(Fraction(1, over: 2))
        #expect(try half.of(Money(5)) == Money(3))
        #expect(try half.of(Money(-5)) == Money(-2))
        #expect(try #require(Fraction(1, over: 3)).of(Money(100)) == Money(33))
        #expect(try #require(Fraction(2, over: 3)).of(Money(100)) == Money(67))
        #expect(throws: MoneyOverflow.self) { try #require(Fraction(100)).of(Money(.max / 2)) }
        #expect(Fraction(1, over: 0) == nil && Fraction(-1) == nil)
    }
}
