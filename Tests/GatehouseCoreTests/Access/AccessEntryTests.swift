// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// Rules 6 and 9–18 for a vehicle that wants in.
@Suite struct AccessEntryTests {
    private let resident = AccessWorld.resident

    private func world(_ change: (inout Permit) -> Void = { _ in }) -> AccessWorld {
        var permit = Permit(id: 12, plate: resident, household: 7)
        change(&permit)
        var world = AccessWorld()
        world.permits = [permit]
        return world
    }

    private func expect(
        _ world: AccessWorld, _ verdict: Decision.Verdict, _ reason: ReasonCode, rule: Int,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let decision = try world.decide(.in, "京A12345")
        #expect(decision.verdict == verdict, sourceLocation: location)
        #expect(decision.reason == reason, sourceLocation: location)
        #expect(decision.rule == rule, sourceLocation: location)
    }

    struct Lapse: Sendable {
        var reason: ReasonCode
        var rule: Int
        var change: @Sendable (inout Permit) -> Void
    }

    static let lapses = [
        Lapse(reason: .credentialExpired, rule: 6) { $0.endedAt = WallTime(milliseconds: 1_772_424_000_000) },
        Lapse(reason: .subjectNotValid, rule: 10) { $0.validTo = CivilDate(year: 2026, month: 3, day: 1) },
        Lapse(reason: .subjectNotValid, rule: 10) { $0.validFrom = CivilDate(year: 2026, month: 3, day: 3) },
        Lapse(reason: .noGrant, rule: 10) { $0.areas = ["east"] },
        Lapse(reason: .noGrant, rule: 10) { $0.direction = .out },
        Lapse(reason: .outOfSchedule, rule: 11) { $0.windows = [] },
    ]

    @Test func `a permit that does not hold is named where strangers are refused`() throws {
        for lapse in Self.lapses {
            var world = world(lapse.change)
            world.plan.admitsTemporary = false
            try expect(world, .deny, lapse.reason, rule: lapse.rule)
        }
    }

    @Test func `a lapsed permit is never worse than none: temporary where strangers are admitted`() throws {
        for lapse in Self.lapses {
            try expect(world(lapse.change), .grant, .temporaryVehicle, rule: 18)
        }
    }

    @Test func `a permit ends at its instant and its dates count in the site's zone`() throws {
        var world = world { $0.endedAt = WallTime(milliseconds: 1_772_424_000_001) }
        try expect(world, .grant, .permitVehicle, rule: 18)
        // 2026-03-02 00:30 in Shanghai is still the 1st in UTC.
        world = self.world { $0.validTo = CivilDate(year: 2026, month: 3, day: 1) }
        world.now.wall = WallTime(milliseconds: 1_772_424_000_000 - 11 * 3_600_000 - 1_800_000)
        try expect(world, .grant, .temporaryVehicle, rule: 18)
        world.zone = .utc
        try expect(world, .grant, .permitVehicle, rule: 18)
    }

    @Test func `days of grace open and say so`() throws {
        var world = world { $0.validTo = CivilDate(year: 2026, month: 2, day: 28) }
        world.plan.permitGraceDays = 2
        try expect(world, .grant, .permitGrace, rule: 18)
        world.plan.permitGraceDays = 1
        try expect(world, .grant, .temporaryVehicle, rule: 18)
    }

    @Test func `a doubtful clock is believed within the tolerance, in favour of entry`() throws {
        var world = world { $0.validTo = CivilDate(year: 2026, month: 3, day: 1) }
        world.now.wall = WallTime(milliseconds: 1_772_424_000_000 - 12 * 3_600_000 + 599_000)
        try expect(world, .grant, .temporaryVehicle, rule: 18)
        world.now.quality = .doubtful
        try expect(world, .grant, .permitVehicle, rule: 18)
        world.now.wall = world.now.wall + .seconds(2)
        try expect(world, .grant, .temporaryVehicle, rule: 18)
    }

