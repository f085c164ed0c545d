// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// Coupons that put another tariff in the place of the site's, and those that are free for a while. The stay of most tests
/// is 95 minutes long, 8 yuan; a night at the hotel is 3 yuan a visit.
struct CouponTermsTests {
    private typealias Bench = ChargeBench

    private static let plate = Bench.plate.plate ?? Plate(packed: 0)

    private static func hotel(_ price: Int64 = 300, id: String = "hotel") -> TariffEdition {
        var rules = TariffRules()
        rules.pricing = .one(.visit(Money(price), per: .stay))
        rules.payGrace = PayGrace(minutes: 15)
        let tariff = Tariff(id: id, version: 1, currency: "CNY", zone: "Asia/Shanghai", rules: rules)
        return TariffEdition(
            from: .min, tariff: tariff, zone: Bench.zone, text: "text of \(id)", hash: "hash of \(id)")
    }

    private func bench(
        _ tariffs: [TariffEdition] = [hotel()], stack: CouponsPolicy.Stack = .all,
        directory: Directory = .empty
    ) -> Bench {
        Bench(directory: directory) {
            $0.coupons.merchants = Table([("tea", "茶馆"), ("inn", "旅馆")])
            $0.coupons.tariffs = tariffs
            $0.editions = [Bench.edition { $0.coupons.stack = stack }]
        }
    }

    private func order(
        _ kind: Coupon.Kind, id: String = "k1", merchant: String = "inn", from: Int64? = nil,
        until: Int64? = nil
    ) -> MoneyOrder {
        .grantCoupon(
            CouponOrder(
                id: id, kind: kind, validFrom: from, validTo: until, merchant: merchant,
                target: .plate(Self.plate)))
    }

