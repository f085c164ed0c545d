// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// The life of a coupon: granted, kept for a quote, used up once, or free again; and who bears it. The stay of most tests
/// is 95 minutes long, 8 yuan.
struct CouponTests {
    private typealias Bench = ChargeBench

    private static let plate = Bench.plate.plate ?? Plate(packed: 0)

    private func bench(_ change: @escaping (inout PricingPlan) -> Void = { _ in }) -> Bench {
        Bench {
            $0.coupons.merchants = Table([("tea", "茶馆"), ("gym", "健身房")])
            change(&$0)
        }
    }

    private func order(
        _ kind: Coupon.Kind, id: String = "k1", merchant: String? = "tea", to target: PaymentTarget? = nil,
        from: Int64? = nil, until: Int64? = nil
    ) -> MoneyOrder {
        .grantCoupon(
            CouponOrder(
                id: id, kind: kind, validFrom: from, validTo: until, merchant: merchant,
                target: target ?? .plate(Self.plate)))
    }

    private func expectRefused(_ answer: Answer?, _ word: String, _ code: String = "refused") {
        guard case .refused(let its, let why) = answer else {
            Issue.record("not refused: \(String(describing: answer))")
            return
        }
        #expect(its == code)
        #expect(why.contains(word), "\(why)")
    }

    private func expectSame(_ bench: Bench) throws {
        for memory in try bench.recovered() { #expect(memory.money == bench.book) }
        #expect(bench.book.isBalanced)
    }

    @Test func `the form of names that the gateway gives is its own`() throws {
        var bench = bench()
        expectRefused(bench.money(order(.full, id: "c44")), "without an id")
        expectRefused(bench.money(order(.full, id: "c0")), "without an id")
        #expect(bench.count("couponGranted") == 0)
        for id in ["c", "c44a", "C44", "44"] { _ = bench.money(order(.percent(5), id: id)) }
        #expect(bench.count("couponGranted") == 4)
    }

    // MARK: Life

    @Test
    func `a merchant's coupon is granted, kept for a quote, used with the payment and settled at the end`()
        throws
    {
        var bench = bench()
        let stay = try bench.inside(minutes: 95)
        bench.money(order(.amount(Money(300))))
        #expect(bench.book.coupons.held["k1"]?.reservedFor == nil)
        try expectSame(bench)
        bench.arrives()
        let quote = try bench.last("chargeQuoted")
        #expect(try quote.object("charge").number("due") == 500)
        #expect(try quote.strings("coupons") == ["k1"])
        #expect(bench.book.coupons.held["k1"]?.reservedFor == stay)
        try expectSame(bench)
        _ = bench.pays(500)
        #expect(bench.isOpened)
        #expect(bench.book.coupons.held["k1"]?.paidAt == bench.bench.now.wall.second)
        expectRefused(bench.money(.revokeCoupon("k1", reason: "TEST")), "used with a payment")
        try expectSame(bench)
        bench.leaves()
        let used = try bench.last("couponConsumed")
        #expect(
            used.text("merchant") == "tea" && used.number("used") == 300 && used.number("stay") == stay.number
        )
        #expect(used.text("kind") == "amount" && used.number("value") == 300)
        let charge = try #require(bench.bench.records.last { $0.kind == "stayCharged" })
        #expect(used.number("charge_record") == charge.sequence.number)
        #expect(try Fields(charge.payload).objects("coupons").first?.number("used") == 300)
        #expect(bench.balance("income.common.temp_parking") == -800)
        #expect(bench.balance("assets.merchant.tea") == 300)
        #expect(bench.balance("assets.clearing.static_qr") == 500)
        #expect(bench.balance("reductions.coupons") == 0)
        #expect(bench.book.coupons.held.isEmpty)
        #expect(bench.book.coupons.spent("k1")?.stay == stay)
        try expectSame(bench)
    }

    @Test func `one that covers everything is used at an exit that costs nothing`() throws {
        var bench = bench()
        _ = try bench.inside(minutes: 95)
        bench.money(order(.full))
        bench.arrives()
        #expect(bench.isOpened)
        bench.leaves()
        #expect(try bench.last("couponConsumed").number("used") == 800)
        #expect(bench.balance("assets.merchant.tea") == 800)
        try expectSame(bench)
    }

