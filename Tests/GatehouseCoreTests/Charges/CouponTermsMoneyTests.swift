// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What coupons of another tariff, or free for a while, cost whom over payments, corrections and further stays. Two yuan each
/// begun half hour after half an hour that is free; a night at the hotel is a flat price.
struct CouponTermsMoneyTests {
    private typealias Bench = ChargeBench

    private static let plate = Bench.plate.plate ?? Plate(packed: 0)
    private let day: Int64 = 86_400

    private static func hotel(_ price: Int64) -> TariffEdition {
        var rules = TariffRules()
        rules.pricing = .one(.visit(Money(price), per: .stay))
        rules.payGrace = PayGrace(minutes: 15)
        let tariff = Tariff(id: "hotel", version: 1, currency: "CNY", zone: "Asia/Shanghai", rules: rules)
        return TariffEdition(
            from: .min, tariff: tariff, zone: Bench.zone, text: "text of hotel", hash: "hash of hotel")
    }

    private static func pricing(_ tariffs: [TariffEdition], _ own: TariffEdition) -> PricingPlan {
        var pricing = PricingPlan(editions: [own])
        pricing.coupons.merchants = Table([("tea", "茶馆"), ("inn", "旅馆")])
        pricing.coupons.tariffs = tariffs
        return pricing
    }

    private func bench(
        _ tariffs: [TariffEdition] = [hotel(300)], _ change: (inout TariffRules) -> Void = { _ in }
    ) -> Bench {
        let own = Bench.edition(change)
        return Bench { $0 = Self.pricing(tariffs, own) }
    }

    private func order(
        _ kind: Coupon.Kind, id: String = "k1", merchant: String = "inn", from: Int64? = nil,
        until: Int64? = nil, to target: PaymentTarget = .plate(plate)
    ) -> MoneyOrder {
        .grantCoupon(
            CouponOrder(
                id: id, kind: kind, validFrom: from, validTo: until, merchant: merchant, target: target))
    }

    // MARK: Time to leave after paying

    /// Free from 08:00 to 08:30, in since 06:25. At 08:58 it has 95 minutes and 28 free ones: 8 yuan instead of the cap's
    /// 12. At 09:05 both come to the cap, so that the coupon makes no difference any more.
    @Test func `what was paid with time that is free stays enough while there is time to leave`() throws {
        var bench = bench {
            $0.cycle.kind = .rolling
            $0.cycle.cap = Money(1_200)
        }
        let stay = try bench.inside(minutes: 95)
        bench.money(order(.period, until: bench.bench.now.wall.second + 1_800))
        bench.bench.advance(.seconds(3_480))
        bench.money(.quote(.stay(stay)))
        #expect(try bench.quotedDue() == 800)
        _ = bench.pays(800, lane: nil, stay: stay)
        bench.bench.advance(.seconds(420))
        bench.arrives()
        #expect(try bench.quotedDue() == 0)
        #expect(bench.isOpened)
    }

    /// Paid after 115 minutes, which would be 8 yuan; ten minutes later nobody would be asked for more either.
    @Test func `a merchant bears nothing for the time to leave`() throws {
        var bench = bench()
        let stay = try bench.inside(minutes: 115)
        bench.money(order(.tariff("hotel")))
        bench.money(.quote(.stay(stay)))
        _ = bench.pays(300, lane: nil, stay: stay)
        bench.bench.advance(.seconds(600))
        bench.arrives()
        #expect(bench.isOpened)
        bench.leaves()
        #expect(bench.balance("assets.merchant.inn") == 500)
        #expect(bench.balance("income.common.temp_parking") == -800)
    }

    // MARK: Taken back, put right, left out

