// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// Past stays under a proposed tariff.
@Suite struct RehearsalTests {
    private typealias Bench = ChargeBench

    private static let zone = ChargeBench.zone
    private static let morning = ChargeBench.morning.second

    private static func tariff(_ price: Int64) -> Tariff { ChargeBench.edition(2, price: price).tariff }

    /// From 08:00 on.
    private static func stay(
        _ number: Int64, minutes: Int64, oldFee: Int64?, _ holder: HolderKind = .temporary,
        vehicleClass: String = "small"
    ) -> RehearsedStay {
        var facts = StayFacts(entry: morning, exit: morning + minutes * 60)
        facts.vehicle.vehicleClass = vehicleClass
        return RehearsedStay(
            id: StayID(number), facts: facts, oldFee: oldFee.map { Money($0) }, holder: holder)
    }

    // MARK: The comparison

    @Test func `who pays more, less and the same is counted with its sums`() {
        // Now 3 yuan for each begun half hour: 600, 600, 0 and 300.
        let result = Rehearsal.of(
            [
                Self.stay(1, minutes: 60, oldFee: 400),
                Self.stay(2, minutes: 60, oldFee: 1_000, .resident, vehicleClass: "large"),
                Self.stay(3, minutes: 20, oldFee: 0),
                Self.stay(4, minutes: 31, oldFee: nil),
            ], under: Self.tariff(300), in: Self.zone)
        #expect(result.all.stays == 4 && result.uncharged == 1)
        #expect(result.all.more == RehearsalSums.Side(stays: 2, amount: Money(800)))
        #expect(result.all.less == RehearsalSums.Side(stays: 1, amount: Money(400)))
        #expect(result.all.same == 1)
        #expect(result.all.before == Money(1_400) && result.all.after == Money(1_800))
        #expect(result.ofClass.keysInOrder == ["large", "small"])
        #expect(result.ofClass["large"]?.less.stays == 1)
        #expect(result.ofHolder.keysInOrder == [.resident, .temporary])
        #expect(result.ofHour[8] == result.all && result.ofHour[9].stays == 0)
        #expect(result.leftOut.isEmpty)
    }

    @Test func `differences fall into rows whose bounds belong to them`() {
        let differences: [Int64] = [100, 101, 500, 1_000, 5_000, 5_001, -100, -6_000]
        let stays = differences.enumerated().map { index, difference in
            Self.stay(Int64(index + 1), minutes: 60, oldFee: 10_000 - difference)
        }
        let result = Rehearsal.of(stays, under: Self.tariff(5_000), in: Self.zone)
        #expect(result.spread.rows.map(\.more) == [1, 2, 1, 1, 1])
        #expect(result.spread.rows.map(\.less) == [1, 0, 0, 0, 1])
    }

    @Test func `ten of the largest changes are named, of equal ones the earlier stay`() {
        let stays = (1...30).reversed().map { number in
            Self.stay(Int64(number), minutes: 60, oldFee: number <= 15 ? 0 : 1_000 + Int64(number))
        }
        let result = Rehearsal.of(stays, under: Self.tariff(300), in: Self.zone)
        #expect(result.rises.map(\.stay.number) == Array(1...10))
        #expect(result.falls.map(\.stay.number) == (21...30).reversed())
        #expect(result == Rehearsal.of(stays.reversed(), under: Self.tariff(300), in: Self.zone))
    }

    @Test func `what has no price is left out by its reason`() {
        var noEntry = Self.stay(1, minutes: 60, oldFee: 400)
        noEntry.facts.entry = nil
        let result = Rehearsal.of(
            [
                noEntry, Self.stay(2, minutes: -5, oldFee: 0),
                Self.stay(3, minutes: 11 * 365 * 1_440, oldFee: 0),
            ], under: Self.tariff(300), in: Self.zone)
        #expect(result.all.stays == 0)
        #expect(result.leftOut == Table([(.noEntry, 1), (.needsPerson, 1), (.noPrice, 1)]))
    }

    @Test func `the object holds sums and no plate`() throws {
        let result = Rehearsal.of(
            [Self.stay(7, minutes: 60, oldFee: 400)], under: Self.tariff(300), in: Self.zone)
        let fields = try Fields(FieldWriter.object(result.write))
        #expect(try fields.integer("stays") == 1 && fields.integer("after") == 600)
        #expect(try fields.object("more").integer("amount") == 200)
        #expect(try fields.objects("by_hour").count == 24)
        #expect(try fields.objects("rises").first?.integer("stay") == 7)
        #expect(!fields.has("plate"))
    }

    // MARK: From the journal

    private func fold(
        _ bench: Bench, price: Int64, endedIn window: Range<Int64> = .min ..< .max
    ) -> RehearsalResult {
        var fold = RehearsalFold(Self.tariff(price), in: Self.zone, endedIn: window)
        for record in bench.bench.records where RehearsalFold.kinds.contains(record.kind) {
            fold.fold(StoredRecord(record))
        }
        return fold.finish()
    }

    private func leave(_ bench: inout Bench, paying amount: Int64) {
        bench.arrives()
        _ = bench.pays(amount)
        bench.leaves()
    }

    @Test func `under the tariff that was in force everybody pays the same`() throws {
        var bench = Bench()
        _ = try bench.inside(minutes: 95)
        leave(&bench, paying: 800)
        let result = fold(bench, price: 200)
        #expect(result.all.same == 1 && result.uncharged == 0)
        #expect(result.all.before == Money(800) && result.all.after == Money(800))
        #expect(fold(bench, price: 300).all.more == RehearsalSums.Side(stays: 1, amount: Money(400)))
    }

