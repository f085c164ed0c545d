// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSimulation

/// M3 can fail on each of its clauses.
@Suite struct CollectionCheckerTests {
    private var checker = CollectionChecker()

    init() {
        checker.started(at: .zero)
        quotes(10, stay: 3, due: 800)
    }

    private mutating func quotes(_ number: Int64, stay: Int64, due: Int64) {
        _ = checker.durable(
            record(number, "chargeQuoted") {
                $0.put("stay", stay)
                $0.put("charge") { $0.put("due", due) }
            })
    }

    private static func order(
        _ way: PaymentWay, _ amount: Int64, stay: Int64, quote: Int64
    ) -> CollectionOrder {
        CollectionOrder(
            stay: StayID(stay), quote: Sequence(quote), lane: "south", way: way, amount: Money(amount),
            currency: "CNY", until: WallTime(milliseconds: 0))
    }

    private mutating func asks(
        _ number: Int64, _ way: PaymentWay = .etc, _ amount: Int64 = 800, stay: Int64 = 3, quote: Int64 = 10
    ) -> String? {
        checker.durable(
            record(number, "collectionAsked") {
                Self.order(way, amount, stay: stay, quote: quote).write(to: &$0)
            })?.0
    }

    private mutating func ends(_ number: Int64, _ order: Int64, _ outcome: String) -> String? {
        checker.durable(
            record(number, "collectionEnded") {
                $0.put("order", order)
                $0.put("stay", 3)
                $0.put("outcome", outcome)
            })?.0
    }

    private mutating func reaches(_ number: Int64, amount: Int64 = 800, at seconds: Int64 = 0) -> String? {
        let request = CollectionRequest(
            number: Sequence(number), action: .ask,
            order: Self.order(.etc, amount, stay: 3, quote: 10))
        return checker.reaches(request, at: .zero + .seconds(seconds))?.0
    }

    @Test mutating func `one order is open for a stay, over what it was asked`() {
        var wrong = self
        #expect(wrong.asks(11, .etc, 900) == "M3", "another amount")
        #expect(wrong.asks(12, stay: 4) == "M3", "another's quote")
        #expect(asks(11) == nil)
        #expect(asks(12, .scannedCode) == "M3", "the first is open")
    }

    @Test mutating func `nobody is asked for what is not on record, or for anything else`() {
        #expect(reaches(11) == "M3")
        #expect(asks(11) == nil)
        #expect(reaches(11) == nil)
        #expect(reaches(11, amount: 700) == "M3")
    }

    @Test mutating func `an order ends as its provider says, and not by itself`() {
        #expect(asks(11) == nil)
        #expect(ends(12, 11, "refused") == "M3")
        checker.says(.refused, of: 11)
        #expect(ends(12, 11, "reversed") == "M3")
        #expect(ends(12, 11, "refused") == nil)
        #expect(ends(13, 11, "refused") == "M3", "it is over")
        #expect(asks(14) == "M3", "what brought nothing is not tried again")
        #expect(asks(15, .scannedCode) == nil, "another way, or another code")
    }

    @Test mutating func `a payment ends its order, and the next may follow`() {
        #expect(asks(11) == nil)
        _ = checker.durable(
            record(12, "paymentSettled") {
                $0.put("stay", 3)
                $0.put("order", 11)
            })
        quotes(13, stay: 3, due: 200)
        #expect(asks(14, .etc, 200, quote: 13) == nil)
    }

    @Test mutating func `an open order is asked about again and again`() {
        #expect(asks(11) == nil)
        #expect(reaches(11, at: 10) == nil)
        #expect(checker.watch(at: .zero + .seconds(400), isRunning: true) == nil)
        #expect(checker.watch(at: .zero + .seconds(420), isRunning: false) == nil)
        #expect(checker.watch(at: .zero + .seconds(420), isRunning: true)?.0 == "M3")
        checker.crashed()
        checker.started(at: .zero + .seconds(415))
        #expect(checker.watch(at: .zero + .seconds(420), isRunning: true) == nil)
    }

    @Test mutating func `a person has it asked for again, once for each asking`() {
        #expect(asks(11) == nil)
        checker.says(.refused, of: 11)
        #expect(ends(12, 11, "refused") == nil)
        var elsewhere = self
        _ = elsewhere.checker.guardAsks(at: "north", .etc)
        #expect(elsewhere.asks(14) == "M3")
        var dead = self
        _ = dead.checker.guardAsks(at: "south", .etc)
        dead.checker.started(at: .zero + .seconds(60))
        #expect(dead.asks(14) == "M3", "the process that was asked is gone")
        let number = checker.guardAsks(at: "south", .etc)
        #expect(asks(14) == nil)
        var astray = self
        #expect(astray.checker.answered(number, 11).wrong?.0 == "M3", "14 was made for him")
        let answer = checker.answered(number, 14)
        #expect(answer.wrong == nil)
        #expect(answer.scene == .orderAgainByHand)
        checker.says(.refused, of: 14)
        #expect(ends(15, 14, "refused") == nil)
        #expect(asks(16) == "M3")
    }

    @Test mutating func `a person asks how an open order stands`() {
        #expect(asks(11) == nil)
        let number = checker.guardAsks(at: "south", .etc)
        var wrong = self
        #expect(wrong.checker.answered(number, 12).wrong?.0 == "M3", "that is no order")
        #expect(checker.answered(number, 11).scene == .orderAskedAbout)
    }
}