    @Test func `of a vehicle that nobody asked at its exit it is used up too`() throws {
        var bench = bench()
        bench.money(order(.amount(Money(300))))
        let stay = try bench.inside(minutes: 95)
        bench.record([.closed(stay, .closed, bench.exit(), flags: [], nil)])
        #expect(try bench.last("stayCharged").objects("coupons").count == 1)
        #expect(bench.count("couponConsumed") == 1)
        #expect(bench.book.coupons.held["k1"] == nil)
        try expectSame(bench)
    }

    @Test func `given to whoever waits at a lane it opens the arm`() throws {
        var bench = bench()
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        #expect(!bench.isOpened)
        bench.money(order(.full, to: .lane("south")))
        #expect(bench.isOpened)
    }

    @Test func `it is granted once by its id, and used once`() throws {
        var bench = bench()
        _ = try bench.inside(minutes: 95)
        let first = bench.money(order(.full))
        #expect(bench.money(order(.full)) == first)
        expectRefused(bench.money(order(.percent(5))), "another one", "conflict")
        #expect(bench.count("couponGranted") == 1)
        bench.arrives()
        bench.leaves()
        expectRefused(bench.money(order(.full)), "used up", "conflict")
        #expect(bench.count("couponConsumed") == 1)
    }

    @Test func `one that lapsed is not granted again under a clock that was set back`() throws {
        var bench = bench()
        let end = bench.bench.now.wall.second + 60
        let stay = try bench.inside(minutes: 20)
        bench.money(order(.full, to: .stay(stay), until: end))
        bench.bench.advance(.seconds(120))
        bench.arrives()
        bench.leaves()
        #expect(bench.count("couponReleased") == 1)
        bench.steps(.seconds(-3_600))
        expectRefused(bench.money(order(.full, until: end)), "lapsed", "conflict")
        #expect(bench.count("couponGranted") == 1)
        try expectSame(bench)
    }

    @Test func `one that is another plate's already is not said to be granted`() throws {
        var bench = bench()
        bench.money(order(.full))
        let other = try #require(PlateGrammar.parse("沪B12345", color: .blue).plate)
        expectRefused(bench.money(order(.full, to: .plate(other))), "another one", "conflict")
        #expect(bench.count("couponGranted") == 1)
    }

    @Test func `a plate that is put right leaves nothing kept for a stay that is over`() throws {
        var bench = bench()
        bench.money(order(.amount(Money(300))))
        let stay = try bench.inside(minutes: 95)
        bench.money(.quote(.stay(stay)))
        #expect(bench.book.coupons.held["k1"]?.reservedFor == stay)
        bench.repairs(
            .correct(stay, PlateGrammar.parse("沪B12345", color: .blue), StayHolder(.temporary)))
        bench.repairs(.close(stay))
        #expect(bench.book.coupons.held["k1"] != nil)
        #expect(bench.book.coupons.held["k1"]?.reservedFor == nil)
        try expectSame(bench)
    }

    @Test func `without an id it is named after its record`() throws {
        var bench = bench()
        bench.money(order(.full, id: ""))
        let record = try #require(bench.bench.records.last)
        #expect(bench.book.coupons.held.keysInOrder == ["c\(record.sequence.number)"])
    }

    @Test func `one that a stay did not use is free again`() throws {
        var bench = bench()
        _ = try bench.inside(minutes: 20)
        bench.money(order(.amount(Money(300))))
        bench.arrives()
        bench.leaves()
        #expect(bench.count("couponConsumed") == 0)
        #expect(try bench.last("couponReleased").text("coupon") == "k1")
        #expect(bench.book.coupons.waiting(for: nil, Self.plate).map(\.grant.coupon.id) == ["k1"])
        try expectSame(bench)
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        #expect(try bench.last("chargeQuoted").object("charge").number("due") == 500)
        _ = bench.pays(500)
        bench.leaves()
        #expect(bench.balance("assets.merchant.tea") == 300)
        try expectSame(bench)
    }