    @Test func `time that is free and is taken back stays free until then`() throws {
        var bench = bench()
        let stay = try bench.inside(minutes: 95)
        bench.money(order(.period, until: bench.bench.now.wall.second + day))
        bench.bench.advance(.seconds(3_595))
        bench.money(.quote(.stay(stay)))
        #expect(try bench.quotedDue() == 800)
        _ = bench.pays(800, lane: nil, stay: stay)
        // The quote has lapsed, the time to leave has not.
        bench.bench.advance(.seconds(400))
        #expect(!Bench.isRefused(bench.money(.revokeCoupon("k1", reason: "GOODWILL"))))
        #expect(Bench.isRefused(bench.money(.revokeCoupon("k1", reason: "GOODWILL"))))
        bench.arrives()
        #expect(bench.isOpened)
        bench.leaves()
        for memory in try bench.recovered() { #expect(memory.money == bench.book) }
        #expect(bench.balance("assets.merchant.inn") == 400)
        _ = try bench.inside(minutes: 95)
        bench.money(.quote(.plate(Self.plate)))
        #expect(try bench.quotedDue() == 800)
    }

    @Test func `a plate that is put right takes the time that is free with it`() throws {
        var bench = bench()
        let stay = try bench.inside(minutes: 95)
        let now = bench.bench.now.wall.second
        bench.money(order(.period, from: now - day, until: now + day, to: .stay(stay)))
        let right = PlateGrammar.parse("沪B12345", color: .blue)
        bench.repairs(.correct(stay, right, StayHolder(.temporary)))
        bench.arrives(right)
        bench.leaves()
        #expect(bench.count("couponConsumed") == 1)
        #expect(bench.book.coupons.held["k1"]?.grant.plate == right.plate)
    }

    // MARK: Back soon

    /// Both together are less than two hours: 8 yuan, which the first has been borne for.
    @Test func `whoever is free and comes back soon is not borne twice`() throws {
        var bench = bench { $0.reentryWithinMinutes = 60 }
        let now = bench.bench.now.wall.second
        bench.money(order(.period, from: now - day, until: now + day))
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        bench.leaves()
        #expect(bench.balance("assets.merchant.inn") == 800)
        bench.bench.advance(.seconds(600))
        _ = try bench.enters()
        bench.bench.advance(.seconds(600))
        bench.arrives()
        bench.leaves()
        #expect(bench.count("stayCharged") == 2)
        #expect(bench.balance("assets.merchant.inn") == 800)
    }

    /// 40 minutes, 5 away, 40 minutes: 6 yuan together, of which 4 are charged. The hotel's 3 are more than the 2 left.
    @Test func `a coupon's tariff is not used where the rest of a stay that goes on costs less`() throws {
        var bench = bench { $0.reentryWithinMinutes = 60 }
        let first = try bench.enters()
        bench.bench.advance(.seconds(2_400))
        bench.record([.closed(first, .closed, bench.exit(), flags: [], nil)])
        bench.bench.advance(.seconds(300))
        let second = try bench.enters()
        bench.money(order(.tariff("hotel")))
        bench.bench.advance(.seconds(2_400))
        bench.money(.quote(.stay(second)))
        #expect(try bench.quotedDue() == 200)
        bench.record([.closed(second, .closed, bench.exit(), flags: [], nil)])
        #expect(bench.balance("income.common.temp_parking") == -600)
    }

    // MARK: How many

    @Test func `how many coupons stand together is what the site's tariff says`() throws {
        var bench = bench { $0.coupons.stack = .onePerKind }
        let stay = try bench.inside(minutes: 95)
        bench.money(order(.tariff("hotel")))
        bench.money(order(.amount(Money(100)), id: "k2", merchant: "tea"))
        bench.money(order(.amount(Money(200)), id: "k3", merchant: "tea"))
        bench.money(.quote(.stay(stay)))
        #expect(try bench.last("chargeQuoted").strings("coupons") == ["k1", "k3"])
        #expect(try bench.quotedDue() == 100)
    }

    @Test func `the same id with another end is not said to be granted`() {
        var bench = bench()
        let now = bench.bench.now.wall.second
        bench.money(order(.period, until: now + day))
        let answer = bench.money(order(.period, until: now + 30 * day))
        #expect(Bench.isRefused(answer))
        #expect(bench.count("couponGranted") == 1)
    }
}
