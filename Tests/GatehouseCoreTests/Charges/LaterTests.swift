// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// How far a guard's word counts that a vehicle may pay later.
struct LaterTests {
    private typealias Bench = ChargeBench

    private func deferred() throws -> Bench {
        var bench = Bench { $0.laterLimit = Money(1200) }
        let stay = try bench.inside(minutes: 95)
        #expect(!Bench.isRefused(bench.money(.later(.stay(stay)))))
        return bench
    }

    @Test func `up to the site's limit it counts for what came since`() throws {
        var bench = try deferred()
        bench.bench.advance(.seconds(3_600))
        bench.arrives()
        #expect(try bench.quotedDue() == 1200)
        #expect(bench.isOpened)
    }

    @Test func `beyond it the vehicle is asked again`() throws {
        var bench = try deferred()
        for memory in try bench.recovered() { #expect(memory.money == bench.book) }
        bench.bench.advance(.seconds(7_200))
        bench.arrives()
        #expect(try bench.quotedDue() == 1600)
        #expect(!bench.isOpened)
        #expect(try bench.last("accessHeld").text("reason") == "PAYMENT_DUE")
        _ = bench.pays(800)
        #expect(bench.isOpened)
    }

    @Test func `a row that kept no amount counts up to the limit`() throws {
        let account = try StayAccount(from: Fields(Array(#"{"deferred":true}"#.utf8)))
        #expect(account.deferred == .zero)
    }
}