    @Test func `of those that do not stack the others stay unused`() throws {
        var bench = bench {
            var rules = $0.editions[0].tariff.rules
            rules.coupons.stack = .bestOne
            $0.editions[0].tariff = Tariff(
                id: "estate", version: 1, currency: "CNY", zone: "Asia/Shanghai", rules: rules)
        }
        let stay = try bench.inside(minutes: 95)
        bench.money(order(.amount(Money(100)), id: "small", merchant: "gym"))
        bench.money(order(.amount(Money(300)), id: "large"))
        bench.arrives()
        #expect(try bench.last("chargeQuoted").strings("coupons") == ["large"])
        #expect(bench.book.coupons.held["small"]?.reservedFor == nil)
        _ = bench.pays(500)
        bench.leaves()
        #expect(bench.balance("assets.merchant.tea") == 300)
        #expect(bench.balance("assets.merchant.gym") == 0)
        #expect(bench.book.coupons.spent("large")?.stay == stay)
        #expect(bench.book.coupons.held.keysInOrder == ["small"])
        try expectSame(bench)
    }

    @Test(arguments: [false, true]) func `a stay that is cancelled gives it back`(_ isPaid: Bool) throws {
        var bench = bench()
        let stay = try bench.inside(minutes: 95)
        bench.money(order(.amount(Money(300))))
        bench.arrives()
        if isPaid { _ = bench.pays(500) }
        #expect((bench.book.coupons.held["k1"]?.paidAt != nil) == isPaid)
        let exit = Stay.Exit(lane: nil, recognisedAt: bench.bench.now.wall, passedAt: bench.bench.now.wall)
        var effects = Site.Effects(now: bench.bench.now)
        bench.bench.site.record(
            stays: [.closed(stay, .cancelled, exit, flags: [], nil)], &effects)
        let one = try #require(bench.book.coupons.held["k1"])
        #expect(one.reservedFor == nil && one.paidAt == nil)
        #expect(one.grant.stay == nil && one.grant.plate == Self.plate)
    }

    // MARK: Restart

    @Test func `a restart between quote and payment loses nothing and gives nothing twice`() throws {
        var bench = bench()
        let stay = try bench.inside(minutes: 95)
        bench.money(order(.amount(Money(300))))
        bench.arrives()
        let memory = try #require(try bench.recovered().last)
        var pricing = PricingPlan(editions: [Bench.edition()])
        pricing.coupons.merchants = Table([("tea", "茶馆")])
        var site = Site(
            plan: Bench.plan(pricing), memory: memory, directory: .empty,
            nextSequence: Sequence(1000), boot: "c")
        func send(_ order: MoneyOrder) -> [SiteEffect] {
            site.step(
                .operation(.money(order), by: SiteBench.wang, reply: ReplyID(1)), at: bench.bench.now)
        }
        _ = send(
            .take(PaymentNotice(serial: "p1", way: .staticCode, amount: Money(500), stay: stay)))
        #expect(site.memory.money.coupons.held["k1"]?.paidAt != nil)
        #expect(site.memory.money.account(of: stay).quote?.coupons == ["k1"])
        _ = send(order(.amount(Money(300))))
        #expect(site.memory.money.coupons.held.count == 1)
    }

    // MARK: After a payment

    @Test func `after a payment none is taken unless the site says so`() throws {
        var bench = bench()
        let stay = try bench.inside(minutes: 95)
        bench.arrives()
        _ = bench.pays(300)
        expectRefused(bench.money(order(.amount(Money(300)), to: .stay(stay))), "COUPON_AFTER_PAYMENT")
        #expect(bench.count("couponGranted") == 0)
        var free = self.bench { $0.coupons.afterPayment = .allow }
        _ = try free.inside(minutes: 95)
        free.arrives()
        _ = free.pays(300)
        free.money(order(.amount(Money(300))))
        #expect(try free.last("chargeQuoted").object("charge").number("due") == 200)
        _ = free.pays(200, serial: "p2")
        free.leaves()
        #expect(free.balance("assets.merchant.tea") == 300)
        try expectSame(free)
    }

