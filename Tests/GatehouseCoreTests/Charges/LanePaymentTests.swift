// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// A payment by the lane's one code names a lane and an amount, and is told when another may stand there
/// (`tariffs.md` §10.2).
struct LanePaymentTests {
    private typealias Bench = ChargeBench

    private static let other = PlateGrammar.parse("沪B12345", color: .blue)

    private func tells(_ bench: inout Bench, _ amount: Int64, paidAt: Int64?) throws -> Fields {
        let notice = PaymentNotice(
            serial: "n\(bench.count("paymentSettled"))", way: .staticCode, amount: Money(amount),
            paidAt: paidAt, lane: "south")
        let platform = Operator(channel: Operator.paymentChannel, name: "platform")
        bench.bench.send(.operation(.money(.take(notice)), by: platform, reply: ReplyID(9)))
        for memory in try bench.recovered() { #expect(memory == bench.bench.site.memory) }
        return try bench.last("paymentSettled")
    }

    /// One was let go owing 8 yuan, and another stands there by now, asked as much.
    private func changed() throws -> (bench: Bench, first: StayID, second: StayID, asked: Int64) {
        var bench = Bench()
        let first = try bench.inside(minutes: 95)
        bench.arrives()
        let asked = bench.bench.now.wall.second
        bench.money(.later(.lane("south")))
        bench.leaves()
        let second = try bench.inside(Self.other, minutes: 95)
        bench.arrives(Self.other)
        #expect(try bench.quotedDue() == 800 && bench.bench.openings.count == 1)
        return (bench, first, second, asked)
    }

    @Test func `what was paid before another came is the first one's`() throws {
        var (bench, first, _, asked) = try changed()
        let paid = try tells(&bench, 800, paidAt: asked)
        #expect(paid.text("use") == "arrears" && paid.number("stay") == first.number)
        #expect(bench.book.debts.isEmpty && bench.bench.openings.count == 1)
    }

    @Test func `what was paid since, or says no time, is of who stands there`() throws {
        for isTimed in [true, false] {
            var (bench, first, second, _) = try changed()
            let paid = try tells(&bench, 800, paidAt: isTimed ? bench.bench.now.wall.second : nil)
            #expect(paid.text("use") == "stay" && paid.number("stay") == second.number)
            #expect(bench.book.debts[first] != nil && bench.bench.openings.count == 2)
        }
    }

    @Test func `an amount that nobody was asked there is nobody's`() throws {
        var (bench, first, _, asked) = try changed()
        let paid = try tells(&bench, 700, paidAt: nil)
        #expect(paid.text("use") == "unmatched")
        let early = try tells(&bench, 800, paidAt: asked - 600)
        #expect(early.text("use") == "unmatched")
        #expect(bench.book.debts[first]?.amount == Money(800) && bench.bench.openings.count == 1)
    }

    @Test func `what was asked before a quote lapsed still fits`() throws {
        var bench = Bench()
        // One minute before the fourth half hour begins.
        let stay = try bench.inside(minutes: 89)
        bench.arrives()
        let asked = bench.bench.now.wall.second
        #expect(try bench.quotedDue() == 600)
        bench.bench.advance(.seconds(120))
        #expect(try bench.quotedDue() == 800)
        let paid = try tells(&bench, 600, paidAt: asked)
        #expect(paid.text("use") == "stay" && paid.number("stay") == stay.number)
        // It covered what was due when it was paid, and there is time to leave.
        #expect(bench.isOpened)
    }

    @Test func `a person at the lane sees who stands there`() throws {
        var (bench, _, second, _) = try changed()
        _ = bench.pays(300)
        let paid = try bench.last("paymentSettled")
        #expect(paid.text("use") == "stay" && paid.number("stay") == second.number)
    }
}
