// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// Whoever pays while the lane is busy with somebody else goes when it is free (lanes.md §4.2, n11, H-32).
struct PaidWhileBusyTests {
    private typealias Bench = ChargeBench

    private static let other = PlateGrammar.parse("沪B12345", color: .blue)

    @Test func `H-32 who pays while the one before stands under the arm goes when the arm is down`() throws {
        var bench = Bench()
        _ = try bench.inside(minutes: 95)
        let second = try bench.inside(Self.other, minutes: 95)
        bench.arrives()
        _ = bench.pays(800)
        bench.bench.level(Bench.limitDown, .off)
        bench.bench.level(Bench.safety, .on, for: .seconds(1))
        bench.bench.level(Bench.presence, .off, for: .seconds(1))
        bench.arrives(Self.other)
        #expect(bench.bench.site.lanes[0].phase == .passing)
        #expect(bench.bench.site.lanes[0].waitingStay == second)
        bench.bench.forget()
        _ = bench.pays(800, serial: "p2", lane: nil, stay: second)
        // Longer than the watch over quotes takes to look once.
        bench.bench.advance(.seconds(4))
        bench.bench.level(Bench.safety, .off, for: .seconds(4))
        bench.bench.level(Bench.limitDown, .on, for: .seconds(3))
        #expect(bench.isOpened, "it has paid, and waits for exit_pending_max")
    }

    @Test func `H-32 who pays while a technician holds the exit open goes when the hold is over`() throws {
        var bench = Bench()
        let stay = try bench.inside(minutes: 95)
        bench.arrives()
        bench.bench.order(.holdOpen(until: nil), "south")
        bench.bench.level(Bench.limitDown, .off, for: .seconds(5))
        _ = bench.pays(800, lane: nil, stay: stay)
        bench.bench.advance(.seconds(5))
        bench.bench.order(.release, "south")
        bench.bench.forget()
        bench.bench.level(Bench.limitDown, .on, for: .seconds(5))
        #expect(bench.isOpened, "it has paid, and waits for exit_pending_max")
    }
}