    @Test func `one that no quote reckoned with is late after a payment, and says so`() throws {
        var bench = bench()
        let stay = try bench.inside(minutes: 95)
        bench.money(order(.amount(Money(300))))
        // Paid without having asked.
        _ = bench.pays(300, lane: nil, stay: stay)
        bench.arrives()
        let charge = try bench.last("chargeQuoted").object("charge")
        #expect(charge.number("due") == 500)
        #expect(try charge.strings("flags").contains("COUPON_AFTER_PAYMENT"))
        _ = bench.pays(500, serial: "p2")
        bench.leaves()
        #expect(bench.count("couponConsumed") == 0)
        #expect(bench.book.coupons.held["k1"] != nil)
    }

    /// A little more than half an hour after the payment is a stay of its own: 4 yuan. The merchant still owes what was
    /// used before.
    @Test func `what was used with a payment is billed to the merchant when the vehicle stays on too`() throws
    {
        var bench = bench {
            var rules = $0.editions[0].tariff.rules
            rules.payGrace?.overtime = .newFromPayment
            $0.editions[0].tariff = Tariff(
                id: "estate", version: 1, currency: "CNY", zone: "Asia/Shanghai", rules: rules)
        }
        let stay = try bench.inside(minutes: 95)
        bench.money(order(.amount(Money(300))))
        bench.money(.quote(.stay(stay)))
        _ = bench.pays(500, lane: nil, stay: stay)
        bench.bench.advance(.seconds(1810))
        bench.arrives()
        #expect(try bench.last("chargeQuoted").object("charge").number("due") == 400)
        bench.money(.later(.lane("south")))
        bench.leaves()
        #expect(bench.balance("assets.merchant.tea") == 300)
        #expect(bench.balance("income.common.temp_parking") == -1200)
        #expect(bench.balance("assets.clearing.static_qr") == 500)
        #expect(bench.balance("assets.arrears") == 400)
        try expectSame(bench)
    }

    // MARK: Who bears it

    @Test func `what the site itself bears is a reduction, whatever kind it is`() throws {
        for (kind, used) in [
            (Coupon.Kind.minutes(60), Int64(400)), (.percent(25), 200), (.amount(Money(300)), 300),
        ] {
            var bench = bench()
            _ = try bench.inside(minutes: 95)
            bench.money(order(kind, merchant: nil))
            bench.arrives()
            _ = bench.pays(800 - used)
            bench.leaves()
            #expect(bench.balance("reductions.coupons") == used)
            #expect(bench.balance("reductions.minutes") == 0)
            #expect(bench.balance("reductions.percent") == 0)
            #expect(bench.balance("income.common.temp_parking") == -800)
            #expect(try bench.last("couponConsumed").text("merchant") == nil)
            try expectSame(bench)
        }
    }

    @Test
    func `two merchants and the site share one stay, and the merchants' records add up to their accounts`()
        throws
    {
        var bench = bench()
        _ = try bench.inside(minutes: 95)
        bench.money(order(.minutes(60), id: "m"))
        bench.money(order(.percent(25), id: "p", merchant: "gym"))
        bench.money(order(.amount(Money(100)), id: "a", merchant: nil))
        bench.arrives()
        // 8 yuan: 4 by the hour, a quarter of the rest, 1.
        #expect(try bench.last("chargeQuoted").object("charge").number("due") == 200)
        _ = bench.pays(200)
        bench.leaves()
        #expect(bench.balance("assets.merchant.tea") == 400)
        #expect(bench.balance("assets.merchant.gym") == 100)
        #expect(bench.balance("reductions.coupons") == 100)
        var billed: [String: Int64] = [:]
        for record in bench.bench.records where record.kind == "couponConsumed" {
            let fields = try Fields(record.payload)
            billed[fields.text("merchant") ?? "", default: 0] += fields.number("used") ?? 0
        }
        #expect(billed == ["tea": 400, "gym": 100, "": 100])
        try expectSame(bench)
    }

    // MARK: What is refused