    @Test func `a denial cuts another permit's right, at its hours only`() throws {
        var world = world()
        var denial = Permit(id: 13, plate: resident, isDenial: true)
        denial.windows = [try #require(WeeklyWindow(days: [1], fromMinute: 720, toMinute: 780))]
        world.permits.append(denial)
        try expect(world, .deny, .outOfSchedule, rule: 11)
        world.now.wall = world.now.wall + .seconds(3600)
        try expect(world, .grant, .permitVehicle, rule: 18)
        world.now.wall = world.now.wall + .seconds(23 * 3600)
        try expect(world, .grant, .permitVehicle, rule: 18)
    }

    @Test func `the allowlist passes without schedule or space`() throws {
        var world = world { $0.windows = [] }
        world.allow(resident)
        world.area.capacity = 1
        world.situation.occupancy = 1
        let decision = try world.decide(.in, "京A12345")
        #expect(decision.reason == .allowlisted)
        #expect(decision.listEntry == 1)
        #expect(decision.isHousehold)
        #expect(decision.vehicleClass == .allowlist)
        world.situation.isInterlockBusy = true
        try expect(world, .pending, .interlockWait, rule: 14)
        world.block(resident)
        try expect(world, .deny, .blocklisted, rule: 7)
    }

    @Test func `H-37 a plate that is already inside is flagged and treated as the site says`() throws {
        var world = world()
        world.situation.openStays = [
            AccessSituation.OpenStay(id: StayID(40), plate: resident, permit: 12, household: 7)
        ]
        world.situation.carsInside[7] = 1
        let decision = try world.decide(.in, "京A12345")
        // Its own stay does not use up the household's only space.
        #expect(decision.reason == .permitVehicle)
        #expect(decision.flags == [.alreadyInside])
        #expect(decision.stay == nil)
        world.plan.repeatedEntry = .refuse
        try expect(world, .deny, .duplicateEntry, rule: 13)
        world.plan.repeatedEntry = .confirm
        try expect(world, .pending, .confirmNeeded, rule: 13)
    }

    @Test func `a full household enters as the site says`() throws {
        var world = world()
        world.situation.carsInside[7] = 1
        let decision = try world.decide(.in, "京A12345")
        #expect(decision.reason == .quotaAsTemporary)
        #expect(decision.vehicleClass == .temporary)
        #expect(decision.isHousehold)
        world.plan.quotaEntry = .refuse
        try expect(world, .deny, .quotaFull, rule: 15)
        world.plan.quotaEntry = .confirm
        try expect(world, .pending, .confirmNeeded, rule: 15)
        world.households[0].spaces = 2
        try expect(world, .grant, .permitVehicle, rule: 18)
        world.households[0].spaces = nil
        try expect(world, .grant, .permitVehicle, rule: 18)
    }

    @Test func `its own stay frees no space that it has not taken`() throws {
        var world = world()
        world.situation.carsInside[7] = 1
        var own = AccessSituation.OpenStay(id: StayID(40), plate: resident, household: 7)
        world.situation.openStays = [own]
        #expect(try world.decide(.in, "京A12345").reason == .permitVehicle)
        own.takesSpace = false
        world.situation.openStays = [own]
        #expect(try world.decide(.in, "京A12345").reason == .quotaAsTemporary)
    }

    @Test func `of several permits the one that serves best is used`() throws {
        var world = world()
        world.situation.carsInside[7] = 1
        world.permits.append(Permit(id: 20, plate: resident, household: 8))
        let decision = try world.decide(.in, "京A12345")
        #expect(decision.reason == .permitVehicle)
        #expect(decision.permit == 20)
    }

    @Test func `a full site denies temporary vehicles while free places are not above the reserve`() throws {
        var world = AccessWorld()
        world.area.capacity = 10
        world.area.reserve = 2
        for (occupancy, isAdmitted) in [(7, true), (8, false), (10, false), (12, false), (-3, true)] {
            world.situation.occupancy = occupancy
            try expect(
                world, isAdmitted ? .grant : .deny, isAdmitted ? .temporaryVehicle : .areaFull,
                rule: isAdmitted ? 18 : 15)
        }
    }

    @Test func `permits enter a full site unless it says otherwise, and a quota guest counts as temporary`()
        throws
    {
        var world = world()
        world.area.capacity = 10
        world.area.reserve = 2
        world.situation.occupancy = 11
        try expect(world, .grant, .permitVehicle, rule: 18)
        world.area.admitsPermitsWhenFull = false
        try expect(world, .deny, .areaFull, rule: 15)
        world.situation.occupancy = 9
        try expect(world, .grant, .permitVehicle, rule: 18)
        world.situation.carsInside[7] = 1
        try expect(world, .deny, .areaFull, rule: 15)
    }

    @Test func `banned classes and arrears concern vehicles without a permit`() throws {
        var world = AccessWorld()
        world.plan.bannedKinds = [.smallCivil]
        try expect(world, .deny, .vehicleClassBanned, rule: 17)
        world.plan.bannedKinds = []
        world.situation.isBarredForArrears = true
        try expect(world, .deny, .arrears, rule: 17)
        world.permits = [Permit(id: 12, plate: resident, household: 7)]
        world.plan.bannedKinds = [.smallCivil]
        try expect(world, .grant, .permitVehicle, rule: 18)
    }

    @Test func `H-25 without a store permits enter and strangers wait`() throws {
        var world = world()
        world.situation.isStoreAvailable = false
        try expect(world, .grant, .permitVehicle, rule: 18)
        let stranger = try world.decide(.in, "沪B88888")
        #expect(stranger.verdict == .pending)
        #expect(stranger.flags == [.storeUnavailable])
    }

    @Test func `the token of a two-way lane is waited for`() throws {
        var world = world()
        world.situation.isOpposed = true
        try expect(world, .pending, .opposingUse, rule: 14)
        #expect(try world.decide(.in, "京A12345").waitsFor == "token")
    }
}