    private func expectSame(_ bench: Bench) throws {
        for memory in try bench.recovered() { #expect(memory.money == bench.book) }
        #expect(bench.book.isBalanced)
    }

    private func flags(_ bench: Bench) throws -> [String] {
        try bench.last("chargeQuoted").object("charge").strings("flags")
    }

    // MARK: Another tariff

    @Test func `the stay is priced under the coupon's tariff, and its merchant owes the difference`() throws {
        var bench = bench()
        _ = try bench.inside(minutes: 95)
        bench.money(order(.tariff("hotel")))
        bench.arrives()
        let quote = try bench.last("chargeQuoted")
        #expect(quote.text("tariff") == "hotel" && quote.text("tariff_hash") == "hash of hotel")
        #expect(quote.text("tariff_by") == "k1")
        #expect(try quote.strings("coupons") == ["k1"])
        #expect(try bench.quotedDue() == 300)
        #expect(bench.book.tariffs["hotel 1"] == "hash of hotel")
        _ = bench.pays(300)
        #expect(bench.isOpened)
        bench.leaves()
        let used = try bench.last("couponConsumed")
        #expect(used.text("kind") == "tariff" && used.text("of_tariff") == "hotel")
        #expect(used.number("used") == 500)
        #expect(bench.balance("income.common.temp_parking") == -800)
        #expect(bench.balance("assets.merchant.inn") == 500)
        #expect(bench.balance("assets.clearing.static_qr") == 300)
        try expectSame(bench)
    }

    @Test func `a tariff that costs more is not used`() throws {
        var bench = bench([Self.hotel(1_000)])
        _ = try bench.inside(minutes: 95)
        bench.money(order(.tariff("hotel")))
        bench.arrives()
        #expect(try bench.quotedDue() == 800)
        #expect(try bench.last("chargeQuoted").text("tariff") == "estate")
        #expect(bench.book.coupons.held["k1"]?.reservedFor == nil)
    }

    @Test func `of two the one that costs less is used, and the other is kept`() throws {
        var bench = bench([Self.hotel(), Self.hotel(200, id: "spa")])
        _ = try bench.inside(minutes: 95)
        bench.money(order(.tariff("hotel"), id: "a"))
        bench.money(order(.tariff("spa"), id: "b"))
        bench.arrives()
        #expect(try bench.last("chargeQuoted").strings("coupons") == ["b"])
        #expect(try flags(bench).contains("COUPON_NOT_STACKABLE"))
        _ = bench.pays(200)
        bench.leaves()
        #expect(bench.book.coupons.held.keysInOrder == ["a"])
        try expectSame(bench)
    }

    @Test func `other coupons reduce what the coupon's tariff asks for`() throws {
        var bench = bench()
        _ = try bench.inside(minutes: 95)
        bench.money(order(.tariff("hotel")))
        bench.money(order(.amount(Money(100)), id: "k2", merchant: "tea"))
        bench.arrives()
        #expect(try bench.quotedDue() == 200)
        _ = bench.pays(200)
        bench.leaves()
        #expect(bench.balance("assets.merchant.inn") == 500)
        #expect(bench.balance("assets.merchant.tea") == 100)
        #expect(bench.balance("income.common.temp_parking") == -800)
        try expectSame(bench)
    }

    @Test(arguments: [(Int64(300), "k1", Int64(300)), (600, "k2", 200)])
    func `where one coupon is all that a stay may have it is the one that leaves least`(
        _ amount: Int64, _ used: String, _ due: Int64
    ) throws {
        var bench = bench(stack: .bestOne)
        _ = try bench.inside(minutes: 95)
        bench.money(order(.tariff("hotel")))
        bench.money(order(.amount(Money(amount)), id: "k2", merchant: "tea"))
        bench.arrives()
        #expect(try bench.quotedDue() == due)
        #expect(try bench.last("chargeQuoted").strings("coupons") == [used])
        #expect(try flags(bench).contains("COUPON_NOT_STACKABLE"))
    }

    @Test func `beside one that takes everything off it stays unused`() throws {
        var bench = bench()
        _ = try bench.inside(minutes: 95)
        bench.money(order(.tariff("hotel")))
        bench.money(order(.full, id: "k2", merchant: "tea"))
        bench.arrives()
        bench.leaves()
        #expect(bench.balance("assets.merchant.tea") == 800)
        #expect(bench.balance("assets.merchant.inn") == 0)
        #expect(bench.book.coupons.held.keysInOrder == ["k1"])
        try expectSame(bench)
    }

    @Test func `one that lapsed is said not to be valid`() throws {
        var bench = bench()
        _ = try bench.inside(minutes: 95)
        bench.money(order(.tariff("hotel"), until: bench.bench.now.wall.second + 60))
        bench.bench.advance(.seconds(120))
        bench.arrives()
        #expect(try bench.quotedDue() == 800)
        #expect(try flags(bench).contains("COUPON_NOT_VALID"))
    }

    @Test func `a tariff that the site does not list is refused with those that it lists`() {
        var bench = bench()
        guard case .refused(_, let why) = bench.money(order(.tariff("motel"))) else {
            Issue.record("not refused")
            return
        }
        #expect(why == "no tariff motel in charging.coupons.tariffs: there are hotel")
    }

    // MARK: Free for a while

    private var day: Int64 { 86_400 }

    @Test func `whoever is free for a while is free at each stay, and each is borne by who gave it`() throws {
        var bench = bench()
        let now = bench.bench.now.wall.second
        bench.money(order(.period, from: now - day, until: now + day))
        for stays in 1...2 {
            _ = try bench.inside(minutes: 95)
            bench.arrives()
            #expect(bench.isOpened)
            bench.leaves()
            #expect(bench.count("couponConsumed") == stays)
            #expect(try bench.last("stayCharged").strings("free_by") == ["k1"])
            #expect(bench.balance("assets.merchant.inn") == Int64(800 * stays))
            #expect(bench.balance("income.common.temp_parking") == Int64(-800 * stays))
            #expect(bench.book.coupons.held["k1"]?.reservedFor == nil)
            try expectSame(bench)
        }
    }

    /// In since 08:00, free from 09:35 on, out at 10:35: the first 95 minutes are 8 yuan, all of it would be 12.
    @Test func `time before it begins and after it ends is paid for`() throws {
        var bench = bench()
        _ = try bench.inside(minutes: 95)
        bench.money(order(.period, until: bench.bench.now.wall.second + day))
        bench.bench.advance(.seconds(3_595))
        bench.arrives()
        #expect(try bench.quotedDue() == 800)
        _ = bench.pays(800)
        bench.leaves()
        #expect(try bench.last("couponConsumed").number("used") == 400)
        #expect(bench.balance("income.common.temp_parking") == -1_200)
        try expectSame(bench)
    }

    @Test func `a payment does not end it`() throws {
        var bench = bench()
        let stay = try bench.inside(minutes: 95)
        bench.money(order(.period, until: bench.bench.now.wall.second + day))
        _ = bench.pays(800, lane: nil, stay: stay)
        bench.bench.advance(.seconds(7_200))
        bench.arrives()
        #expect(bench.isOpened)
        bench.leaves()
        #expect(bench.book.coupons.held["k1"]?.paidAt == nil)
        #expect(bench.balance("assets.clearing.static_qr") == 800)
        try expectSame(bench)
    }

    @Test func `with the other tariff beside it the rest costs what that says`() throws {
        var bench = bench()
        _ = try bench.inside(minutes: 95)
        bench.money(order(.period, until: bench.bench.now.wall.second + day))
        bench.money(order(.tariff("hotel"), id: "k2", merchant: "tea"))
        bench.bench.advance(.seconds(3_595))
        bench.arrives()
        #expect(try bench.quotedDue() == 300)
        _ = bench.pays(300)
        bench.leaves()
        #expect(bench.balance("assets.merchant.inn") == 400)
        #expect(bench.balance("assets.merchant.tea") == 500)
        #expect(bench.balance("income.common.temp_parking") == -1_200)
        try expectSame(bench)
    }

    @Test func `it covers a household's second car too`() throws {
        let household = Household(id: 7, name: "3-1-502", spaces: 1)
        var builder = DirectoryBuilder()
        builder.set(household)
        var bench = bench(directory: try builder.build(asOf: Sequence(0), confirmedAt: nil))
        let now = bench.bench.now.wall.second
        bench.money(order(.period, from: now - day, until: now + day))
        _ = try bench.inside(minutes: 95, StayHolder(.temporary, household: 7))
        bench.arrives()
        bench.leaves()
        #expect(try bench.last("stayCharged").object("charge").number("fee") == 0)
        #expect(bench.balance("assets.merchant.inn") == 800)
    }
}
