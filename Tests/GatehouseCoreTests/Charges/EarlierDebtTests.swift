// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// What is owed from earlier stays where the site collects it (`charging.arrears: collect`).
struct EarlierDebtTests {
    private typealias Bench = ChargeBench

    /// Two stays that left owing 8 yuan each; the second one's last quote asked for both.
    private func twice() throws -> (bench: Bench, stays: [StayID], quote: Sequence) {
        var bench = Bench { $0.arrears = .collect }
        let first = try bench.inside(minutes: 95)
        bench.arrives()
        bench.money(.later(.lane("south")))
        bench.leaves()
        let second = try bench.inside(minutes: 95)
        bench.arrives()
        #expect(try bench.quotedDue() == 1600)
        bench.bench.advance(.seconds(605))
        bench.leaves()
        #expect(bench.book.debts[first]?.amount == Money(800))
        #expect(bench.book.debts[second]?.amount == Money(800))
        let quote = try #require(bench.bench.records.last { $0.kind == "chargeQuoted" }).sequence
        return (bench, [first, second], quote)
    }

    @Test func `what is paid late for a quote reaches the older debts that it asked for`() throws {
        var (bench, stays, quote) = try twice()
        _ = bench.pays(1700, serial: "late", lane: nil, quote: quote)
        #expect(bench.book.debts.isEmpty)
        #expect(bench.balance("assets.arrears") == 0 && bench.balance("liabilities.refundable") == -100)
        #expect(bench.book.isBalanced)
        let paid = try bench.last("paymentSettled")
        #expect(paid.number("stay") == stays[1].number && paid.number("rest") == 100)
        let others = try paid.objects("collected")
        #expect(others.map { $0.text("stay") } == [String(stays[0].number)])
        #expect(others.map { $0.number("amount") } == [800])
        for memory in try bench.recovered() { #expect(memory.money == bench.book) }
        // What paid a debt is nobody's to give back, whichever debt.
        let back = { MoneyOrder.refund(serial: "late", amount: Money($0), way: nil, reason: "OVERPAID") }
        #expect(Bench.isRefused(bench.money(back(101))))
        #expect(!Bench.isRefused(bench.money(back(100))))
    }

    @Test func `in part, as far as it goes`() throws {
        var (bench, stays, quote) = try twice()
        _ = bench.pays(1000, lane: nil, quote: quote)
        #expect(bench.book.debts[stays[1]] == nil && bench.book.debts[stays[0]]?.amount == Money(600))
        #expect(bench.balance("assets.arrears") == 600 && bench.balance("liabilities.refundable") == 0)
    }

    @Test func `what names the stay alone was asked for nothing else`() throws {
        var (bench, stays, _) = try twice()
        _ = bench.pays(1600, lane: nil, stay: stays[1])
        #expect(bench.book.debts[stays[0]]?.amount == Money(800))
        #expect(bench.balance("liabilities.refundable") == -800)
    }
}
