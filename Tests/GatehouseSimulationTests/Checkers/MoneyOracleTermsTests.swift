// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseSimulation

/// The numbers are reckoned by hand: 95 minutes are four half hours of 2 yuan, or two hours of 1.50 as guests pay, or a
/// visit of 4 yuan as staff do.
@Suite struct MoneyOracleTermsTests {
    private static let entry = MoneyOracleTests.midnight

    private static func bill(
        _ coupons: [MoneyOracle.Coupon], minutes: Int64 = 95, _ stacking: PriceBoard.Stacking = .all,
        others: PriceBoard.Stacking = .all
    ) throws -> MoneyOracle.Bill {
        var prices = try MoneyOracleTests.prices("half-hours")
        prices.board.stacking = stacking
        for index in prices.others.indices { prices.others[index].stacking = others }
        var facts = MoneyOracle.Facts(entry: entry, exit: entry + minutes * 60)
        facts.coupons = coupons
        return MoneyOracle(prices: prices).bill(facts)
    }

    private static func coupon(
        _ id: String, _ kind: MoneyOracle.Coupon.Kind, from: Int64? = nil, to: Int64? = nil
    ) -> MoneyOracle.Coupon {
        MoneyOracle.Coupon(
            id: id, kind: kind, from: from.map { entry + $0 * 60 }, to: to.map { entry + $0 * 60 })
    }

    @Test func `another tariff is used where it costs less`() throws {
        let guests = Self.coupon("g", .tariff("guests"))
        #expect(try Self.bill([guests]) == MoneyOracle.Bill(fee: 300, owed: 300, savings: ["g": 500]))
        // A day is 20.00 at most here, and 36.00 for guests.
        #expect(try Self.bill([guests], minutes: 1440) == MoneyOracle.Bill(fee: 2000, owed: 2000))
        #expect(try Self.bill([Self.coupon("g", .tariff("guests"), to: 95)]).fee == 800, "it is over")
        #expect(try Self.bill([Self.coupon("g", .tariff("nobody"))]).fee == 800)
        let both = try Self.bill([Self.coupon("s", .tariff("staff")), guests])
        #expect(both == MoneyOracle.Bill(fee: 300, owed: 300, savings: ["g": 500], leavesOut: true))
    }

    @Test func `what comes off the other tariff's price is as much as the site's board lets stand together`()
        throws
    {
        let three = [
            Self.coupon("g", .tariff("guests")), Self.coupon("p", .percent(50)),
            Self.coupon("a", .amount(100)),
        ]
        #expect(
            try Self.bill(three)
                == MoneyOracle.Bill(fee: 50, owed: 50, savings: ["g": 500, "p": 150, "a": 100]))
        #expect(try Self.bill(three, others: .bestOne) == Self.bill(three))
        let four = three + [Self.coupon("b", .amount(50))]
        #expect(
            try Self.bill(four, .onePerKind)
                == MoneyOracle.Bill(
                    fee: 50, owed: 50, savings: ["g": 500, "p": 150, "a": 100], leavesOut: true))
        let free = try Self.bill([three[0], Self.coupon("f", .full)])
        #expect(free == MoneyOracle.Bill(fee: 0, owed: 0, savings: ["f": 800]))
    }

    @Test func `where one coupon counts another tariff is that one, or none`() throws {
        let guests = Self.coupon("g", .tariff("guests"))
        #expect(
            try Self.bill([guests, Self.coupon("a", .amount(200))], .bestOne)
                == MoneyOracle.Bill(fee: 300, owed: 300, savings: ["g": 500], leavesOut: true))
        #expect(
            try Self.bill([guests, Self.coupon("a", .amount(700))], .bestOne)
                == MoneyOracle.Bill(fee: 100, owed: 100, savings: ["a": 700], leavesOut: true))
    }

    @Test func `time that is free for a while is not paid for, and the rest is`() throws {
        // Fifty-five minutes are two half hours.
        let early = Self.coupon("t", .period, from: -60, to: 40)
        #expect(try Self.bill([early]) == MoneyOracle.Bill(fee: 400, owed: 400, savings: ["t": 400]))
        #expect(
            try Self.bill([early, Self.coupon("p", .percent(50))])
                == MoneyOracle.Bill(fee: 200, owed: 200, savings: ["t": 400, "p": 200]))
        #expect(try Self.bill([Self.coupon("t", .period, from: 95, to: 200)]).savings == [:])
        // Up to there, and from there on: two pieces of which each is free by itself.
        let middle = try Self.bill([Self.coupon("t", .period, from: 30, to: 70)])
        #expect(middle == MoneyOracle.Bill(fee: 0, owed: 0, savings: ["t": 800]))
    }
}
