// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What a third visit is told was charged, where the second cost less than what was charged before it and then ran over.
struct PlateHistoryOvertimeTests {
    /// One yuan each begun half hour. The first two hours cost 4 yuan. The second visit is free by its coupon, something
    /// else is paid in it, and beyond its time to leave it costs 3 yuan anew.
    @Test func `time beyond a payment is charged on top of what was charged before`() throws {
        var rules = TariffRules()
        rules.pricing = .one(.steps(StepRate(steps: [Step(unitMinutes: 30, price: Money(100))])))
        rules.reentryWithinMinutes = 60
        var grace = PayGrace(minutes: 15)
        grace.overtime = .newFromPayment
        rules.payGrace = grace
        let tariff = Tariff(id: "t", version: 1, currency: "CNY", zone: "UTC", rules: rules)
        let start: Int64 = 1_700_000_000
        var facts = StayFacts(entry: start + 125 * 60, exit: start + 260 * 60)
        facts.previous = PreviousStay(entry: start, exit: start + 120 * 60, charged: Money(400))
        facts.coupons = [Coupon(id: "k", kind: .full)]
        facts.payments = [StayPayment(at: start + 180 * 60, amount: Money(500))]
        let charge = try tariff.price(facts, in: .utc)
        #expect(charge.due == Money(300))
        #expect(charge.coupons.map(\.amount) == [Money(200)])
        let history = try #require(
            PlateHistory(after: facts, charge, under: tariff, in: .utc, sharesCaps: false))
        #expect(history.previous.charged == Money(400 + 200 + 300))
    }
}
