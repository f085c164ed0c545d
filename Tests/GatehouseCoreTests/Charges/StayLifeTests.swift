// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// The turns in the life of a stay that charges which `ExitChargeTests`, `WithoutEntryTests` and `DisputeTests` leave.
struct StayLifeTests {
    private typealias Bench = ChargeBench

    @Test func `whoever paid before has fifteen minutes to leave`() throws {
        var bench = Bench()
        let stay = try bench.inside(minutes: 95)
        _ = bench.pays(800, way: .prepaid, lane: nil, stay: stay)
        bench.bench.advance(.seconds(14 * 60))
        bench.arrives()
        #expect(bench.isOpened)
        bench.leaves()
        let charge = try bench.last("stayCharged")
        #expect(try charge.object("charge").strings("flags") == ["WITHIN_PAY_GRACE"])
        #expect(charge.text("outcome") == "paid" && charge.number("owed") == 0)
    }

    @Test func `beyond it the stay went on, and the rest is asked for`() throws {
        var bench = Bench()
        let stay = try bench.inside(minutes: 95)
        _ = bench.pays(800, way: .prepaid, lane: nil, stay: stay)
        bench.bench.advance(.seconds(40 * 60))
        bench.arrives()
        #expect(!bench.isOpened)
        #expect(try bench.quotedDue() == 200)
        _ = bench.pays(200, serial: "p2")
        #expect(bench.isOpened)
        bench.leaves()
        #expect(try bench.last("stayCharged").number("paid") == 1_000)
    }

    @Test func `a new stay begins after the time to leave where the tariff says so`() throws {
        var bench = Bench { plan in
            plan.editions = [Bench.edition { $0.payGrace?.overtime = .newFromGraceEnd }]
        }
        let stay = try bench.inside(minutes: 95)
        _ = bench.pays(800, way: .prepaid, lane: nil, stay: stay)
        bench.bench.advance(.seconds(40 * 60))
        bench.arrives()
        let flags = try bench.last("chargeQuoted").object("charge").strings("flags")
        #expect(flags == ["OVERTIME_AFTER_PAYMENT"])
        #expect(try bench.quotedDue() == 200)
    }

    @Test func `a part that was paid before is no time to leave`() throws {
        var bench = Bench()
        let stay = try bench.inside(minutes: 95)
        _ = bench.pays(300, way: .prepaid, lane: nil, stay: stay)
        bench.bench.advance(.seconds(60))
        bench.arrives()
        #expect(!bench.isOpened)
        #expect(try bench.quotedDue() == 500)
    }

    @Test func `who slipped out behind another has escaped, and owes`() throws {
        var bench = Bench()
        let stay = try bench.enters()
        bench.bench.advance(.seconds(95 * 60))
        bench.record([.marked(stay, .suspectedLeft, bench.exit(), flags: ["ungranted"])])
        #expect(bench.count("stayCharged") == 0)
        // Its plate comes in again: it did leave.
        _ = try bench.comesIn()
        let charge = try bench.last("stayCharged")
        #expect(charge.text("outcome") == "escaped" && charge.number("owed") == 800)
        #expect(bench.book.debts[stay]?.amount == Money(800))
        #expect(bench.book.isBalanced)
    }

    @Test func `a missed exit costs what nobody knows, and what was paid is given back`() throws {
        var bench = Bench()
        let stay = try bench.enters()
        _ = bench.pays(500, way: .prepaid, lane: nil, stay: stay)
        bench.bench.advance(.seconds(95 * 60))
        bench.record([.closed(stay, .missedExit, nil, flags: ["repeated_entry"], nil)])
        let charge = try bench.last("stayCharged")
        #expect(charge.text("outcome") == "unknown" && !charge.has("charge"))
        #expect(charge.number("excess") == 500)
        #expect(bench.balance("liabilities.refundable") == -500)
        #expect(bench.book.debts.isEmpty && bench.book.isBalanced)
    }

