// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSimulation

/// The oracle says what a resident reads off the board, and the engine says the same.
@Suite struct MoneyOracleTests {
    static func prices(_ name: String) throws -> EstatePrices {
        var prices = EstatePrices(seed: 1, days: 1)
        prices.board = try #require(PriceBoard.all.first { $0.name == name })
        prices.next = prices.board.dearer(by: 100)
        prices.changesAt = midnight + 30 * 86_400
        prices.zoneOffset = 0
        return prices
    }

    /// 2026-03-02, a Monday.
    static let midnight: Int64 = 1_772_409_600

    private func fee(_ board: String, from: Int64, minutes: Int64, green: Bool = false, yellow: Bool = false)
        throws -> Int64
    {
        let entry = Self.midnight + from * 60
        var facts = MoneyOracle.Facts(entry: entry, exit: entry + minutes * 60)
        facts.isNewEnergy = green
        facts.isLarge = yellow
        return MoneyOracle(prices: try Self.prices(board)).bill(facts).fee
    }

    @Test func `the oracle reads each board as a resident does`() throws {
        #expect(try fee("half-hours", from: 0, minutes: 30) == 0)
        #expect(try fee("half-hours", from: 0, minutes: 31) == 400)
        #expect(try fee("half-hours", from: 0, minutes: 1440 + 30) == 2200)
        #expect(try fee("half-hours", from: 0, minutes: 31, yellow: true) == 600)
        // A quarter of an hour is kept, then the first hour, then two half hours: 8.10, in jiao.
        #expect(try fee("first-hour", from: 0, minutes: 15 + 60 + 60) == 810)
        #expect(try fee("first-hour", from: 0, minutes: 15 + 60 + 60, green: true) == 330)
        // 20:00 to 22:00: two half hours of the day at 1.50 each, cut at 21:00, and the night.
        #expect(try fee("day-and-night", from: 1200, minutes: 120) == 600)
        #expect(try fee("visit", from: 1380, minutes: 9) == 0)
        #expect(try fee("visit", from: 1380, minutes: 120) == 1000)
        #expect(try fee("natural-day", from: 1380, minutes: 60 + 30) == 300)
        #expect(try fee("natural-day", from: 1380, minutes: 60 + 31) == 600)
        #expect(try fee("table", from: 0, minutes: 61) == 500)
        #expect(try fee("table", from: 0, minutes: 1441) == 1400)
    }

    @Test func `what was paid leaves time to go, and then the board's own overtime`() throws {
        func owed(_ board: String, leavesAfter minutes: Int64) throws -> Int64 {
            var facts = MoneyOracle.Facts(
                entry: Self.midnight, exit: Self.midnight + (90 + minutes) * 60)
            facts.payments = [
                (
                    Self.midnight + 90 * 60,
                    MoneyOracle(prices: try Self.prices(board)).bill(
                        MoneyOracle.Facts(entry: Self.midnight, exit: Self.midnight + 90 * 60)
                    ).fee
                )
            ]
            return MoneyOracle(prices: try Self.prices(board)).bill(facts).owed
        }
        for board in PriceBoard.all { #expect(try owed(board.name, leavesAfter: 15) == 0, "\(board.name)") }
        #expect(try owed("half-hours", leavesAfter: 16) == 200)
        #expect(try owed("day-and-night", leavesAfter: 21) == 300)
        #expect(try owed("visit", leavesAfter: 16) == 500)
        #expect(try owed("table", leavesAfter: 75) == 200)
    }

    @Test func `people's changes and payments are taken in their order`() throws {
        let oracle = MoneyOracle(prices: try Self.prices("half-hours"))
        var facts = MoneyOracle.Facts(entry: Self.midnight, exit: Self.midnight + 95 * 60)
        facts.changes = [.by(-300)]
        #expect(oracle.bill(facts) == MoneyOracle.Bill(fee: 800, owed: 500))
        facts.changes.append(.to(0))
        #expect(oracle.bill(facts).owed == 0)
        facts.changes = []
        facts.payments = [(Self.midnight + 95 * 60, 300)]
        #expect(oracle.bill(facts).owed == 500)
    }

    @Test
    func `coupons are taken minutes first, then percentages, then amounts, and a free one alone`() throws {
        func bill(_ board: String, _ coupons: [MoneyOracle.Coupon.Kind], minutes: Int64 = 95) throws
            -> MoneyOracle.Bill
        {
            var facts = MoneyOracle.Facts(entry: Self.midnight, exit: Self.midnight + minutes * 60)
            facts.coupons = coupons.enumerated().map { .init(id: "m\($0.offset)", kind: $0.element) }
            return MoneyOracle(prices: try Self.prices(board)).bill(facts)
        }
        #expect(try bill("half-hours", [.minutes(60)]).savings == ["m0": 400])
        // 8.00, half of it, and no change of 5.00.
        let both = try bill("half-hours", [.amount(500), .percent(50)])
        #expect(both == MoneyOracle.Bill(fee: 0, owed: 0, savings: ["m0": 400, "m1": 400]))
        #expect(try bill("half-hours", [.percent(50), .full]).savings == ["m1": 800])
        #expect(try bill("half-hours", [.full], minutes: 20).savings == [:], "it was free already")
        // Three half hours of four, shared by their minutes; what is left by that is the first one's.
        #expect(try bill("half-hours", [.minutes(20), .minutes(70)]).savings == ["m0": 134, "m1": 466])
    }

    /// The same random stays under every board, priced by both.
    @Test func `oracle and engine agree`() throws {
        var random = Random(seed: 11)
        for board in PriceBoard.all {
            for _ in 0..<60 {
                var prices = EstatePrices(seed: random.next(), days: 1)
                prices.board = board
                prices.board.stacking = random.pick(PriceBoard.Stacking.allCases)
                prices.next = prices.board.dearer(by: 100)
                let stay = Self.stay(&random)
                let mine = MoneyOracle(prices: prices).bill(stay)
                let charge = try Self.charge(stay, prices)
                #expect(charge.fee?.minorUnits == mine.fee, "\(board.name) \(stay)")
                #expect(charge.due?.minorUnits == mine.owed, "\(board.name) \(stay)")
                let savings = charge.coupons.map { ($0.coupon, $0.amount.minorUnits) }
                #expect(Dictionary(savings) { $1 } == mine.savings, "\(board.name) \(stay)")
                #expect(
                    charge.flags.contains(.couponNotStackable) == mine.leavesOut, "\(board.name) \(stay)")
            }
        }
    }