    @Test func `what cannot be granted is refused with the reason`() throws {
        var bench = bench()
        let now = bench.bench.now.wall.second
        expectRefused(bench.money(order(.full, merchant: "bar")), "no merchant bar")
        expectRefused(bench.money(order(.minutes(0))), "minutes are 1")
        expectRefused(bench.money(order(.percent(101))), "1 to 100")
        expectRefused(
            bench.money(order(.amount(Money(9_999_999_900)))),
            "an amount is CNY 0.01 to CNY 1000000.00, not CNY 99999999.00")
        expectRefused(bench.money(order(.full, until: now)), "has ended")
        expectRefused(bench.money(order(.full, from: now + 60, until: now + 60)), "before it begins")
        expectRefused(bench.money(order(.full, from: .max)), "of no year")
        expectRefused(bench.money(order(.full, until: .max)), "of no year")
        expectRefused(bench.money(order(.full, id: "a b")), "letters")
        expectRefused(bench.money(order(.full, to: .stay(StayID(4711)))), "no unfinished stay", "not_found")
        expectRefused(bench.money(order(.full, to: .lane("south"))), "nobody", "not_found")
        for number in 1...CouponBook.limitOfOne { bench.money(order(.percent(1), id: "k\(number)")) }
        expectRefused(bench.money(order(.percent(1), id: "k99")), "limit is \(CouponBook.limitOfOne)")
    }

    @Test func `it is taken back before it is used, and not from under a quote that holds`() throws {
        var bench = bench()
        _ = try bench.inside(minutes: 95)
        bench.money(order(.amount(Money(300))))
        bench.arrives()
        expectRefused(bench.money(.revokeCoupon("k1", reason: "TEST")), "which holds until")
        expectRefused(bench.money(.revokeCoupon("k9", reason: "TEST")), "not known", "not_found")
        bench.money(order(.amount(Money(100)), id: "k2", to: .plate(try #require(Plate("沪B12345")))))
        bench.money(.revokeCoupon("k2", reason: "TEST"))
        #expect(bench.book.coupons.held["k2"] == nil)
        expectRefused(bench.money(.revokeCoupon("k2", reason: "TEST")), "taken back")
        try expectSame(bench)
    }

    @Test func `one counts from its begin to before its end`() throws {
        var bench = bench()
        _ = try bench.inside(minutes: 95)
        let now = bench.bench.now.wall.second
        bench.money(order(.amount(Money(300)), until: now + 30))
        bench.arrives()
        let quote = try bench.last("chargeQuoted")
        #expect(try quote.object("charge").number("due") == 500)
        #expect(quote.number("valid_until_s") == now + 30)
        bench.bench.advance(.seconds(40))
        let next = try bench.last("chargeQuoted")
        #expect(try next.object("charge").number("due") == 800)
        #expect(try next.object("charge").strings("flags").contains("COUPON_NOT_VALID"))
        #expect(bench.book.coupons.held["k1"]?.reservedFor == nil)
        try expectSame(bench)
    }

    @Test func `a site that is full of coupons forgets those that lapsed, and then refuses`() throws {
        var book = CouponBook()
        func grant(_ number: Int, until: Int64) -> CouponFact {
            .granted(
                CouponGrant(
                    coupon: Coupon(id: "k\(number)", kind: .full, validTo: until),
                    stay: StayID(Int64(number)), by: SiteBench.wang))
        }
        let start = WallTime(milliseconds: 0)
        for number in 1...CouponBook.limit {
            _ = book.apply(grant(number, until: number == 7 ? 100 : 1000), Sequence(Int64(number)), at: start)
        }
        #expect(!book.hasRoom(at: 99))
        #expect(book.hasRoom(at: 100))
        let rows = book.apply(
            grant(20_000, until: 1000), Sequence(20_000), at: WallTime(milliseconds: 100_000))
        #expect(book.held.count == CouponBook.limit)
        #expect(book.held["k7"] == nil)
        #expect(rows.contains { $0.row.key == "k7" && $0.value == nil })
        #expect(!book.hasRoom(at: 100))
    }
}
