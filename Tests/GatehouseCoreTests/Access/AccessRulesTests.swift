// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// Rules 0–7 of access-rules.md §3, and what an entry comes to.
@Suite struct AccessRulesTests {
    private let resident = AccessWorld.resident

    private func world(_ permit: Permit? = nil) -> AccessWorld {
        var world = AccessWorld()
        world.permits = [permit ?? Permit(id: 12, plate: resident, household: 7)]
        return world
    }

    private func expect(
        _ decision: Decision, _ verdict: Decision.Verdict, _ reason: ReasonCode, rule: Int,
        _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(decision.verdict == verdict, sourceLocation: location)
        #expect(decision.reason == reason, sourceLocation: location)
        #expect(decision.rule == rule, sourceLocation: location)
        #expect(decision.steps.contains { $0.rule == rule }, sourceLocation: location)
    }

    @Test func `a permit opens and says whose it is and how long it lasts`() throws {
        var permit = Permit(id: 12, plate: resident, household: 7)
        permit.validTo = CivilDate(year: 2026, month: 3, day: 12)
        let decision = try world(permit).decide(.in, "京A12345")
        expect(decision, .grant, .permitVehicle, rule: 18)
        #expect(decision.permit == 12)
        #expect(decision.household == 7)
        #expect(decision.isHousehold)
        #expect(decision.daysLeft == 10)
        #expect(decision.plate == resident)
        #expect(decision.steps.map(\.rule) == Array(0...18))
        #expect(decision.steps[10].answer.contains("12"))
        #expect(decision.steps[15].answer == "space: household 3-1-502 has 0 inside of 1, area not counted")
    }

    @Test func `fire outranks everything, a blocklist and a closed lane too`() throws {
        var world = world()
        world.block(resident, .denyBoth)
        world.situation.isFireActive = true
        world.situation.isLaneOutOfService = true
        world.situation.isInterlockBusy = true
        world.situation.operatorCommand = .refuse
        for direction in [TravelDirection.in, .out] {
            expect(try world.decide(direction, "京A12345"), .grant, .fireRelease, rule: 0)
            expect(try world.decide(AccessWorld.request(direction, nil)), .grant, .fireRelease, rule: 0)
        }
    }

