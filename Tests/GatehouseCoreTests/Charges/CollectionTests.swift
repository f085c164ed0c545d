// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// A provider is asked to take the money: once, by a number that is on record, and by no second one before the first is
/// void.
struct CollectionTests {
    private typealias Bench = CollectionBench

    @Test func `a code that a driver shows makes one order, on record before anybody is asked`() throws {
        var bench = Bench(ways: [.scannedCode])
        let stay = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        #expect(bench.requests.isEmpty)
        try bench.shows(Bench.code)
        let number = try #require(bench.number)
        let asked = try bench.charge.last("collectionAsked")
        #expect(asked.number("stay") == stay.number && asked.number("amount") == 800)
        #expect(asked.text("lane") == "south" && asked.text("way") == "scanned_code")
        let request = try #require(bench.requests.first)
        #expect(request.number == number && request.action == .ask && request.code?.text == Bench.code)
        #expect(!bench.charge.isOpened)
        #expect(bench.state == .asked)
        let line = bench.charge.bench.site.status(at: bench.charge.bench.now).lanes[0]
        #expect(line.collection?.number == number && line.collection?.state == .asked)
        bench.pays(800)
        #expect(bench.charge.isOpened)
        #expect(bench.state == nil && bench.isOver(number))
        #expect(bench.book[number]?.end?.outcome == .paid)
        bench.charge.leaves()
        #expect(bench.charge.balance("assets.clearing.scanned_code") == 800)
        #expect(bench.charge.book.isBalanced)
        for memory in try bench.charge.recovered() { #expect(memory.money == bench.charge.book) }
    }

    @Test func `cash answers no order: it is reversed`() throws {
        var bench = Bench(ways: [.scannedCode])
        let stay = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        try bench.shows(Bench.code)
        let number = try #require(bench.number)
        bench.charge.money(.openShift)
        let cash = PaymentNotice(serial: "cash", way: .cash, amount: Money(800), order: number)
        #expect(!ChargeBench.isRefused(bench.charge.money(.take(cash))))
        #expect(bench.charge.isOpened)
        let paid = try bench.charge.last("paymentSettled")
        #expect(paid.number("stay") == stay.number && !paid.has("order"))
        #expect(bench.book.isOpen(number) && bench.actions.last == .reverse)
    }

    @Test func `the code is in no record`() throws {
        var bench = Bench(ways: [.scannedCode])
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        try bench.shows(Bench.code)
        try bench.shows(Bench.code)
        for record in bench.charge.bench.records {
            #expect(!String(decoding: record.payload, as: UTF8.self).contains(Bench.code), "\(record.kind)")
            for change in record.changes {
                #expect(!String(decoding: change.value ?? [], as: UTF8.self).contains(Bench.code))
            }
        }
        #expect(try bench.charge.last("collectionAsked").text("code") == "13…/18")
        #expect(!"\(bench.requests)".contains(Bench.code))
    }

    @Test func `a code where nobody waits, nothing is collected or an order is open makes none`() throws {
        var bench = Bench(ways: [.scannedCode])
        try bench.shows(Bench.code)
        #expect(try bench.charge.last("codeIgnored").text("why") == "nobody_waits")
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        try bench.shows(Bench.code)
        try bench.shows("287654321098765432")
        #expect(try bench.charge.last("codeIgnored").text("why") == "order_open")
        #expect(bench.charge.count("collectionAsked") == 1)

        var other = Bench(ways: [.etc])
        _ = try other.charge.inside(minutes: 95)
        other.charge.arrives()
        try other.shows(Bench.code)
        #expect(try other.charge.last("codeIgnored").text("why") == "not_collected")
    }

    @Test func `a scanner that types noise is on record once a minute, and at once when something changed`()
        throws
    {
        var bench = Bench(ways: [.etc])
        for _ in 0..<50 {
            try bench.shows(Bench.code)
            bench.charge.bench.advance(.seconds(1))
        }
        #expect(bench.charge.count("codeIgnored") == 1)
        bench.charge.bench.advance(.seconds(15))
        try bench.shows(Bench.code)
        #expect(bench.charge.count("codeIgnored") == 2)
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        try bench.shows(Bench.code)
        try bench.shows(Bench.code)
        #expect(bench.charge.count("codeIgnored") == 3)
        #expect(try bench.charge.last("codeIgnored").text("why") == "not_collected")
    }

    @Test func `an order is known by its number and when it was made`() throws {
        var bench = Bench(ways: [.scannedCode])
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        try bench.shows(Bench.code)
        let request = try #require(bench.requests.first)
        let record = try #require(bench.charge.bench.records.last { $0.kind == "collectionAsked" })
        let made = try #require(request.order.askedAt)
        #expect(made == record.at.wall)
        #expect(bench.book[request.number]?.order.askedAt == made)
        let another = made + .milliseconds(1)
        guard case .refused("not_found", let why) = bench.hears(.refused, askedAt: another) else {
            return #expect(Bool(false), "taken for ours")
        }
        #expect(why.contains("\(another.milliseconds)"))
        #expect(bench.book.isOpen(request.number))
        guard case .done = bench.hears(.pending, askedAt: made) else {
            return #expect(Bool(false), "not taken")
        }
        bench.pays(800, askedAt: made)
        #expect(bench.book[request.number]?.end?.outcome == .paid && bench.charge.isOpened)
    }

    @Test func `money of another journal's order is kept, and is not whoever's stands there now`() throws {
        var bench = Bench(ways: [.scannedCode])
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        try bench.shows(Bench.code)
        let number = try #require(bench.number)
        let another = WallTime(milliseconds: 1)
        bench.pays(800, askedAt: another, lane: "south")
        #expect(try bench.charge.last("paymentSettled").text("use") == "unmatched")
        #expect(bench.book.isOpen(number) && !bench.charge.isOpened)
        // A plate is the same in any journal.
        bench.pays(800, askedAt: another, plate: Bench.plate)
        #expect(try bench.charge.last("paymentSettled").text("use") == "stay")
        #expect(bench.charge.isOpened)
        for memory in try bench.charge.recovered() { #expect(memory.money == bench.charge.book) }
    }

    @Test func `what was refused gives its place to the other ways`() throws {
        var bench = Bench(ways: [.scannedCode])
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        try bench.shows(Bench.code)
        let first = try #require(bench.number)
        guard case .done(let record) = bench.hears(.refused, "NO_BALANCE") else {
            return #expect(Bool(false), "not taken")
        }
        #expect(try bench.charge.last("collectionEnded").text("reason") == "NO_BALANCE")
        #expect(!bench.charge.isOpened && bench.state == nil)
        // Said again it is the same, and it is nothing else.
        #expect(bench.hears(.refused, order: first) == .done(record))
        #expect(bench.hears(.reversed, order: first) == .done(record))
        guard case .refused("conflict", _) = bench.hears(.pending, order: first) else {
            return #expect(Bool(false), "came to life")
        }
        try bench.shows(Bench.code)
        let second = try #require(bench.number)
        #expect(second != first)
        bench.pays(800)
        #expect(bench.charge.isOpened)
    }

    @Test
    func
        `no answer is unknown and never a failure: asked again, then reversed, and no second order before that`()
        throws
    {
        var bench = Bench(ways: [.scannedCode])
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        try bench.shows(Bench.code)
        let number = try #require(bench.number)
        bench.charge.bench.advance(.seconds(19))
        #expect(bench.state == .asked && !bench.isGuardCalled)
        bench.charge.bench.advance(.seconds(2))
        #expect(bench.state == .unknown && bench.isGuardCalled)
        #expect(bench.actions == [.ask])
        bench.charge.bench.advance(.seconds(25))
        #expect(bench.actions == [.ask, .query])
        bench.charge.bench.advance(.seconds(10))
        #expect(bench.actions == [.ask, .query, .reverse])
        #expect(bench.state == .reversing)
        bench.charge.bench.advance(.seconds(60))
        #expect(bench.actions.dropFirst(2).allSatisfy { $0 == .reverse })
        #expect(bench.actions.count > 4)
        #expect(bench.requests.allSatisfy { $0.number == number })
        #expect(bench.requests.filter { $0.code != nil }.count == 1)
        try bench.shows(Bench.code)
        #expect(bench.charge.count("collectionAsked") == 1)
        #expect(!bench.charge.isOpened)
        _ = bench.hears(.reversed)
        #expect(try bench.charge.last("collectionEnded").text("outcome") == "reversed")
        try bench.shows(Bench.code)
        #expect(bench.charge.count("collectionAsked") == 2)
    }

    @Test func `while the user confirms nobody is called before the provider's own time is over`() throws {
        var bench = Bench(ways: [.scannedCode])
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        try bench.shows(Bench.code)
        bench.charge.bench.advance(.seconds(3))
        #expect(bench.hears(.pending) == .done(try #require(bench.number)))
        #expect(bench.state == .confirming)
        bench.charge.bench.advance(.seconds(30))
        #expect(bench.state == .confirming && !bench.isGuardCalled)
        bench.charge.bench.advance(.seconds(13))
        #expect(bench.state == .unknown && bench.isGuardCalled)
        #expect(!bench.charge.bench.site.isProviderSilent)
        bench.pays(800)
        #expect(bench.charge.isOpened)
    }

    @Test func `money that comes after the reversal is credited and given back, never lost`() throws {
        var bench = Bench(ways: [.scannedCode])
        let stay = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        try bench.shows(Bench.code)
        let number = try #require(bench.number)
        bench.charge.bench.advance(.seconds(56))
        _ = bench.hears(.reversed)
        _ = bench.charge.money(.openShift)
        _ = bench.charge.pays(800, serial: "c", way: .cash)
        #expect(bench.charge.isOpened)
        bench.charge.leaves()
        bench.pays(800, order: number)
        let settled = try bench.charge.last("paymentSettled")
        #expect(settled.text("use") == "refundable" && settled.number("stay") == stay.number)
        #expect(bench.charge.balance("liabilities.refundable") == -800)
        #expect(bench.book[number]?.end?.outcome == .reversed)
        for memory in try bench.charge.recovered() { #expect(memory.money == bench.charge.book) }
    }

    @Test func `who pays otherwise meanwhile is let out, and the order is taken back`() throws {
        var bench = Bench(ways: [.scannedCode])
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        try bench.shows(Bench.code)
        _ = bench.charge.money(.openShift)
        _ = bench.charge.pays(800, serial: "c", way: .cash)
        #expect(bench.charge.isOpened)
        #expect(bench.actions == [.ask, .reverse])
        bench.charge.leaves()
        _ = bench.hears(.reversed)
        #expect(bench.book.openCount == 0)
    }

    @Test func `a vehicle that left owing pays by its order all the same`() throws {
        var bench = Bench(ways: [.scannedCode])
        let stay = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        try bench.shows(Bench.code)
        bench.charge.money(.later(.stay(stay)))
        #expect(bench.charge.isOpened)
        bench.charge.leaves()
        #expect(bench.charge.book.debts[stay]?.amount == Money(800))
        #expect(bench.actions == [.ask])
        bench.pays(800)
        #expect(bench.charge.book.debts.isEmpty)
    }

    @Test func `ways that need nobody's hand are tried one after the other`() throws {
        var bench = Bench(ways: [.etc, .plateBound, .scannedCode])
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        #expect(bench.requests.map(\.order.way) == [.etc])
        _ = bench.hears(.refused, "NO_CARD")
        #expect(bench.requests.map(\.order.way) == [.etc, .plateBound])
        #expect(bench.requests.last?.order.plate == Bench.plate)
        _ = bench.hears(.refused, "NO_AGREEMENT")
        #expect(bench.requests.count == 2)
        bench.charge.bench.advance(.seconds(30))
        #expect(bench.requests.count == 2)
        try bench.shows(Bench.code)
        #expect(bench.requests.map(\.order.way) == [.etc, .plateBound, .scannedCode])
        bench.pays(800)
        #expect(bench.charge.isOpened)
    }

    @Test func `a plate that only looks alike is debited by nobody`() throws {
        var bench = Bench(ways: [.plateBound])
        let stay = try bench.charge.inside(PlateGrammar.parse("沪A2B605", color: .blue), minutes: 95)
        bench.charge.arrives(PlateGrammar.parse("沪A28605", color: .blue))
        // The rules take it for the one that is inside; money is another matter.
        #expect(bench.charge.bench.site.lanes[0].waitingStay == stay)
        #expect(bench.requests.isEmpty)
    }

    @Test func `a household's vehicle and one that owes nothing are asked for nothing`() throws {
        var bench = Bench(ways: [.plateBound])
        _ = try bench.charge.inside(minutes: 95, StayHolder(.temporary, household: 7))
        bench.charge.arrives()
        #expect(bench.requests.isEmpty && bench.charge.isOpened)

        var free = Bench(ways: [.plateBound])
        _ = try free.charge.inside(minutes: 10)
        free.charge.arrives()
        #expect(free.requests.isEmpty && free.charge.isOpened)
    }

    @Test func `a guard has it asked again: how it stands, and after its end anew`() throws {
        var bench = Bench(ways: [.plateBound])
        let stay = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        let number = try #require(bench.number)
        #expect(bench.charge.money(.collect(.stay(stay), .plateBound)) == .done(number))
        #expect(bench.actions == [.ask, .query])
        _ = bench.hears(.refused)
        guard case .done = bench.charge.money(.collect(.lane("south"), .plateBound)) else {
            return #expect(Bool(false), "refused")
        }
        #expect(bench.actions == [.ask, .query, .ask])
        #expect(bench.number != number)
        guard case .refused = bench.charge.money(.collect(.lane("north"), .plateBound)) else {
            return #expect(Bool(false), "for whom")
        }
    }

    @Test func `an order nobody made, and a payment for one, are told apart from others`() throws {
        var bench = Bench(ways: [.scannedCode])
        guard case .refused("not_found", _) = bench.hears(.refused, order: Sequence(4000)) else {
            return #expect(Bool(false), "known")
        }
        bench.pays(500, order: Sequence(4000))
        #expect(try bench.charge.last("paymentSettled").text("use") == "unmatched")
    }

    @Test func `an order that is open at a restart is asked about and reversed, never made anew`() throws {
        var bench = Bench(ways: [.plateBound])
        _ = try bench.charge.inside(minutes: 95)
        bench.charge.arrives()
        let number = try #require(bench.number)
        let memory = try #require(try bench.charge.recovered().last)
        var again = bench.restarted(memory)
        #expect(again.book.open.map(\.number) == [number])
        again.charge.bench.advance(.seconds(11))
        #expect(again.requests.map(\.action) == [.query])
        #expect(again.requests.first?.number == number && again.requests.first?.code == nil)
        again.charge.bench.advance(.seconds(11))
        #expect(again.requests.map(\.action) == [.query, .reverse])
        #expect(again.charge.count("collectionAsked") == 0)
        again.charge.arrives()
        #expect(again.charge.count("collectionAsked") == 0)
        _ = again.hears(.reversed, order: number)
        #expect(again.book.openCount == 0)
    }
}
