// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What a resident's visitor pays: nothing for its time, and beyond it what anybody pays (2 yuan for each begun half hour
/// after half an hour that is free).
struct VisitorChargeTests {
    private typealias Bench = ChargeBench
    private static let plate = Bench.plate.plate ?? Plate(packed: 0)

    /// The visitor comes so many minutes before the bench's morning and leaves then; times of the visit are from its entry
    /// on.
    private func due(
        _ minutes: Int, from: Int64, to: Int64, free: Int? = nil,
        _ change: (inout TariffRules) -> Void = { _ in }, ended: Int64? = nil, coupon: MoneyOrder? = nil,
        entries: Int? = nil, holder: StayHolder = StayHolder(.visitor, permit: 5)
    ) throws -> Fields {
        // The bench waits 7.2 s before anybody comes.
        let entry = Bench.morning + .milliseconds(7200 - Int64(minutes) * 60_000)
        var builder = DirectoryBuilder()
        try builder.set(
            Permit(
                id: 5, plate: Self.plate, household: 7,
                endedAt: ended.map { entry + .seconds($0 * 60) },
                visit: Visit(
                    from: entry + .seconds(from * 60), to: entry + .seconds(to * 60), minutes: free,
                    entries: entries)))
        var rules = Bench.edition().tariff.rules
        change(&rules)
        let tariff = Tariff(id: "estate", version: 1, currency: "CNY", zone: "Asia/Shanghai", rules: rules)
        var bench = Bench(directory: try builder.build(asOf: Sequence(0))) {
            $0.editions[0].tariff = tariff
            $0.coupons.merchants = Table([("tea", "茶馆")])
        }
        // Given before it came: nobody knew of a pass then.
        if let coupon { bench.money(coupon) }
        let stay = try bench.inside(minutes: minutes, holder)
        if let coupon, case .grantCoupon(let order) = coupon, case .minutes = order.kind {
            let again = CouponOrder(id: "k2", kind: order.kind, target: .stay(stay))
            let isRefused = if case .refused = bench.money(.grantCoupon(again)) { true } else { false }
            #expect(isRefused == (from < 0 && to > 0))
        }
        bench.money(.quote(.stay(stay)))
        #expect(bench.book.isBalanced)
        return try bench.last("chargeQuoted")
    }

    private func amount(_ quote: Fields) throws -> Int64? { try quote.object("charge").number("due") }

    @Test func `two hours are free, and half an hour more is what it is for anybody`() throws {
        #expect(try amount(due(119, from: -30, to: 240, free: 120)) == 0)
        // 25 minutes beyond are within the free time of the tariff.
        #expect(try amount(due(145, from: -30, to: 240, free: 120)) == 0)
        let beyond = try due(160, from: -30, to: 240, free: 120)
        #expect(try amount(beyond) == 400)
        #expect(try beyond.object("charge").strings("flags").contains("PERMIT_EXPIRED_MID_STAY"))
    }

    @Test func `a fixed window is free to its end`() throws {
        #expect(try amount(due(200, from: -60, to: 240)) == 0)
        #expect(try amount(due(280, from: -60, to: 240)) == 400)
    }

    @Test func `time before the window is a stranger's`() throws {
        // 40 minutes before it begins.
        #expect(try amount(due(100, from: 40, to: 240)) == 400)
    }

    @Test func `whoever came when the window was over is no guest`() throws {
        #expect(try amount(due(95, from: -240, to: -1, free: 120)) == 800)
    }

    @Test(arguments: [PermitBilling.MidStayExpiry.wholeStay, .freeThisStay, .afterExpiry])
    func `beyond it is billed from there, whatever the tariff says of permits`(
        _ rule: PermitBilling.MidStayExpiry
    ) throws {
        #expect(
            try amount(due(160, from: -30, to: 240, free: 120, { $0.permit.midStayExpiry = rule })) == 400)
    }

    @Test func `a visit that is called off holds for who is inside, and not for who comes later`() throws {
        #expect(try amount(due(119, from: -30, to: 240, free: 120, ended: 10)) == 0)
        #expect(try amount(due(95, from: -30, to: 240, free: 120, ended: -10)) == 800)
    }

    @Test func `a pass that counts covers the stays that began on it, and no other`() throws {
        #expect(try amount(due(119, from: -30, to: 240, free: 120, entries: 1)) == 0)
        #expect(try amount(due(95, from: -30, to: 240, entries: 1, holder: StayHolder(.temporary))) == 800)
        // Called off while it is inside.
        #expect(try amount(due(119, from: -30, to: 240, free: 120, ended: 10, entries: 1)) == 0)
        // Another pass of the plate.
        let other = StayHolder(.visitor, permit: 6)
        #expect(try amount(due(95, from: -30, to: 240, entries: 1, holder: other)) == 800)
        // One that does not count covers whatever stay of the plate there is.
        #expect(try amount(due(95, from: -30, to: 240, holder: StayHolder(.temporary))) == 0)
    }

    // MARK: A pass and a coupon

    private func coupon(_ kind: Coupon.Kind) -> MoneyOrder {
        .grantCoupon(CouponOrder(id: "k1", kind: kind, merchant: "tea", target: .plate(Self.plate)))
    }

    @Test func `minutes off are not used beside a pass`() throws {
        let quote = try due(160, from: -30, to: 240, free: 120, coupon: coupon(.minutes(60)))
        #expect(try amount(quote) == 400)
        #expect(try quote.strings("coupons").isEmpty)
    }

    @Test func `other coupons are`() throws {
        let quote = try due(160, from: -30, to: 240, free: 120, coupon: coupon(.amount(Money(100))))
        #expect(try amount(quote) == 300)
        #expect(try quote.strings("coupons") == ["k1"])
    }

    @Test func `minutes off for whoever came too late for its pass do count`() throws {
        // Two of an hour each: 95 minutes are within them.
        let quote = try due(95, from: -240, to: -1, free: 120, coupon: coupon(.minutes(60)))
        #expect(try amount(quote) == 0)
        #expect(try quote.strings("coupons") == ["k1", "k2"])
    }
}