    @Test
    func `H-29 a closed lane refuses all but emergency vehicles, and no interlock or list delays those`()
        throws
    {
        var world = world()
        world.situation.isInterlockBusy = true
        world.situation.isOpposed = true
        var request = AccessWorld.request(.in, "京A12345")
        request.isHeldClosed = true
        expect(try world.decide(request), .deny, .laneOutOfService, rule: 1)
        for direction in [TravelDirection.in, .out] {
            var engine = AccessWorld.request(direction, "京X1234应急", color: .white)
            engine.isHeldClosed = true
            let decision = try world.decide(engine)
            expect(decision, .grant, .emergency, rule: 4)
            #expect(decision.isEmergency)
        }
        world.block(try #require(Plate("京A1234警")))
        expect(try world.decide(.in, "京A1234警", color: .white), .grant, .emergency, rule: 4)
        #expect(try !world.decide(.in, "京A1234警", color: .blue).isEmergency)
    }

    @Test
    func `H-29 a vehicle on the emergency list is on duty whatever else is said of it, while it is listed`()
        throws
    {
        var world = AccessWorld()
        let plate = try #require(Plate("京B55555"))
        func entry(_ id: Int64, _ list: ListEntry.List, until: WallTime? = nil) -> ListEntry {
            ListEntry(
                id: id, list: list, plate: plate, effectiveFrom: WallTime(milliseconds: 0),
                effectiveTo: until, reason: "test", author: "li", owner: "clinic")
        }
        world.entries = [entry(1, .block), entry(2, .emergency)]
        world.situation.isInterlockBusy = true
        var request = AccessWorld.request(.in, plate.text)
        request.isHeldClosed = true
        let decision = try world.decide(request)
        expect(decision, .grant, .emergency, rule: 4)
        #expect(decision.isEmergency && decision.listEntry == 2)
        expect(try world.decide(.out, plate.text), .grant, .emergency, rule: 4)
        world.entries = [entry(1, .block), entry(2, .emergency, until: world.now.wall)]
        expect(try world.decide(.in, plate.text), .deny, .blocklisted, rule: 7)
    }

    @Test func `which kinds are emergency is the site's word`() throws {
        var world = world()
        world.plan.emergencyKinds = [.emergency]
        expect(try world.decide(.in, "京A1234警", color: .white), .grant, .temporaryVehicle, rule: 18)
    }

    @Test func `free passage opens for all, but waits for the interlock`() throws {
        var world = world()
        world.situation.isFreePassage = true
        world.plan.admitsTemporary = false
        expect(try world.decide(.in, "沪B88888"), .grant, .freePassage, rule: 2)
        world.situation.isInterlockBusy = true
        let decision = try world.decide(.in, "沪B88888")
        expect(decision, .pending, .interlockWait, rule: 14)
        #expect(decision.waitsFor == "interlock")
    }

    @Test func `an operator opens and refuses entries, and an exit he refuses stays with a person`() throws {
        var world = world()
        world.situation.operatorCommand = .open
        world.situation.isInterlockBusy = true
        expect(try world.decide(AccessWorld.request(.in, nil)), .grant, .operatorOpen, rule: 3)
        world.situation.isInterlockBusy = false
        world.situation.operatorCommand = .refuse
        expect(try world.decide(.in, "京A12345"), .deny, .operatorRefused, rule: 3)
        let exit = try world.decide(.out, "京A12345")
        expect(exit, .pending, .confirmNeeded, rule: 3)
        #expect(exit.waitsFor == "confirm")
    }

    @Test func `a confirmation lets the waiting vehicle in, but not past an open barrier`() throws {
        var world = world()
        world.situation.operatorCommand = .confirm(as: nil)
        expect(try world.decide(AccessWorld.request(.in, nil)), .grant, .operatorOpen, rule: 3)
        world.situation.isInterlockBusy = true
        expect(try world.decide(AccessWorld.request(.in, nil)), .pending, .interlockWait, rule: 14)
    }

    @Test func `a confirmation with a plate is judged as that plate`() throws {
        var world = world()
        world.plan.fuzzy = .suggest
        expect(try world.decide(.in, "京A1234S"), .pending, .confirmNeeded, rule: 5)
        world.situation.operatorCommand = .confirm(as: resident)
        let decision = try world.decide(.in, "京A1234S")
        expect(decision, .grant, .permitVehicle, rule: 18)
        #expect(decision.permit == 12)
        #expect(decision.plate == resident)
        world.situation.carsInside[7] = 1
        world.plan.quotaEntry = .confirm
        #expect(try world.decide(.in, "京A1234S").reason == .operatorOpen)
    }

    @Test func `a vehicle without a plate enters by a code or a person`() throws {
        var world = world()
        for raw in ["_无_", nil] {
            let decision = try world.decide(AccessWorld.request(.in, raw))
            expect(decision, .pending, .confirmNeeded, rule: 5)
            #expect(decision.waitsFor == "confirm")
        }
        var request = AccessWorld.request(.in, "x")
        request.read?.reading = PlateReading(plate: Plate.temporaryCode(123_456), raw: "TMP-123456")
        let decision = try world.decide(request)
        expect(decision, .grant, .temporaryVehicle, rule: 18)
        #expect(decision.plate?.isTemporaryCode == true)
        world.plan.admitsTemporary = false
        expect(try world.decide(AccessWorld.request(.in, nil)), .deny, .credentialUnreadable, rule: 5)
    }

    @Test func `a stranger is temporary where the site admits such, else unknown`() throws {
        var world = world()
        let decision = try world.decide(.in, "沪B88888")
        expect(decision, .grant, .temporaryVehicle, rule: 18)
        #expect(!decision.isHousehold)
        #expect(decision.vehicleClass == .temporary)
        world.plan.admitsTemporary = false
        expect(try world.decide(.in, "沪B88888"), .deny, .credentialUnknown, rule: 5)
    }

    @Test func `a plate only on the watchlist is a stranger with a silent alarm`() throws {
        var world = world()
        let seen = try #require(Plate("沪B88888"))
        world.watch(seen)
        let decision = try world.decide(.in, "沪B88888")
        expect(decision, .grant, .temporaryVehicle, rule: 18)
        #expect(decision.flags == [.watchlist])
        world.plan.admitsTemporary = false
        expect(try world.decide(.in, "沪B88888"), .deny, .credentialUnknown, rule: 5)
    }

    @Test func `what fits no pattern goes to a person, not to the bin`() throws {
        expect(try world().decide(.in, "ZZ99"), .pending, .confirmNeeded, rule: 5)
    }

    @Test func `H-36 a single look-alike is taken with confidence, marked, and both texts are kept`() throws {
        var world = world()
        let decision = try world.decide(.in, "京A1234S")
        expect(decision, .grant, .permitVehicle, rule: 18)
        #expect(decision.flags == [.fuzzyMatch])
        #expect(decision.plate == resident)
        #expect(decision.candidates.map(\.distance) == [4])
        #expect(decision.candidates.map(\.source) == ["permit"])
        #expect(decision.candidates.map(\.reference) == [12])
        let weak = try world.decide(AccessWorld.request(.in, "京A1234S", confidence: 89))
        expect(weak, .pending, .confirmNeeded, rule: 5)
        world.plan.fuzzy = .off
        expect(try world.decide(.in, "京A1234S"), .grant, .temporaryVehicle, rule: 18)
    }

    @Test func `H-36 of two look-alikes a person chooses`() throws {
        var world = world()
        world.permits = [
            Permit(id: 1, plate: try #require(Plate("京A02345"))),
            Permit(id: 2, plate: try #require(Plate("京AD2345"))),
        ]
        let decision = try world.decide(.in, "京AQ2345")
        expect(decision, .pending, .confirmNeeded, rule: 5)
        #expect(decision.candidates.map(\.reference) == [1, 2])
        #expect(decision.plate == Plate("京AQ2345"))
    }

    @Test func `an exact holder is never taken for a look-alike`() throws {
        var world = world()
        world.permits.append(Permit(id: 13, plate: try #require(Plate("京A1234S")), household: 8))
        #expect(try world.decide(.in, "京A1234S").permit == 13)
        #expect(try world.decide(.in, "京A12345").permit == 12)
    }

    @Test func `H-36 a plate that is known for anything is itself and nobody's look-alike`() throws {
        var world = world()
        let alike = try #require(Plate("京A1234S"))
        world.watch(alike)
        #expect(try world.decide(.in, "京A1234S").reason == .temporaryVehicle)
        world.entries = []
        world.permits.append(Permit(id: 13, plate: alike, endedAt: WallTime(milliseconds: 5)))
        #expect(try world.decide(.in, "京A1234S").reason == .temporaryVehicle)
        // At an exit it leaves on its own account, and the neighbour's stay remains open.
        world.permits[1].endedAt = nil
        world.situation.openStays = [AccessSituation.OpenStay(id: StayID(40), plate: resident)]
        let exit = try world.decide(.out, "京A1234S")
        #expect(exit.verdict == .grant)
        #expect(exit.stay == nil)
        #expect(exit.plate == alike)
    }

    @Test func `a blocklist refuses the exact plate and only alarms for a look-alike`() throws {
        var world = AccessWorld()
        world.block(resident)
        let exact = try world.decide(.in, "京A12345")
        expect(exact, .deny, .blocklisted, rule: 7)
        #expect(exact.listEntry == 1)
        let alike = try world.decide(.in, "京A1234S")
        expect(alike, .grant, .temporaryVehicle, rule: 18)
        #expect(alike.flags == [.blocklistLookAlike])
    }

    @Test func `a look-alike of a blocklisted permit is not taken for it`() throws {
        var world = world()
        world.block(resident)
        let decision = try world.decide(.in, "京A1234S")
        expect(decision, .pending, .confirmNeeded, rule: 5)
        #expect(decision.flags == [.blocklistLookAlike])
    }

    @Test func `a read as near to a blocklisted plate as to a permit is taken for neither`() throws {
        var world = AccessWorld()
        world.permits = [Permit(id: 1, plate: try #require(Plate("京A02345")))]
        world.block(try #require(Plate("京AD2345")))
        let decision = try world.decide(.in, "京AQ2345")
        expect(decision, .pending, .confirmNeeded, rule: 5)
        #expect(decision.flags == [.blocklistLookAlike])
    }

    @Test func `an entry that is over or not yet begun does nothing`() throws {
        var world = world()
        world.block(resident)
        world.entries[0].effectiveTo = world.now.wall
        expect(try world.decide(.in, "京A12345"), .grant, .permitVehicle, rule: 18)
        world.entries[0].effectiveTo = nil
        world.entries[0].effectiveFrom = WallTime(milliseconds: world.now.wall.milliseconds + 1)
        expect(try world.decide(.in, "京A12345"), .grant, .permitVehicle, rule: 18)
    }

    @Test func `flags say what the decision rests on`() throws {
        var world = world()
        world.watch(resident)
        world.confirmedAt = world.now.wall + (.zero - .seconds(8 * 86_400))
        world.now.quality = .doubtful
        world.situation.isStoreAvailable = false
        world.situation.isDrill = true
        var request = AccessWorld.request(.in, "京A12345", color: .green)
        request.hasCloneHint = true
        request.isPresenceConfirmed = false
        let flags = try world.decide(request).flags
        #expect(
            flags == [
                .clockUntrusted, .cloneHint, .colorContradiction, .drill, .presenceAssumed, .staleRules,
                .storeUnavailable, .watchlist,
            ])
    }

    @Test func `two strong plates in one presence need both rights or a person`() throws {
        var world = world()
        let other = AccessWorld.request(.in, "沪B88888")
        var request = AccessWorld.request(.in, "京A12345")
        request.isContested = true
        request.otherReads = other.read.map { [$0] } ?? []
        expect(try world.decide(request), .grant, .permitVehicle, rule: 18)
        world.plan.admitsTemporary = false
        let held = try world.decide(request)
        expect(held, .pending, .confirmNeeded, rule: 5)
        #expect(held.waitsFor == "confirm")
        request.otherReads = []
        #expect(try world.decide(request).verdict == .pending)
        request.otherReads = [try #require(AccessWorld.request(.in, "京X1234应急", color: .white).read)]
        #expect(try world.decide(request).isEmergency)
    }
}
