// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// A resident's visitor at the lane: a guest within its window, a temporary vehicle beyond it.
struct AccessVisitorTests {
    private static let guest = Plate("沪B88888") ?? Plate(packed: 0)

    /// It is noon; may come from 14:00 to 18:00.
    private func world(_ change: (inout AccessWorld) -> Void = { _ in }) -> AccessWorld {
        var world = AccessWorld()
        let noon = world.now.wall
        world.permits = [
            Permit(
                id: 5, plate: Self.guest, household: 7,
                visit: Visit(from: noon + .seconds(7200), to: noon + .seconds(21_600), minutes: 120))
        ]
        change(&world)
        return world
    }

    private func at(_ hours: Double, _ change: (inout AccessWorld) -> Void = { _ in }) throws -> Decision {
        var world = world(change)
        world.now.wall = world.now.wall + .milliseconds(Int64(hours * 3_600_000))
        return try world.decide(.in, "沪B88888")
    }

    @Test func `it may come in its window, and half an hour early`() throws {
        for hours in [1.5, 2, 5.99] {
            let decision = try at(hours)
            #expect(decision.verdict == .grant && decision.reason == .visitorPass, "\(hours)")
            #expect(decision.permit == 5 && decision.household == 7)
            #expect(decision.vehicleClass == .visitor)
            #expect(!decision.isHousehold)
        }
    }

    @Test func `outside it is what any stranger is`() throws {
        for hours in [0, 1.49, 6, 30] {
            #expect(try at(hours).reason == .temporaryVehicle, "\(hours)")
            let refused = try at(hours) { $0.plan.admitsTemporary = false }
            #expect(refused.verdict == .deny && refused.reason == .subjectNotValid, "\(hours)")
        }
        #expect(try at(3) { $0.plan.admitsTemporary = false }.reason == .visitorPass)
    }

    @Test func `one that its host called off is ended`() throws {
        let decision = try at(3) {
            $0.permits[0].endedAt = $0.now.wall
            $0.plan.admitsTemporary = false
        }
        #expect(decision.reason == .credentialExpired)
    }

    @Test func `it takes none of its host's spaces, and none that are kept for residents`() throws {
        // The host's one space is taken.
        #expect(try at(3) { $0.situation.carsInside[7] = 1 }.reason == .visitorPass)
        let full = try at(3) {
            $0.area.capacity = 10
            $0.area.reserve = 2
            $0.situation.occupancy = 8
        }
        #expect(full.reason == .areaFull)
    }

    @Test func `a plate that is a resident's too comes in as one`() throws {
        let decision = try at(3) {
            $0.permits.append(Permit(id: 9, plate: Self.guest, household: 7))
        }
        #expect(decision.reason == .permitVehicle && decision.permit == 9)
        #expect(decision.isHousehold)
    }

    @Test(arguments: [true, false])
    func `whoever owes for the time beyond waits like any other`(_ isInWindow: Bool) throws {
        var world = world()
        world.now.wall = world.now.wall + .seconds(isInWindow ? 18_000 : 36_000)
        world.situation.openStays = [
            AccessSituation.OpenStay(
                id: StayID(3), plate: Self.guest, permit: 5, vehicleClass: .visitor)
        ]
        world.situation.charge(.due)
        #expect(try world.decide(.out, "沪B88888").reason == .paymentDue)
        world.situation.charge(.free)
        #expect(try world.decide(.out, "沪B88888").reason == .zeroDue)
    }

    @Test func `a doubtful clock is believed in favour of whoever comes`() throws {
        let decision = try at(6.1) { $0.now.quality = .doubtful }
        #expect(decision.reason == .visitorPass)
    }

    @Test func `who was not decided about is known as a visitor, and none of its host's cars`() throws {
        var world = world()
        world.now.wall = world.now.wall + .seconds(10_000)
        let holder = try world.directory().holder(
            of: Self.guest, plan: world.plan, zone: world.zone, area: "main", at: world.now)
        #expect(holder == StayHolder(.visitor, permit: 5))
    }
}
