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

    // MARK: How often it may come

    /// On a pass for one entry; `count` stays began on it.
    private func after(
        _ count: Int, of entries: Int = 1, _ change: (inout AccessWorld) -> Void = { _ in }
    ) throws -> Decision {
        try at(3) { world in
            world.permits[0].visit?.entries = entries
            world.situation.visits = Self.visits(count, world.permits[0])
            change(&world)
        }
    }

    private static func visits(_ count: Int, _ pass: Permit) -> VisitEntries {
        var (visits, book) = (VisitEntries(), StayBook())
        _ = visits.apply(.permitSet(pass))
        let time = WallTime(milliseconds: 0)
        for number in 0..<Int64(count) {
            let fact = StayFact.opened(
                StayOpening(
                    area: "main", lane: "north", plate: pass.plate, reading: nil,
                    holder: StayHolder(.visitor, permit: pass.id), recognisedAt: time, passedAt: time))
            _ = visits.apply(fact, Sequence(number + 10), to: book)
            _ = book.apply(fact, sequence: Sequence(number + 10))
        }
        return visits
    }

    @Test func `a pass gives as many entries as it says`() throws {
        let first = try after(0)
        #expect(first.reason == .visitorPass)
        #expect(first.steps.contains { $0.answer == "counts: visitor's pass 5, entries 0 of 1" })
        #expect(try after(1, of: 2).reason == .visitorPass)
        let third = try after(2, of: 2)
        #expect(third.reason == .temporaryVehicle && third.permit == nil)
        #expect(third.vehicleClass == .temporary)
    }

    @Test func `where no strangers come in, a pass that is used up says so`() throws {
        let refused = try after(1) { $0.plan.admitsTemporary = false }
        #expect(refused.verdict == .deny && refused.reason == .countExhausted && refused.rule == 12)
        let text = try #require(refused.steps.last).answer
        #expect(text.hasPrefix("counts: permit 5 visit ") && text.contains(", 120 minutes, entries 1 of 1,"))
        // One that is over is over, however often it was used.
        let over = try after(1) {
            $0.plan.admitsTemporary = false
            $0.now.wall = $0.now.wall + .seconds(86_400)
        }
        #expect(over.reason == .subjectNotValid)
    }

    @Test func `another right still lets it in`() throws {
        let resident = try after(1) { $0.permits.append(Permit(id: 9, plate: Self.guest, household: 7)) }
        #expect(resident.reason == .permitVehicle && resident.permit == 9)
        let second = try after(1) { world in
            var other = world.permits[0]
            other.id = 6
            world.permits.append(other)
        }
        #expect(second.reason == .visitorPass && second.permit == 6)
    }

    @Test func `nobody is kept inside by it`() throws {
        var world = world { $0.permits[0].visit?.entries = 1 }
        world.now.wall = world.now.wall + .seconds(36_000)
        world.situation.visits = Self.visits(1, world.permits[0])
        world.situation.openStays = [
            AccessSituation.OpenStay(
                id: StayID(10), plate: Self.guest, permit: 5, vehicleClass: .visitor)
        ]
        let decision = try world.decide(.out, "沪B88888")
        #expect(decision.verdict == .grant && decision.permit == 5)
    }

    @Test func `a misread is not taken for a plate whose pass is used up`() throws {
        for (count, plate) in [(0, "沪B88888"), (1, "沪B8888B")] {
            var world = world { $0.permits[0].visit?.entries = 1 }
            world.now.wall = world.now.wall + .seconds(10_000)
            world.plan.fuzzy = .autoIfSingle
            world.situation.visits = Self.visits(count, world.permits[0])
            #expect(try world.decide(.in, "沪B8888B").plate?.text == plate, "\(count)")
        }
    }

    @Test func `who was not decided about is known as a visitor, and none of its host's cars`() throws {
        var world = world()
        world.now.wall = world.now.wall + .seconds(10_000)
        let holder = try world.directory().holder(
            of: Self.guest, plan: world.plan, zone: world.zone, area: "main", visits: VisitEntries(),
            at: world.now)
        #expect(holder == StayHolder(.visitor, permit: 5))
    }
}
