// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseSimulation

/// The numbers are reckoned by hand: 95 minutes are four half hours of 2 yuan.
@Suite struct CouponChoiceTests {
    private typealias Kind = MoneyOracle.Coupon.Kind

    private static func bill(
        _ stacking: PriceBoard.Stacking, _ coupons: KeyValuePairs<String, Kind>,
        board: String = "half-hours", minutes: Int64 = 95
    ) throws -> MoneyOracle.Bill {
        var prices = try MoneyOracleTests.prices(board)
        prices.board.stacking = stacking
        let entry = MoneyOracleTests.midnight
        var facts = MoneyOracle.Facts(entry: entry, exit: entry + minutes * 60)
        facts.coupons = coupons.map { .init(id: $0.key, kind: $0.value) }
        return MoneyOracle(prices: prices).bill(facts)
    }

    @Test func `of all that there are the best one counts, and not the first`() throws {
        let three: KeyValuePairs<String, Kind> = ["a": .percent(20), "b": .minutes(60), "c": .amount(500)]
        #expect(
            try Self.bill(.bestOne, three)
                == MoneyOracle.Bill(fee: 300, owed: 300, savings: ["c": 500], leavesOut: true))
        #expect(
            try Self.bill(.bestOne, ["a": .percent(20)])
                == MoneyOracle.Bill(fee: 640, owed: 640, savings: ["a": 160]))
    }

    @Test func `of equally good ones the lower number counts, whichever was given first`() throws {
        #expect(try Self.bill(.bestOne, ["b": .percent(50), "a": .minutes(60)]).savings == ["a": 400])
        // 8.10: 4.05 and 4.08 are both 4.10 in jiao.
        let rounded = try Self.bill(
            .bestOne, ["b": .percent(50), "a": .amount(402)], board: "first-hour", minutes: 135)
        #expect(rounded == MoneyOracle.Bill(fee: 410, owed: 410, savings: ["a": 402], leavesOut: true))
    }

    @Test func `of each kind the largest counts`() throws {
        let six: KeyValuePairs<String, Kind> = [
            "a": .amount(200), "b": .amount(500), "c": .percent(20), "d": .percent(50), "e": .minutes(60),
            "f": .minutes(30),
        ]
        // 8.00, 4.00 after an hour, 2.00 by half, and no change of 5.00.
        #expect(
            try Self.bill(.onePerKind, six)
                == MoneyOracle.Bill(
                    fee: 0, owed: 0, savings: ["e": 400, "d": 200, "b": 200], leavesOut: true))
        #expect(
            try Self.bill(.onePerKind, ["b": .amount(200), "a": .amount(200)])
                == MoneyOracle.Bill(fee: 600, owed: 600, savings: ["a": 200], leavesOut: true))
        #expect(
            try Self.bill(.onePerKind, ["a": .amount(200), "b": .percent(20)])
                == MoneyOracle.Bill(fee: 440, owed: 440, savings: ["a": 200, "b": 160]))
    }

    @Test func `what makes all of it free stands alone, and only the best one says that others do not count`()
        throws
    {
        let both: KeyValuePairs<String, Kind> = ["a": .amount(2000), "b": .full]
        for stacking in PriceBoard.Stacking.allCases {
            let bill = try Self.bill(stacking, both)
            #expect(bill.savings == ["b": 800], "\(stacking)")
            #expect(bill.leavesOut == (stacking == .bestOne), "\(stacking)")
        }
    }

    @Test func `where nothing is to be paid nothing is left out`() throws {
        #expect(
            try Self.bill(.bestOne, ["a": .amount(200), "b": .amount(500)], minutes: 20)
                == MoneyOracle.Bill(fee: 0, owed: 0))
    }
}
