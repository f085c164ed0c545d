// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// Balances that pay at the exit by themselves. The stay of most tests is 95 minutes long, 8 yuan.
struct StoredValueTests {
    private typealias Bench = ChargeBench

    private static let mine = StoredHolder.plate(Bench.plate.plate ?? Plate(packed: 0))

    private func bench(
        _ short: StoredValuePlan.Short = .treatAsTemporary, directory: Directory = .empty,
        _ change: @escaping (inout PricingPlan) -> Void = { _ in }
    ) -> Bench {
        var bench = Bench(directory: directory) {
            var plan = StoredValuePlan()
            plan.short = short
            $0.storedValue = plan
            change(&$0)
        }
        bench.money(.openShift)
        return bench
    }

    private func topUp(
        _ amount: Int64, _ holder: StoredHolder = mine, serial: String = "t1"
    ) -> MoneyOrder {
        .topUp(holder, PaymentNotice(serial: serial, way: .cash, amount: Money(amount)))
    }

    private func expectRefused(_ answer: Answer?, _ word: String) {
        guard case .refused(_, let why) = answer else {
            Issue.record("not refused: \(String(describing: answer))")
            return
        }
        #expect(why.contains(word), "\(why)")
    }

    private func expectSame(_ bench: Bench) throws {
        for memory in try bench.recovered() { #expect(memory.money == bench.book) }
        #expect(bench.book.isBalanced)
        let sum = bench.book.stored.balances.inOrder.reduce(0) { $0 + $1.value.minorUnits }
        #expect(bench.balance("liabilities.stored") == -sum)
    }

    @Test func `a balance settles what is due in the step that asks for it`() throws {
        var bench = bench()
        bench.money(topUp(5000))
        #expect(bench.balance("assets.cash") == 5000)
        try expectSame(bench)
        let stay = try bench.inside(minutes: 95)
        bench.arrives()
        #expect(bench.isOpened)
        let paid = try bench.last("paymentSettled")
        #expect(paid.text("way") == "stored_value" && paid.number("amount") == 800)
        #expect(paid.number("stay") == stay.number && paid.number("balance") == 4200)
        #expect(try bench.last("accessGranted").text("reason") == "PAID")
        let kinds = bench.bench.records.map(\.kind)
        let settled = try #require(kinds.lastIndex(of: "paymentSettled"))
        let quoted = try #require(kinds.firstIndex(of: "chargeQuoted"))
        let granted = try #require(kinds.lastIndex(of: "accessGranted"))
        #expect(quoted < settled && settled < granted)
        #expect(!kinds.contains("accessHeld"))
        bench.leaves()
        #expect(bench.book.stored.balance(of: Self.mine) == Money(4200))
        #expect(bench.balance("income.common.temp_parking") == -800)
        #expect(bench.count("paymentSettled") == 2)
        try expectSame(bench)
    }

    @Test func `it pays once, however often the vehicle is looked at`() throws {
        var bench = bench()
        bench.money(topUp(5000))
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        bench.bench.advance(.seconds(30))
        bench.arrives()
        bench.leaves()
        #expect(bench.book.stored.balance(of: Self.mine) == Money(4200))
        try expectSame(bench)
    }

    @Test func `with too little nothing is taken, and the vehicle pays like any other`() throws {
        var bench = bench()
        bench.money(topUp(500))
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        #expect(!bench.isOpened)
        #expect(bench.book.stored.balance(of: Self.mine) == Money(500))
        _ = bench.pays(800)
        #expect(bench.isOpened)
        try expectSame(bench)
    }

    @Test func `a site may take what there is and ask for the rest`() throws {
        var bench = bench(.drainThenRest)
        bench.money(topUp(500))
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        #expect(!bench.isOpened)
        #expect(try bench.last("chargeQuoted").object("charge").number("due") == 300)
        #expect(bench.book.stored.balances.isEmpty)
        _ = bench.pays(300)
        #expect(bench.isOpened)
        bench.leaves()
        #expect(bench.balance("assets.clearing.static_qr") == 300)
        try expectSame(bench)
    }

    @Test func `a site that refuses calls the guard, and a top-up opens the arm`() throws {
        var bench = bench(.refuse)
        bench.money(topUp(500))
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        #expect(!bench.isOpened)
        let calls = bench.bench.effects.filter {
            if case .callGuard(_, "balance_short") = $0 { true } else { false }
        }
        #expect(!calls.isEmpty)
        #expect(bench.book.stored.balance(of: Self.mine) == Money(500))
        bench.money(topUp(1000, serial: "t2"))
        #expect(bench.isOpened)
        #expect(bench.book.stored.balance(of: Self.mine) == Money(700))
        try expectSame(bench)
    }

    @Test(arguments: [StoredValuePlan.Short.refuse, .treatAsTemporary, .drainThenRest])
    func `nobody is kept for a balance longer than for the charge`(_ short: StoredValuePlan.Short) throws {
        var bench = bench(short)
        bench.money(topUp(100))
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        bench.bench.advance(.seconds(605))
        #expect(bench.isOpened)
    }

    @Test func `a household's balance pays for its cars, after the car's own, and its debt is none`() throws {
        var builder = DirectoryBuilder()
        builder.set(Household(id: 7, name: "3-1-502", spaces: nil))
        let directory = try builder.build(asOf: Sequence(0), confirmedAt: nil)
        var bench = bench(directory: directory)
        bench.money(topUp(600, serial: "t1"))
        bench.money(topUp(1000, .household(7), serial: "t2"))
        _ = try bench.inside(minutes: 95, StayHolder(.temporary, household: 7))
        bench.arrives()
        #expect(bench.isOpened)
        bench.leaves()
        #expect(bench.book.debts.isEmpty)
        #expect(bench.book.stored.balance(of: Self.mine) == .zero)
        #expect(bench.book.stored.balance(of: .household(7)) == Money(800))
        try expectSame(bench)
    }

    @Test func `a site that asks for earlier debts takes them too where there is enough`() throws {
        var bench = bench { $0.arrears = .collect }
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        bench.money(.later(.lane("south")))
        bench.leaves()
        #expect(bench.balance("assets.arrears") == 800)
        bench.money(topUp(1000))
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        #expect(bench.isOpened)
        bench.leaves()
        // This stay alone: 10 yuan are not 16.
        #expect(bench.book.stored.balance(of: Self.mine) == Money(200))
        #expect(bench.balance("assets.arrears") == 800)
        bench.money(topUp(2000, serial: "t2"))
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        bench.leaves()
        #expect(bench.book.stored.balance(of: Self.mine) == Money(600))
        #expect(bench.balance("assets.arrears") == 0)
        try expectSame(bench)
    }

    @Test func `a look-alike's balance is not touched`() throws {
        var bench = bench()
        bench.money(topUp(5000))
        let stay = try bench.inside(minutes: 95)
        bench.arrives(PlateGrammar.parse("沪AZK605", color: .blue))
        #expect(try bench.last("chargeQuoted").number("stay") == stay.number)
        #expect(bench.book.stored.balance(of: Self.mine) == Money(5000))
        #expect(!bench.isOpened)
    }

    @Test func `nobody else numbers a payment as the gateway numbers its own`() throws {
        var bench = bench()
        expectRefused(bench.money(topUp(100, serial: "stored-9")), "gateway's own")
        expectRefused(bench.pays(100, serial: "stored-9"), "gateway's own")
        #expect(bench.count("paymentSettled") == 0)
    }

    // MARK: At the desk

    @Test func `a top-up is taken once, into a drawer that is open`() throws {
        var bench = bench()
        let first = bench.money(topUp(5000))
        #expect(bench.money(topUp(5000)) == first)
        #expect(bench.book.stored.balance(of: Self.mine) == Money(5000))
        expectRefused(bench.money(topUp(0, serial: "t2")), "an amount is")
        expectRefused(bench.money(topUp(Site.largestPayment.minorUnits, serial: "t3")), "at most")
        expectRefused(bench.money(topUp(100, .household(9), serial: "t4")), "no household")
        let loop = PaymentNotice(serial: "t5", way: .storedValue, amount: Money(1))
        expectRefused(bench.money(.topUp(Self.mine, loop)), "from a balance")
        bench.money(.closeShift(counted: Money(5000), note: nil))
        expectRefused(bench.money(topUp(100, serial: "t6")), "shift open")
        var closed = Bench()
        expectRefused(closed.money(topUp(100)), "charging.stored_value")
    }

    @Test func `what is left is given back, and no more than that`() throws {
        var bench = bench()
        bench.money(topUp(5000))
        let giveBack = { (amount: Int64?) in
            MoneyOrder.giveBackStored(
                Self.mine, amount.map { Money($0) }, way: .cash, reason: "OTHER: moves away")
        }
        expectRefused(bench.money(giveBack(5001)), "CNY 50.01 of a balance of CNY 50.00")
        bench.money(giveBack(2000))
        #expect(bench.balance("assets.cash") == 3000)
        bench.money(giveBack(nil))
        #expect(bench.book.stored.balances.isEmpty)
        expectRefused(bench.money(giveBack(nil)), "balance of CNY 0.00")
        try expectSame(bench)
    }

    @Test func `a top-up that its provider takes back leaves the balance, as far as it is there`() throws {
        var bench = bench()
        bench.money(topUp(1000))
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        bench.leaves()
        expectRefused(
            bench.money(.refund(serial: "t1", amount: Money(300), way: nil, reason: "TEST")), "of CNY 2.00")
        bench.money(.refund(serial: "t1", amount: Money(200), way: nil, reason: "TEST"))
        #expect(bench.book.stored.balances.isEmpty)
        try expectSame(bench)
    }

    @Test func `what was taken from a balance goes back there`() throws {
        var bench = bench()
        bench.money(topUp(1000))
        _ = try bench.inside(minutes: 95)
        bench.arrives()
        let serial = try #require(try bench.last("paymentSettled").text("serial"))
        bench.money(.refund(serial: serial, amount: Money(300), way: nil, reason: "GOODWILL"))
        #expect(try bench.last("paymentRefunded").object("holder").text("plate") == Bench.plate.plate?.text)
        try expectSame(bench)
    }
}
