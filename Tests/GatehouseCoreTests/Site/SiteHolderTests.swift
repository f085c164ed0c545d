// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// By whose right a car is booked that nobody decided about.
struct SiteHolderTests {
    private let now = Moment(uptime: .zero, wall: WallTime(milliseconds: 1_772_411_415_000))

    private func site(_ permits: [Permit], _ entries: [ListEntry] = []) throws -> Site {
        var plan = SitePlan(id: "bench")
        plan.areas = [AreaPlan(name: "main")]
        var builder = DirectoryBuilder()
        for permit in permits { try builder.set(permit) }
        for entry in entries { try builder.set(entry) }
        return Site(
            plan: plan, memory: SiteMemory(), directory: try builder.build(asOf: Sequence(1)),
            nextSequence: Sequence(1), boot: "b")
    }

    @Test func `a permit that is valid today carries it, one that is over does not`() throws {
        let plate = try #require(Plate("沪A12345"))
        let last = try #require(CivilDate(year: 2026, month: 1, day: 31))
        let over = Permit(id: 3, plate: plate, household: 2, validTo: last)
        #expect(try site([over]).holder(of: plate, area: "main", at: now) == StayHolder(.temporary))
        let valid = Permit(id: 4, plate: plate, household: 2)
        #expect(
            try site([over, valid]).holder(of: plate, area: "main", at: now)
                == StayHolder(.permit, permit: 4, household: 2))
    }

    @Test func `the allow list carries it as well`() throws {
        let plate = try #require(Plate("沪A12345"))
        let entry = ListEntry(
            id: 5, list: .allow, plate: plate, effectiveFrom: WallTime(milliseconds: 0),
            effectiveTo: now.wall + .seconds(60), reason: "service", author: "li", owner: "office")
        #expect(try site([], [entry]).holder(of: plate, area: "main", at: now) == StayHolder(.allowlist))
    }
}
