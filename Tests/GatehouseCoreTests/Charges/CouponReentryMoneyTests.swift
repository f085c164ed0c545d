// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What coupons cost whom where a stay goes on with the one before, where it goes on beyond its payment, and where the plate
/// was another's. Two yuan each begun half hour after half an hour that is free.
struct CouponReentryMoneyTests {
    private typealias Bench = ChargeBench

    private static let plate = Bench.plate.plate ?? Plate(packed: 0)
    private let day: Int64 = 86_400

    /// Three yuan for the stay, whoever comes back within an hour goes on with it.
    private static var hotel: TariffEdition {
        var rules = TariffRules()
        rules.pricing = .one(.visit(Money(300), per: .stay))
        rules.reentryWithinMinutes = 60
        let tariff = Tariff(id: "hotel", version: 1, currency: "CNY", zone: "Asia/Shanghai", rules: rules)
        return TariffEdition(
            from: .min, tariff: tariff, zone: Bench.zone, text: "text of hotel", hash: "hash of hotel")
    }

    private func bench(
        hotel: TariffEdition = hotel, _ change: (inout TariffRules) -> Void
    ) -> Bench {
        let own = Bench.edition(change)
        return Bench {
            $0 = PricingPlan(editions: [own])
            $0.coupons.merchants = Table([("inn", "旅馆")])
            $0.coupons.tariffs = [hotel]
        }
    }

    private func order(
        _ kind: Coupon.Kind, id: String = "k1", from: Int64? = nil, until: Int64? = nil,
        to target: PaymentTarget = .plate(plate)
    ) -> MoneyOrder {
        .grantCoupon(
            CouponOrder(
                id: id, kind: kind, validFrom: from, validTo: until, merchant: "inn", target: target))
    }

    /// 40 minutes, and 5 away.
    private func comesAndGoes(_ bench: inout Bench) throws {
        let stay = try bench.enters()
        bench.bench.advance(.seconds(2_400))
        bench.record([.closed(stay, .closed, bench.exit(), flags: [], nil)])
        bench.bench.advance(.seconds(300))
    }

    // MARK: Back soon

    /// 95 minutes are the merchant's 8 yuan. An hour more, of which it bears the first minute: what it bore pays for the
    /// time that it bore, and for no other.
    @Test func `time that was free pays for no time that is not`() throws {
        var bench = bench { $0.reentryWithinMinutes = 60 }
        let now = bench.bench.now.wall.second
        bench.money(order(.period, from: now - day, until: now + 700))
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        bench.leaves()
        #expect(bench.balance("assets.merchant.inn") == 800)
        bench.bench.advance(.seconds(600))
        let stay = try bench.enters()
        bench.bench.advance(.seconds(3_600))
        bench.money(.quote(.stay(stay)))
        #expect(try bench.quotedDue() == 400)
    }

    /// 4 yuan charged; with the second visit 6, of which the hotel's tariff takes the 2 that are left; with the third 10.
    @Test func `what a tariff took off a stay that went on is not charged by the next`() throws {
        var bench = bench { $0.reentryWithinMinutes = 60 }
        try comesAndGoes(&bench)
        bench.money(order(.tariff("hotel")))
        try comesAndGoes(&bench)
        #expect(bench.balance("assets.merchant.inn") == 200)
        let stay = try bench.enters()
        bench.bench.advance(.seconds(2_400))
        bench.money(.quote(.stay(stay)))
        #expect(try bench.quotedDue() == 400)
    }

    /// 4 yuan charged, 6 with the second visit: 2 are left that the merchant can bear.
    @Test(arguments: [Coupon.Kind.full, .amount(Money(600)), .percent(100)])
    func `a merchant does not bear what was charged before`(_ kind: Coupon.Kind) throws {
        var bench = bench { $0.reentryWithinMinutes = 60 }
        try comesAndGoes(&bench)
        bench.money(order(kind))
        try comesAndGoes(&bench)
        #expect(bench.count("couponConsumed") == 1)
        #expect(bench.balance("assets.merchant.inn") == 200)
    }

    // MARK: Beyond the payment

    /// Paid at 95 minutes. Half an hour later somebody gives free time, and after another hour there is that half hour to pay.
    @Test func `time that is free is free also after a payment`() throws {
        var bench = bench { $0.payGrace?.overtime = .newFromPayment }
        let stay = try bench.inside(minutes: 95)
        _ = bench.pays(800, lane: nil, stay: stay)
        bench.bench.advance(.seconds(1_800))
        bench.money(order(.period, until: bench.bench.now.wall.second + day, to: .stay(stay)))
        bench.bench.advance(.seconds(3_600))
        bench.money(.quote(.stay(stay)))
        #expect(try bench.quotedDue() == 200)
    }

    /// 8 yuan for what an old quote said: with an hour that is free two too much, without it two too little. What comes
    /// back to the driver is none of what the merchant bears.
    @Test func `what was paid too much changes nothing of what a merchant bears`() throws {
        var bench = bench { _ in }
        let stay = try bench.inside(minutes: 30)
        let now = bench.bench.now.wall.second
        bench.money(order(.period, from: now - day, until: now + 1_800, to: .stay(stay)))
        bench.bench.advance(.seconds(95 * 60))
        _ = bench.pays(800, lane: nil, stay: stay)
        bench.arrives()
        bench.leaves()
        #expect(bench.balance("assets.merchant.inn") == 400)
    }

    // MARK: How many

    @Test func `the site says how many stand together also where a class has rules of its own`() throws {
        var hotel = Self.hotel
        hotel.tariff.rulesOfClass["small"] = hotel.tariff.rules
        var bench = bench(hotel: hotel) { $0.coupons.stack = .onePerKind }
        let stay = try bench.inside(minutes: 95)
        bench.money(order(.tariff("hotel")))
        bench.money(order(.amount(Money(100)), id: "k2"))
        bench.money(order(.amount(Money(200)), id: "k3"))
        bench.money(.quote(.stay(stay)))
        #expect(try bench.last("chargeQuoted").strings("coupons") == ["k1", "k3"])
    }

    // MARK: The plate was another's

    /// A month for one plate, while another vehicle is inside that was read so.
    @Test func `what was given to a plate stays that plate's`() throws {
        var bench = bench { _ in }
        let stay = try bench.inside(minutes: 95)
        let now = bench.bench.now.wall.second
        bench.money(order(.period, from: now, until: now + 30 * day))
        let right = PlateGrammar.parse("沪B12345", color: .blue)
        bench.repairs(.correct(stay, right, StayHolder(.temporary)))
        #expect(bench.book.coupons.held["k1"]?.grant.plate == Self.plate)
    }
}