    @Test(arguments: [Coupon.Kind.minutes(60), .percent(25), .amount(Money(300)), .full])
    func `what coupons took off is no difference between tariffs`(_ kind: Coupon.Kind) throws {
        var bench = Bench()
        _ = try bench.inside(minutes: 95)
        bench.money(
            .grantCoupon(CouponOrder(id: "k1", kind: kind, target: .plate(try #require(Bench.plate.plate)))))
        bench.arrives()
        _ = bench.pays(max(1, try bench.quotedDue()))
        bench.leaves()
        #expect(try bench.last("stayCharged").objects("coupons").count == 1)
        #expect(fold(bench, price: 200).all.before == Money(800))
        #expect(fold(bench, price: 200).all.same == 1)
    }

    @Test func `who left within the time after paying seems to pay no more`() throws {
        var bench = Bench()
        let stay = try bench.inside(minutes: 58)
        _ = bench.pays(400, way: .prepaid, lane: nil, stay: stay)
        bench.bench.advance(.seconds(600))
        bench.arrives()
        bench.leaves()
        let charge = try bench.last("stayCharged")
        #expect(try charge.object("charge").integer("fee") == 400)
        #expect(fold(bench, price: 200).all.same == 1)
        #expect(fold(bench, price: 300).all.after == Money(600))
    }

    @Test func `a stay that ended outside the window and one that is still inside are not priced`() throws {
        var bench = Bench()
        _ = try bench.inside(minutes: 95)
        leave(&bench, paying: 800)
        let other = PlateGrammar.parse("沪B3K605", color: .blue)
        _ = try bench.inside(other, minutes: 10)
        let result = fold(bench, price: 200, endedIn: .min..<Self.morning)
        #expect(result.all.stays == 0)
        #expect(fold(bench, price: 200).leftOut[.unfinished] == 1)
    }

    @Test func `a permit that was given during the stay covers it, another area's does not`() throws {
        let plate = try #require(Bench.plate.plate)
        for (areas, after) in [(["main"], Money.zero), (["garage"], Money(1_200))] {
            var bench = Bench()
            _ = try bench.inside(minutes: 95)
            leave(&bench, paying: 800)
            let permit = Permit(id: 9, plate: plate, areas: areas)
            var fold = RehearsalFold(Self.tariff(300), in: Self.zone)
            fold.fold(Self.stored(0, .permitSet(permit)))
            for record in bench.bench.records where RehearsalFold.kinds.contains(record.kind) {
                fold.fold(StoredRecord(record))
            }
            #expect(fold.finish().all.after == after, "\(areas)")
        }
    }

    @Test func `a household's second car pays until the first one left, as the proposed quota says`() throws {
        let household = Household(id: 5, name: "3-1-502", spaces: 1)
        let start = Self.morning
        for (convert, after) in [(QuotaRule.Convert.fromMoment, 600), (.none, 1_200), (.whole, 0)] {
            var tariff = Self.tariff(300)
            tariff.rules.free = nil
            tariff.rules.quota.convert = convert
            var fold = RehearsalFold(tariff, in: Self.zone)
            fold.fold(Self.stored(1, .householdSet(household)))
            let seen = WallTime(milliseconds: start * 1_000)
            let opening = StayOpening(
                area: "main", lane: "north", plate: Bench.plate.plate, reading: Bench.plate,
                holder: StayHolder(.temporary, household: 5), recognisedAt: seen, passedAt: seen)
            fold.fold(Self.stored(2, .stay(.opened(opening))))
            let left = MoneyFact.converted(StayID(2), at: start + 3_600, left: StayID(1))
            fold.fold(Self.stored(3, .money(left)))
            let out = WallTime(milliseconds: (start + 7_200) * 1_000)
            let exit = Stay.Exit(lane: "south", recognisedAt: out, passedAt: out)
            fold.fold(Self.stored(4, .stay(.closed(StayID(2), .closed, exit, flags: [], nil))))
            let result = fold.finish()
            #expect(result.all.after == Money(Int64(after)), "\(convert)")
            #expect(result.ofHolder[.surplus]?.stays == 1 && result.uncharged == 1)
        }
    }

    @Test func `a charge whose record is deleted is not taken for a free stay`() throws {
        var bench = Bench()
        _ = try bench.inside(minutes: 95)
        leave(&bench, paying: 800)
        var fold = RehearsalFold(Self.tariff(300), in: Self.zone)
        for record in bench.bench.records where RehearsalFold.kinds.contains(record.kind) {
            var stored = StoredRecord(record)
            if record.kind == "stayCharged" { stored.payload = nil }
            fold.fold(stored)
        }
        let result = fold.finish()
        #expect(result.all.stays == 0 && result.unreadableRecords == 1)
        #expect(result.leftOut[.chargeUnreadable] == 1)
    }

    private static func stored(_ number: Int64, _ change: DirectoryChange) -> StoredRecord {
        stored(number, .directory(change, by: nil, reason: nil))
    }

    private static func stored(_ number: Int64, _ fact: Fact) -> StoredRecord {
        StoredRecord(
            sequence: Sequence(number), kind: fact.kind, format: 1,
            at: Moment(uptime: .zero, wall: ChargeBench.morning), boot: "b", payload: fact.payload)
    }
}
