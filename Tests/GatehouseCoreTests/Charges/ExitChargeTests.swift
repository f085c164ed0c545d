// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// A vehicle that leaves a site that charges: asked, paid, let out, closed, booked.
struct ExitChargeTests {
    private typealias Bench = ChargeBench

    @Test func `within the free time the arm opens and the stay ends at nothing`() throws {
        var bench = Bench()
        _ = try bench.inside(minutes: 20)
        bench.arrives()
        #expect(bench.isOpened)
        let decision = try bench.last("accessGranted")
        #expect(decision.text("reason") == "ZERO_DUE")
        bench.leaves()
        let charge = try bench.last("stayCharged")
        #expect(charge.text("outcome") == "free")
        #expect(try charge.postings().isEmpty)
    }

    @Test func `whoever owes waits, is told how much, and is let out when it is paid`() throws {
        var bench = Bench()
        let stay = try bench.inside(minutes: 95)
        bench.arrives()
        #expect(!bench.isOpened)
        let quote = try bench.last("chargeQuoted")
        #expect(quote.number("stay") == stay.number)
        #expect(try quote.object("charge").number("due") == 800)
        #expect(bench.bench.site.texts[0].charge?.due == Money(800))
        #expect(
            bench.pays(800)
                == .done(try #require(bench.bench.records.last { $0.kind == "paymentSettled" }).sequence))
        #expect(bench.isOpened)
        #expect(try bench.last("accessGranted").text("reason") == "PAID")
        bench.leaves()
        let charge = try bench.last("stayCharged")
        #expect(charge.text("outcome") == "paid")
        #expect(charge.number("paid") == 800)
        #expect(bench.balance("income.common.temp_parking") == -800)
        #expect(bench.balance("assets.clearing.static_qr") == 800)
        #expect(bench.balance("liabilities.deposits") == 0)
        #expect(bench.book.isBalanced)
        #expect(bench.book.debts.isEmpty)
    }

    @Test func `a payment comes before the arm that it opens, in the journal too`() throws {
        var bench = Bench()
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        _ = bench.pays(800)
        let kinds = bench.bench.records.map(\.kind)
        let paid = try #require(kinds.lastIndex(of: "paymentSettled"))
        let granted = try #require(kinds.lastIndex(of: "accessGranted"))
        let opened = try #require(kinds.lastIndex(of: "barrierCommanded"))
        #expect(paid < granted && granted < opened)
    }

    @Test func `a notice is taken once by its serial, and another amount under it is a conflict`() throws {
        var bench = Bench()
        let stay = try bench.inside(minutes: 95)
        bench.arrives()
        let first = bench.pays(800)
        #expect(bench.pays(800) == first)
        #expect(bench.count("paymentSettled") == 1)
        guard case .refused(let code, _) = bench.pays(900) else { return #expect(Bool(false), "was taken") }
        #expect(code == "conflict")
        bench.leaves()
        // After the vehicle left it still is the same payment.
        #expect(bench.pays(800, lane: nil, stay: stay) == first)
        #expect(bench.count("paymentSettled") == 1)
    }

    @Test func `too little opens nothing, and the rest is asked for`() throws {
        var bench = Bench()
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        _ = bench.pays(300)
        #expect(!bench.isOpened)
        #expect(try bench.last("chargeQuoted").object("charge").number("due") == 500)
        _ = bench.pays(500, serial: "p2")
        #expect(bench.isOpened)
    }

    @Test func `too much is kept to be given back, and is no income`() throws {
        var bench = Bench()
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        _ = bench.pays(1000)
        bench.leaves()
        #expect(bench.balance("liabilities.refundable") == -200)
        #expect(bench.balance("income.common.temp_parking") == -800)
        #expect(bench.book.isBalanced)
        guard
            case .done = bench.money(
                .refund(
                    serial: "p1", amount: Money(200), way: nil, reason: "OVERPAID"))
        else { return #expect(Bool(false), "not given back") }
        #expect(bench.balance("liabilities.refundable") == 0)
        guard
            case .refused = bench.money(
                .refund(
                    serial: "p1", amount: Money(1), way: nil, reason: "OVERPAID")
            )
        else { return #expect(Bool(false), "more than there is") }
    }

    @Test func `a payment that its provider takes back leaves the stay owing, and is taken back once`() throws
    {
        var bench = Bench()
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        _ = bench.pays(300)
        let reversal = MoneyOrder.refund(serial: "p1", amount: nil, way: nil, reason: "OTHER: reversed")
        let first = bench.money(reversal)
        #expect(try bench.last("chargeQuoted").object("charge").number("due") == 800)
        #expect(bench.balance("liabilities.deposits") == 0)
        #expect(bench.balance("assets.clearing.static_qr") == 0)
        #expect(bench.money(reversal) == first)
        #expect(bench.count("paymentRefunded") == 1)
        for memory in try bench.recovered() { #expect(memory.money == bench.book) }
        // What a stay has used up is no longer there to give back.
        _ = bench.pays(800, serial: "p2")
        bench.leaves()
        let late = bench.money(.refund(serial: "p2", amount: nil, way: nil, reason: "OTHER: reversed"))
        guard case .refused = late else { return #expect(Bool(false), "given back") }
    }

    @Test
    func `money for nobody that is known is kept apart, and money for a stay that is over is given back`()
        throws
    {
        var bench = Bench()
        guard case .done = bench.pays(500, serial: "x", lane: nil) else {
            return #expect(Bool(false), "lost")
        }
        #expect(bench.balance("liabilities.unmatched") == -500)
        let stay = try bench.inside(minutes: 10)
        bench.arrives()
        bench.leaves()
        guard case .done = bench.pays(700, serial: "y", lane: nil, stay: stay) else {
            return #expect(Bool(false), "lost")
        }
        #expect(bench.balance("liabilities.refundable") == -700)
        #expect(bench.book.isBalanced)
    }

    @Test func `nobody waits for ever: after ten minutes the vehicle goes and owes`() throws {
        var bench = Bench()
        let stay = try bench.inside(minutes: 95)
        bench.arrives()
        bench.bench.advance(.seconds(590))
        #expect(!bench.isOpened)
        bench.bench.advance(.seconds(15))
        #expect(bench.isOpened)
        bench.leaves()
        let charge = try bench.last("stayCharged")
        #expect(charge.text("outcome") == "owed")
        #expect(bench.book.debts[stay]?.amount == Money(800))
        #expect(bench.balance("assets.arrears") == 800)
        // Paid late, by the stay.
        _ = bench.pays(1000, lane: nil, stay: stay)
        #expect(bench.book.debts.isEmpty)
        #expect(bench.balance("assets.arrears") == 0)
        #expect(bench.balance("liabilities.refundable") == -200)
        #expect(bench.book.isBalanced)
    }

    @Test func `what is paid too late may name no more than the quote`() throws {
        var bench = Bench()
        // One minute before the fourth half hour begins.
        let stay = try bench.inside(minutes: 89)
        bench.arrives()
        let first = try #require(bench.bench.records.last { $0.kind == "chargeQuoted" }).sequence
        bench.bench.advance(.seconds(605))
        bench.leaves()
        let last = try #require(bench.bench.records.last { $0.kind == "chargeQuoted" }).sequence
        #expect(first != last && bench.book.debts[stay]?.amount == Money(800))
        for memory in try bench.recovered() { #expect(memory.money == bench.book) }
        _ = bench.pays(300, serial: "a", lane: nil, quote: first)
        #expect(bench.book.debts[stay]?.amount == Money(500))
        for memory in try bench.recovered() { #expect(memory.money == bench.book) }
        _ = bench.pays(500, serial: "b", quote: last)
        #expect(bench.book.debts.isEmpty && bench.balance("assets.arrears") == 0)
        for memory in try bench.recovered() { #expect(memory.money == bench.book) }
        // Of a stay that owes nothing no quote is remembered.
        _ = bench.pays(500, serial: "c", quote: last)
        #expect(bench.balance("liabilities.unmatched") == -500 && bench.book.isBalanced)
    }

    @Test func `of what paid a debt no more comes back than was beyond it`() throws {
        var bench = Bench()
        let stay = try bench.inside(minutes: 95)
        bench.arrives()
        bench.money(.later(.lane("south")))
        bench.leaves()
        _ = bench.pays(1000, serial: "debt", lane: nil, stay: stay)
        // Somebody else's, in the same account.
        _ = bench.pays(700, serial: "other", lane: nil, stay: stay)
        #expect(bench.balance("liabilities.refundable") == -900)
        let back = MoneyOrder.refund(serial: "debt", amount: Money(200), way: nil, reason: "OVERPAID")
        guard case .done = bench.money(back) else { return #expect(Bool(false), "kept") }
        guard case .refused = bench.money(back) else { return #expect(Bool(false), "of another's money") }
        #expect(bench.balance("liabilities.refundable") == -700)
    }

    @Test func `a clock that is set back while somebody waits has the charge asked anew`() throws {
        var bench = Bench()
        _ = try bench.enters()
        bench.bench.advance(.seconds(95 * 60))
        bench.arrives()
        #expect(try bench.quotedDue() == 800)
        bench.steps(.seconds(-3600))
        bench.bench.advance(.seconds(3))
        // From then on every answer is of the clock as it is, and stays so.
        #expect(try bench.quotedDue() == 400)
        let count = bench.count("chargeQuoted")
        bench.bench.advance(.seconds(30))
        #expect(bench.count("chargeQuoted") == count)
    }

    @Test func `a household is never kept for money: it goes and owes`() throws {
        var bench = Bench()
        let stay = try bench.inside(minutes: 95, StayHolder(.temporary, household: 7))
        bench.arrives()
        #expect(bench.isOpened)
        bench.leaves()
        #expect(bench.book.debts[stay]?.amount == Money(800))
        #expect(bench.book.debts[stay]?.household == 7)
    }

    @Test func `a quote that lapses is made anew while the vehicle waits`() throws {
        var bench = Bench()
        // One minute before the fourth half hour begins.
        _ = try bench.inside(minutes: 89)
        bench.arrives()
        let quote = try bench.last("chargeQuoted")
        #expect(try quote.object("charge").number("due") == 600)
        let valid = try #require(quote.number("valid_until_s"))
        bench.bench.advance(.seconds(120))
        let next = try bench.last("chargeQuoted")
        #expect(try next.object("charge").number("due") == 800)
        #expect(try #require(next.number("computed_s")) - valid <= 2)
        let superseded = try #require(next.number("supersedes"))
        // Paid for the first one: credited, and the rest is asked for.
        _ = bench.pays(600, lane: nil, quote: Sequence(superseded))
        #expect(!bench.isOpened)
        #expect(try bench.last("chargeQuoted").object("charge").number("due") == 200)
    }

    @Test func `a second vehicle is not let out by the first one's payment`() throws {
        var bench = Bench()
        let first = try bench.inside(minutes: 95)
        let other = PlateGrammar.parse("沪B12345", color: .blue)
        _ = try bench.inside(other, minutes: 95)
        bench.arrives(other)
        _ = bench.pays(800, lane: nil, stay: first)
        #expect(!bench.isOpened)
    }

    @Test func `what the journal keeps makes the same books`() throws {
        var bench = Bench()
        _ = try bench.inside(minutes: 95)
        bench.money(.openShift)
        bench.arrives()
        _ = bench.pays(300)
        bench.money(.adjust(.lane("south"), Adjustment(reason: "GOODWILL", change: .by(Money(-100)))))
        for memory in try bench.recovered() { #expect(memory.money == bench.book) }
        _ = bench.pays(400, serial: "c", way: .cash)
        bench.leaves()
        bench.money(.closeShift(counted: Money(390), note: nil))
        for memory in try bench.recovered() { #expect(memory.money == bench.book) }
        #expect(bench.book.isBalanced)
        #expect(bench.balance("reductions.adjust.waiver.GOODWILL") == 100)
        #expect(bench.balance("differences.cash") == 10)
        #expect(bench.balance("assets.cash_handed_over") == 390)
        #expect(bench.balance("assets.cash") == 0)
    }
}
