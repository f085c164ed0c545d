// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// Rule 8: whoever is inside may leave.
@Suite struct AccessExitTests {
    private let resident = AccessWorld.resident

    private func inside(_ plate: Plate, household: Int64? = nil, id: Int64 = 40) -> AccessSituation.OpenStay {
        AccessSituation.OpenStay(
            id: StayID(id), plate: plate, household: household,
            vehicleClass: household == nil ? .temporary : .permit)
    }

    @Test func `an open stay leaves, paid or with nothing asked`() throws {
        var world = AccessWorld()
        world.situation.openStays = [inside(resident)]
        var decision = try world.decide(.out, "京A12345")
        #expect(decision.reason == .exitAlways)
        #expect(decision.stay == StayID(40))
        #expect(decision.rule == 8)
        world.situation.charge(.settled)
        decision = try world.decide(.out, "京A12345")
        #expect(decision.reason == .paid)
    }

    @Test func `only a temporary vehicle waits for its charge`() throws {
        var world = AccessWorld()
        world.situation.openStays = [inside(resident)]
        world.situation.charge(.due)
        let decision = try world.decide(.out, "京A12345")
        #expect(decision.verdict == .pending)
        #expect(decision.reason == .paymentDue)
        #expect(decision.waitsFor == "payment")
    }

    @Test func `H-32 a household's vehicle is not kept for a charge, whatever became of its permit`() throws {
        var world = AccessWorld()
        world.situation.openStays = [inside(resident, household: 7)]
        world.situation.charge(.due)
        #expect(try world.decide(.out, "京A12345").verdict == .grant)
        world.situation.openStays = [inside(resident)]
        world.permits = [Permit(id: 12, plate: resident, household: 7, direction: .in, windows: [])]
        #expect(try world.decide(.out, "京A12345").verdict == .grant)
        world.permits = []
        world.allow(resident)
        #expect(try world.decide(.out, "京A12345").verdict == .grant)
    }

    @Test func `H-25 without a store nobody waits at an exit`() throws {
        var world = AccessWorld()
        world.situation.isStoreAvailable = false
        #expect(try world.decide(AccessWorld.request(.out, nil)).verdict == .grant)
        world.situation.openStays = [inside(resident)]
        world.situation.charge(.due)
        #expect(try world.decide(.out, "京A12345").verdict == .grant)
    }

    @Test func `a blocklisted vehicle inside may leave unless a document holds it`() throws {
        var world = AccessWorld()
        world.situation.openStays = [inside(resident)]
        world.block(resident)
        #expect(try world.decide(.out, "京A12345").verdict == .grant)
        world.block(resident, .denyBoth)
        let decision = try world.decide(.out, "京A12345")
        #expect(decision.reason == .blocklisted)
        #expect(decision.listEntry == 2)
    }

    @Test func `an exit without an entry is a person's or opens, as the site says, and is never denied`()
        throws
    {
        var world = AccessWorld()
        world.plan.admitsTemporary = false
        for raw in ["京A12345", nil, "ZZ9"] {
            world.plan.noEntryRecord = .confirm
            let held = try world.decide(AccessWorld.request(.out, raw))
            #expect(held.verdict == .pending)
            #expect(held.reason == .noEntryRecord)
            #expect(held.waitsFor == "confirm")
            world.plan.noEntryRecord = .open
            #expect(try world.decide(AccessWorld.request(.out, raw)).reason == .exitAlways)
        }
    }

    @Test func `a resident without an entry record leaves freely`() throws {
        var world = AccessWorld()
        world.permits = [Permit(id: 12, plate: resident, household: 7)]
        let decision = try world.decide(.out, "京A12345")
        #expect(decision.verdict == .grant)
        #expect(decision.stay == nil)
    }

    @Test func `H-36 a misread at the exit finds its only stay, and of two a person chooses`() throws {
        var world = AccessWorld()
        let alike = try #require(Plate("京A02345"))
        world.situation.openStays = [inside(alike)]
        let single = try world.decide(.out, "京AQ2345")
        #expect(single.verdict == .grant)
        #expect(single.stay == StayID(40))
        #expect(single.plate == alike)
        #expect(single.flags == [.fuzzyMatch])
        world.situation.openStays.append(inside(try #require(Plate("京AD2345")), id: 41))
        let several = try world.decide(.out, "京AQ2345")
        #expect(several.verdict == .pending)
        #expect(several.reason == .noEntryRecord)
        #expect(several.candidates.map(\.reference) == [40, 41])
        #expect(several.candidates.map(\.source) == ["stay", "stay"])
        world.situation.operatorCommand = .confirm(as: Plate("京AD2345"))
        #expect(try world.decide(.out, "京AQ2345").stay == StayID(41))
    }

    @Test func `a misread never takes a neighbour's stay`() throws {
        var world = AccessWorld()
        world.situation.openStays = [inside(try #require(Plate("京A12346")))]
        let decision = try world.decide(.out, "京A12345")
        #expect(decision.verdict == .pending)
        #expect(decision.stay == nil)
        #expect(decision.candidates.map(\.distance) == [10])
    }

    @Test func `an exit waits for an interlocked barrier, but no schedule or quota is asked`() throws {
        var world = AccessWorld()
        world.permits = [Permit(id: 12, plate: resident, household: 7, windows: [])]
        world.situation.openStays = [inside(resident, household: 7)]
        world.situation.carsInside[7] = 9
        #expect(try world.decide(.out, "京A12345").verdict == .grant)
        world.situation.isInterlockBusy = true
        let decision = try world.decide(.out, "京A12345")
        #expect(decision.reason == .interlockWait)
        #expect(decision.rule == 14)
        #expect(decision.stay == StayID(40))
    }
}
