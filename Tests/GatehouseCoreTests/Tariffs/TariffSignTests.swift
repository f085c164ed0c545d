// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// The board at the gate says what the bill reckons with.
@Suite struct TariffSignTests {
    /// Everything that the lines below may change has something to change from.
    private static let rules: TariffRules = {
        var rules = TariffRules()
        rules.pricing = .one(
            .steps(
                StepRate(steps: [
                    Step(uptoMinutes: 60, unitMinutes: 60, price: Money(500)),
                    Step(unitMinutes: 60, price: Money(200)),
                ])))
        rules.free = FreeMinutes(minutes: 30)
        rules.cycle.kind = .naturalDay
        rules.cycle.cap = Money(2000)
        rules.stayCap = Money(5000)
        rules.specials = [Special(id: "e1", price: Money(3))]
        rules.discounts = [Discount(id: "nev", when: VehicleMatch(), kind: .minutes(120, .head))]
        rules.rounding.to = 10
        rules.payGrace = PayGrace(minutes: 15)
        rules.segments = .continue
        rules.reentryWithinMinutes = 60
        return rules
    }()

    private static func sign(_ rules: TariffRules, large: TariffRules? = nil) -> [BilingualText] {
        var ofClass = Table<String, TariffRules>()
        ofClass["large"] = large
        return TariffSign(
            Tariff(
                id: "a", version: 1, currency: "CNY", zone: "UTC", rules: rules, rulesOfClass: ofClass)
        ).lines(contact: nil)
    }

    private struct Change: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var make: @Sendable (inout TariffRules) -> Void

        init(_ name: String, _ make: @escaping @Sendable (inout TariffRules) -> Void) {
            testDescription = name
            self.make = make
        }
    }

    private static let changes = [
        Change("no free time") { $0.free = nil },
        Change("free time of nothing") { $0.free?.minutes = 0 },
        Change("less free time") { $0.free?.minutes = 5 },
        Change("a price") { $0.pricing = .one(.visit(Money(800), per: .stay)) },
        Change("first hour of each day") { $0.stepsAnchor = .cycle },
        Change("units over midnight") { $0.cycle.edge = .unitStart },
        Change("no cap of the day") { $0.cycle.cap = nil },
        Change("no period") { $0.cycle = PriceCycle() },
        Change("no cap of the stay") { $0.stayCap = nil },
        Change("no special") { $0.specials = [] },
        Change("the first special") { $0.choose = .firstMatch },
        Change("no discount") { $0.discounts = [] },
        Change("how minutes are taken") {
            $0.discounts = [Discount(id: "nev", when: VehicleMatch(), kind: .minutes(120, .feeOfHead))]
        },
        Change("no rounding") { $0.rounding = FeeRounding() },
        Change("rounding to more") { $0.rounding.to = 100 },
        Change("half up") { $0.rounding.mode = .halfUp },
        Change("up") { $0.rounding.mode = .up },
        Change("the clock") { $0.clock = .elapsedCeiling },
        Change("no grace") { $0.payGrace = nil },
        Change("what follows grace") { $0.payGrace?.overtime = .newFromPayment },
        Change("portions by themselves") { $0.segments = .independent },
        Change("no re-entry") { $0.reentryWithinMinutes = nil },
    ]

    @Test(arguments: changes)
    private func `each term that people are billed by is on the sign, and beside the class that has another`(
        _ change: Change
    ) {
        var changed = Self.rules
        change.make(&changed)
        #expect(Self.sign(changed) != Self.sign(Self.rules))
        let own = Self.sign(Self.rules, large: changed).filter { $0.chinese.hasPrefix("大型车: ") }
        #expect(!own.isEmpty)
        #expect(own.allSatisfy { $0.english.hasPrefix("large: ") })
    }

    @Test func `a class is told only what differs`() {
        var large = Self.rules
        large.free = FreeMinutes(minutes: 5)
        let own = Self.sign(Self.rules, large: large).filter { $0.chinese.hasPrefix("大型车: ") }
        #expect(
            own == [
                BilingualText(
                    "大型车: 每次5分钟(含)以内免费;超过的,自进场起计费",
                    "large: free up to 5 min (inclusive); beyond it the whole time is charged")
            ])
        large.free = nil
        #expect(
            Self.sign(Self.rules, large: large).contains(BilingualText("大型车: 无免费时间", "large: no free time")))
        large = Self.rules
        large.calendar = TariffCalendar(holidays: [CivilDate(daysSince1970: 0)])
        large.permit.graceDays = 3
        large.coupons.stack = .bestOne
        #expect(
            Self.sign(Self.rules, large: large).contains(
                BilingualText(
                    "大型车: 节假日、月租车、优惠券另有规定", "large: holidays, permits, coupons by rules of their own")))
    }

    /// A class with a ratio and keys of its own pays both at once; its line shows the amounts that come of it.
    @Test func `the prices of a class are those on its bill`() {
        var rules = Self.rules
        rules.multipliers["large"] = Fraction(2, over: 1)
        var large = rules
        large.stayCap = Money(4000)
        let lines = Self.sign(rules, large: large)
        #expect(lines.contains { $0.chinese == "大型车: 单次停车最高80.00元" })
        #expect(lines.contains { $0.chinese.hasPrefix("大型车: 前60分钟每60分钟10.00元") })
        #expect(!lines.contains { $0.chinese.contains("各项价格与封顶的") })
        #expect(Self.sign(rules).contains { $0.chinese == "大型车: 各项价格与封顶的2倍" })
    }

    @Test func `what a stay without an entry costs is shown where it has a price`() {
        func line(_ charge: NoEntryCharge) -> String? {
            var rules = Self.rules
            rules.noEntry = charge
            return Self.sign(rules).first { $0.chinese.hasPrefix("无入场记录的") }?.english
        }
        #expect(line(.manual) == nil)
        #expect(line(.fixed(Money(1000))) == "without a record of the entry: CNY 10.00")
        #expect(line(.firstStep) == "without a record of the entry: CNY 5.00")
        #expect(line(.cycleCap) == "without a record of the entry: CNY 20.00")
    }

    @Test func `the first hour of each band is shown where there are bands`() throws {
        var rules = Self.rules
        guard case .one(let rate) = rules.pricing else { return }
        let span = try #require(DaySpan(fromMinute: 0, toMinute: 1440))
        rules.pricing = .bands([Band(name: "ALL", span: span, rate: rate)])
        let once = Self.sign(rules)
        rules.stepsAnchor = .band
        #expect(Self.sign(rules) != once)
        #expect(Self.sign(rules).contains { $0.chinese == "首段时间每个时段重新计算" })
    }

    @Test func `a special without bounds has no empty brackets`() {
        #expect(Self.sign(Self.rules).contains(BilingualText("一口价 e1 0.03元", "flat price e1, CNY 0.03")))
    }

    @Test func `rounding up is not called dropping the odd amount`() {
        let words = ChargeWords(currency: "CNY", zone: .utc)
        #expect(words.text(.rounding(Money(90))) == BilingualText("进位 0.90元", "rounded up: CNY 0.90"))
        #expect(words.text(.rounding(Money(-10))) == BilingualText("抹零 -0.10元", "rounding: CNY -0.10"))
    }
}
