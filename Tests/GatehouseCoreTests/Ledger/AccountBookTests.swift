// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

struct AccountBookTests {
    @Test func `what a stay has used is not given back out of what another paid too much`() throws {
        var bench = ChargeBench()
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        _ = bench.pays(1800, serial: "much")
        bench.leaves()
        bench.bench.advance(.seconds(120))
        #expect(bench.balance("liabilities.refundable") == -1000)
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        _ = bench.pays(800, serial: "used")
        bench.leaves()
        let used = bench.money(.refund(serial: "used", amount: nil, way: nil, reason: "OTHER: reversed"))
        guard case .refused = used else { return #expect(Bool(false), "given back") }
        #expect(bench.balance("liabilities.refundable") == -1000)
        let more = bench.money(.refund(serial: "much", amount: Money(1001), way: nil, reason: "OVERPAID"))
        guard case .refused(_, let why) = more else { return #expect(Bool(false), "more than it left") }
        #expect(why == "CNY 10.01 of CNY 10.00 that can be given back of payment much")
        let rest = bench.money(.refund(serial: "much", amount: Money(1000), way: nil, reason: "OVERPAID"))
        guard case .done = rest else { return #expect(Bool(false), "kept") }
        #expect(bench.balance("liabilities.refundable") == 0)
        for memory in try bench.recovered() { #expect(memory.money == bench.book) }
    }

    @Test func `a late payment for a quote whose stay is over opens for nobody else at the lane`() throws {
        var bench = ChargeBench()
        _ = try bench.inside(minutes: 20)
        bench.arrives()
        let quote = try #require(bench.bench.records.last { $0.kind == "chargeQuoted" }).sequence
        bench.leaves()
        bench.bench.advance(.seconds(120))
        let next = try bench.inside(minutes: 95)
        bench.arrives()
        guard case .done = bench.pays(800, quote: quote) else { return #expect(Bool(false), "lost") }
        #expect(try bench.last("paymentSettled").text("use") == "unmatched")
        #expect(bench.book.account(of: next).settlements.isEmpty)
    }
}
