// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import Testing

/// Nobody is asked for money before the record of the order is durable, and nobody long after.
struct CollectionHoldTests {
    private struct Bench {
        var state: EngineState
        var now = Moment(
            uptime: Uptime(nanoseconds: 1_000_000_000), wall: WallTime(milliseconds: 1_772_411_415_000))

        /// Order 1 is open, of a stay that is no longer known; its record is as durable as record 1 of this process.
        init() throws {
            let order = CollectionOrder(
                stay: StayID(1), quote: Sequence(1), lane: "south", way: .etc, amount: Money(800),
                currency: "CNY", until: WallTime(milliseconds: 0))
            let row = ProjectionRow(ProjectionKey(.collection, "1"), FieldWriter.object(order.write))
            let site = Site(
                plan: SitePlan(id: "bench"), memory: try SiteMemory(rows: [row]), directory: .empty,
                nextSequence: Sequence(1), boot: "b")
            state = EngineState(site: site)
            let start = ProcessStart(version: "t", planHash: "h", wasClean: true, isNewBoot: false)
            _ = state.absorb(.site(.started(start)), at: now)
        }

        mutating func after(_ span: Duration, _ input: EngineInput = .wake) -> [CollectionRequest.Action] {
            now.uptime = now.uptime + span
            now.wall = now.wall + span
            return state.absorb(input, at: now).notices.compactMap {
                if case .collect(let request) = $0 { request.action } else { nil }
            }
        }
    }

    @Test func `what is durable is asked at once`() throws {
        var bench = try Bench()
        #expect(bench.after(.seconds(1), .journal(.committed(through: 2))).isEmpty)
        #expect(bench.after(.seconds(9)) == [.query, .reverse])
    }

    @Test func `what is not waits for the disk`() throws {
        var bench = try Bench()
        #expect(bench.after(.seconds(10)).isEmpty)
        #expect(bench.after(.seconds(3), .journal(.committed(through: 2))) == [.query, .reverse])
    }

    @Test func `what waited too long is not asked`() throws {
        var bench = try Bench()
        #expect(bench.after(.seconds(10)).isEmpty)
        // The reversal was said again meanwhile; what is older has gone.
        #expect(bench.after(.seconds(11)).isEmpty)
        #expect(bench.after(.seconds(1), .journal(.committed(through: 2))) == [.reverse])
    }
}