    @Test func `a stay that never was costs nothing`() throws {
        var bench = Bench()
        let stay = try bench.enters()
        _ = bench.pays(500, way: .prepaid, lane: nil, stay: stay)
        bench.repairs(.cancel(stay))
        #expect(try bench.last("stayCharged").text("outcome") == "cancelled")
        #expect(bench.balance("liabilities.refundable") == -500)
        #expect(bench.occupancy == 0 && bench.book.isBalanced)
    }

    @Test func `a household's space goes from car to car, in the order in which they came`() throws {
        var builder = DirectoryBuilder()
        builder.set(Household(id: 7, name: "3-1-502", spaces: 1))
        var bench = Bench(directory: try builder.build(asOf: Sequence(0), confirmedAt: nil))
        let cars = ["沪A2K605", "沪B12345", "沪C67890"].map { PlateGrammar.parse($0, color: .blue) }
        let holder = { StayHolder($0, permit: 1, household: 7) }
        let stays = [
            try bench.enters(cars[0], holder(.permit)), try bench.enters(cars[1], holder(.temporary)),
            try bench.enters(cars[2], holder(.temporary)),
        ]
        for index in 0..<2 {
            bench.bench.advance(.seconds(95 * 60))
            bench.record([.closed(stays[index], .closed, bench.exit(cars[index]), flags: [], nil)])
            #expect(bench.count("spaceConverted") == index + 1)
            #expect(try bench.last("spaceConverted").number("stay") == stays[index + 1].number)
        }
        // From its entry until the first left, and then the second.
        #expect(try bench.last("stayCharged").number("owed") == 800)
        bench.record([.closed(stays[2], .closed, bench.exit(cars[2]), flags: [], nil)])
        #expect(try bench.last("stayCharged").number("owed") == 1400)
        #expect(bench.count("spaceConverted") == 2)
        for memory in try bench.recovered() { #expect(memory == bench.bench.site.memory) }
    }

    @Test(arguments: [(QuotaRule.Convert.fromMoment, 1), (.none, 0)])
    func `where nothing converts a temporary car takes none of its household's spaces`(
        _ convert: QuotaRule.Convert, _ counted: Int
    ) throws {
        var builder = DirectoryBuilder()
        builder.set(Household(id: 7, name: "3-1-502", spaces: 1))
        var quota = QuotaRule()
        quota.convert = convert
        var bench = Bench(directory: try builder.build(asOf: Sequence(0), confirmedAt: nil)) {
            $0.editions = [Bench.edition { $0.quota = quota }]
        }
        let cars = ["沪A2K605", "沪B12345"].map { PlateGrammar.parse($0, color: .blue) }
        let first = try bench.enters(cars[0], StayHolder(.permit, permit: 1, household: 7))
        _ = try bench.enters(cars[1], StayHolder(.temporary, permit: 1, household: 7))
        bench.record([.closed(first, .closed, bench.exit(cars[0]), flags: [], nil)])
        let request = AccessRequest(lane: LaneID(0), direction: .in, read: nil)
        let situation = bench.bench.site.situation(for: request, bench.bench.now)
        #expect(situation.carsInside[7] ?? 0 == counted)
        #expect(bench.bench.site.memory.stays.carsInside[7] == 1)
    }

    @Test func `what was paid for a stay comes free where the site stops charging before it ends`() throws {
        var bench = Bench()
        let stay = try bench.enters()
        bench.money(.grantCoupon(CouponOrder(id: "k", kind: .percent(5), target: .stay(stay))))
        _ = bench.pays(500, way: .prepaid, lane: nil, stay: stay)
        var plan = bench.bench.site.plan
        plan.pricing = nil
        bench.bench.reload(plan)
        bench.record([.closed(stay, .closed, bench.exit(), flags: [], nil)])
        #expect(bench.balance("liabilities.deposits") == 0 && bench.balance("liabilities.refundable") == -500)
        #expect(bench.book.account(of: stay) == StayAccount() && bench.book.isBalanced)
        #expect(bench.book.coupons.held["k"]?.reservedFor == nil)
        for memory in try bench.recovered() { #expect(memory.money == bench.book) }
        let back = MoneyOrder.refund(serial: "p1", amount: nil, way: nil, reason: "OVERPAID")
        #expect(!Bench.isRefused(bench.money(back)))
        #expect(bench.balance("liabilities.refundable") == 0)
        // Of one that nobody paid for nothing is to be said.
        let next = try bench.enters()
        bench.record([.closed(next, .closed, bench.exit(), flags: [], nil)])
        #expect(bench.count("stayCharged") == 1)
    }

    @Test func `a car without the space leaves it to nobody`() throws {
        var bench = Bench()
        let cars = ["沪A2K605", "沪B12345"].map { PlateGrammar.parse($0, color: .blue) }
        let holder = StayHolder(.temporary, permit: 1, household: 7)
        let first = try bench.enters(cars[0], holder)
        _ = try bench.enters(cars[1], holder)
        bench.record([.closed(first, .closed, bench.exit(cars[0]), flags: [], nil)])
        #expect(bench.count("spaceConverted") == 0)
    }

    // MARK: Nothing due

    private func bench(_ lane: PricingPlan.ZeroFee?) -> Bench {
        var bench = Bench { $0.zeroFee = .confirm }
        guard let lane else { return bench }
        var plan = bench.bench.site.plan
        plan.lanes[0].zeroFee = lane
        bench.bench.reload(plan)
        bench.bench.level(Bench.presence, .off)
        bench.bench.level(Bench.safety, .off)
        bench.bench.level(Bench.limitDown, .on)
        bench.bench.advance(.seconds(6))
        return bench
    }

    @Test func `a zero waits for a guard where the site wants one, and is shown with its reason`() throws {
        var bench = bench(nil)
        _ = try bench.inside(minutes: 20)
        bench.arrives()
        #expect(!bench.isOpened)
        let held = try bench.last("accessHeld")
        #expect(held.text("reason") == "ZERO_DUE" && held.text("waits_for") == "confirm")
        #expect(try bench.quotedDue() == 0)
        let shown = bench.bench.site.texts[0]
        #expect(shown.key == .wait && shown.charge?.zero == .freeMinutes)
        #expect(shown.words.chinese.contains("无需缴费"))
        #expect(bench.bench.order(.confirm, "south") == nil)
        #expect(bench.isOpened)
        bench.leaves()
        #expect(try bench.last("stayCharged").text("outcome") == "free")
    }

    @Test func `nobody waits longer for a zero than for anything else`() throws {
        var bench = bench(nil)
        _ = try bench.inside(minutes: 2)
        bench.arrives()
        bench.bench.advance(.seconds(590))
        #expect(!bench.isOpened)
        bench.bench.advance(.seconds(15))
        #expect(bench.isOpened)
    }

    @Test func `a resident, a lane of its own rule, a paid stay and a release wait for nobody`() throws {
        var resident = bench(nil)
        _ = try resident.inside(minutes: 20, StayHolder(.temporary, household: 7))
        resident.arrives()
        #expect(resident.isOpened)
        var lane = bench(.auto)
        _ = try lane.inside(minutes: 20)
        lane.arrives()
        #expect(lane.isOpened)
        var paid = bench(nil)
        _ = try paid.inside(minutes: 95)
        paid.arrives()
        _ = paid.pays(800)
        #expect(paid.isOpened)
        var released = bench(nil)
        _ = try released.inside(minutes: 95)
        released.arrives()
        released.money(.adjust(.lane("south"), Adjustment(reason: "GOODWILL", change: .feeIs(.zero))))
        #expect(released.isOpened)
    }

    @Test func `a zero that becomes a charge while it waits is asked for`() throws {
        var bench = bench(nil)
        _ = try bench.inside(minutes: 29)
        bench.arrives()
        #expect(try bench.last("accessHeld").text("reason") == "ZERO_DUE")
        bench.bench.advance(.seconds(70))
        #expect(try bench.last("accessHeld").text("reason") == "PAYMENT_DUE")
        #expect(try bench.quotedDue() == 400)
    }
}