    private static func stay(_ random: inout Random) -> MoneyOracle.Facts {
        let entry = midnight + Int64(random.below(172_800))
        let length = random.chance(1, in: 3) ? random.below(7200) : random.below(150_000)
        var stay = MoneyOracle.Facts(entry: entry, exit: entry + Int64(length))
        stay.isLarge = random.chance(1, in: 4)
        stay.isNewEnergy = random.chance(1, in: 4)
        if length > 10, random.chance(1, in: 4) {
            // Covered up to some instant, or from there on.
            let edge = entry + Int64(random.below(length))
            stay.billed = [random.chance(1, in: 2) ? edge..<stay.exit : entry..<edge].filter { !$0.isEmpty }
        }
        for _ in 0..<random.below(3) {
            stay.payments.append(
                (entry + Int64(random.below(length + 600)), Int64(1 + random.below(12)) * 100))
        }
        if random.chance(1, in: 6) { stay.changes = [.by(-Int64(random.below(500)))] }
        if random.chance(1, in: 9) { stay.changes.append(.to(0)) }
        for number in 0..<max(0, random.below(5) - 1) {
            let kind: MoneyOracle.Coupon.Kind = random.pick([
                .minutes(30), .minutes(90), .amount(250), .amount(2000), .percent(33), .percent(50), .full,
            ])
            let to = random.chance(1, in: 4) ? entry + Int64(random.below(length + 600)) : nil
            stay.coupons.append(MoneyOracle.Coupon(id: "m\(number)", kind: kind, to: to))
        }
        return stay
    }

    private static func charge(_ stay: MoneyOracle.Facts, _ prices: EstatePrices) throws -> Charge {
        var facts = StayFacts(entry: stay.entry, exit: stay.exit)
        facts.vehicle.vehicleClass = stay.isLarge ? "large" : "small"
        facts.vehicle.energy = stay.isNewEnergy ? .newEnergy : nil
        facts.temporary = stay.billed.map { TimeSpan($0.lowerBound, $0.upperBound) }
        facts.payments = stay.payments.map { StayPayment(at: $0.at, amount: Money($0.amount)) }
        facts.adjustments = stay.changes.map { change in
            switch change {
            case .by(let amount): Adjustment(reason: "OTHER", change: .by(Money(amount)))
            case .to(let amount): Adjustment(reason: "OTHER", change: .feeIs(Money(amount)))
            }
        }
        facts.coupons = stay.coupons.map { coupon in
            let kind: Coupon.Kind =
                switch coupon.kind {
                case .minutes(let minutes): .minutes(Int(minutes))
                case .amount(let amount): .amount(Money(amount))
                case .percent(let part): .percent(UInt8(clamping: part))
                case .full: .full
                case .tariff(let id): .tariff(id)
                case .period: .period
                }
            return Coupon(id: coupon.id, kind: kind, validFrom: coupon.from, validTo: coupon.to)
        }
        let edition = try #require(prices.plan.edition(entry: stay.entry, exit: stay.exit))
        return try edition.tariff.price(facts, in: edition.zone)
    }
}
