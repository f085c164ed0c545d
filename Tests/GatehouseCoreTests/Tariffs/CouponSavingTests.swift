// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What each coupon took off, on the worked cases with coupons (ex-21) and where minutes of the tariff and of coupons meet.
struct CouponSavingTests {
    /// 2026-05-06T08:00+08:00.
    private static let morning: Int64 = 1_778_025_600
    private static let zone = ZoneRules(name: "Asia/Shanghai", initialOffset: 28_800)

    /// 5 yuan for the first hour, 2 for each further one.
    private func rules(_ change: (inout TariffRules) -> Void = { _ in }) -> TariffRules {
        var rules = TariffRules()
        rules.free = FreeMinutes(minutes: 30)
        rules.pricing = .one(
            .steps(
                StepRate(steps: [
                    Step(uptoMinutes: 60, unitMinutes: 60, price: Money(500)),
                    Step(unitMinutes: 60, price: Money(200)),
                ])))
        change(&rules)
        return rules
    }

    private func price(
        _ rules: TariffRules, minutes: Int64 = 195, _ coupons: [Coupon], _ energy: VehicleEnergy? = nil
    ) throws -> Charge {
        let tariff = Tariff(
            id: "site-a", version: 1, currency: "CNY", zone: "Asia/Shanghai", rules: rules)
        var facts = StayFacts(entry: Self.morning, exit: Self.morning + minutes * 60)
        facts.coupons = coupons
        facts.vehicle.energy = energy
        return try tariff.price(facts, in: Self.zone)
    }

    private let three = [
        Coupon(id: "m60", kind: .minutes(60)), Coupon(id: "p20", kind: .percent(20)),
        Coupon(id: "a3", kind: .amount(Money(300))),
    ]

    private func savings(_ charge: Charge) -> [String: Int64] {
        Dictionary(uniqueKeysWithValues: charge.coupons.map { ($0.coupon, $0.amount.minorUnits) })
    }

    @Test func `three stacked coupons took what their lines say`() throws {
        let rules = rules {
            $0.rounding.to = 100
            $0.rounding.mode = .down
        }
        let charge = try price(rules, three)
        #expect(charge.fee == Money(400))
        #expect(savings(charge) == ["m60": 200, "p20": 180, "a3": 300])
    }

    @Test func `the order of the tariff is theirs too`() throws {
        let charge = try price(rules { $0.coupons.isPercentFirst = false }, three)
        #expect(charge.fee == Money(480))
        #expect(savings(charge) == ["m60": 200, "a3": 300, "p20": 120])
    }

    @Test func `of coupons that do not stack one took something`() throws {
        let charge = try price(rules { $0.coupons.stack = .bestOne }, three)
        #expect(charge.fee == Money(800))
        #expect(savings(charge) == ["a3": 300])
    }

    @Test func `a coupon above the rest took the rest, and one that finds nothing took nothing`() throws {
        let all = try price(rules(), [Coupon(id: "a20", kind: .amount(Money(2000)))])
        #expect(savings(all) == ["a20": 1100])
        let two = try price(
            rules(),
            [Coupon(id: "a20", kind: .amount(Money(2000))), Coupon(id: "b", kind: .amount(Money(100)))])
        #expect(savings(two) == ["a20": 1100])
        #expect(savings(try price(rules(), minutes: 20, three)) == [:])
    }

    @Test func `everything off is one coupon's, and the others stay`() throws {
        let charge = try price(rules(), three + [Coupon(id: "f", kind: .full)])
        #expect(savings(charge) == ["f": 1100])
    }

    /// 2 h of the tariff alone leave 1 h 15 min, 7 yuan; with one more hour 15 min are left, 5 yuan.
    @Test func `what the tariff's minutes save is no coupon's`() throws {
        let rules = rules {
            var electric = VehicleMatch()
            electric.energy = .newEnergy
            $0.discounts = [Discount(id: "nev", when: electric, kind: .minutes(120, .head))]
        }
        let charge = try price(rules, [Coupon(id: "m60", kind: .minutes(60))], .newEnergy)
        #expect(charge.lines.contains(.minutesOff(180, Money(-600))))
        #expect(savings(charge) == ["m60": 200])
    }

    @Test func `two coupons share what their minutes save, to the last fen`() throws {
        let charge = try price(
            rules(), [Coupon(id: "a", kind: .minutes(20)), Coupon(id: "b", kind: .minutes(100))])
        // 75 minutes are left: 7 yuan of 11.
        #expect(charge.lines.contains(.minutesOff(120, Money(-400))))
        #expect(savings(charge) == ["a": 67, "b": 333])
    }

    @Test func `shares of the largest amounts add up and never trap`() throws {
        let rules = rules {
            $0.pricing = .one(.steps(StepRate(steps: [Step(unitMinutes: 200, price: Money(.max - 1))])))
        }
        let charge = try price(
            rules, [Coupon(id: "a", kind: .minutes(525_600)), Coupon(id: "b", kind: .minutes(525_599))])
        #expect(charge.coupons.reduce(0) { $0 + $1.amount.minorUnits } == .max - 1)
    }
}
