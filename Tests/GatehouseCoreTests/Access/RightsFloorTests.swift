// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// Architecture §14 in every state: random plans, directories and situations.
@Suite struct RightsFloorTests {
    /// A fixed sequence; a failing number is named by the test and is its own repetition.
    struct Dice {
        var state: UInt64

        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % sides
        }

        mutating func flip() -> Bool { roll(2) == 0 }
        mutating func pick<Value>(_ values: [Value]) -> Value { values[roll(values.count)] }
    }

    static let texts = [
        "京A12345", "京A1234S", "京A02345", "京AD2345", "沪B88888", "京X1234应急", "粤BD12345", "京A12346",
    ]

    static func world(_ dice: inout Dice) throws -> (world: AccessWorld, request: AccessRequest) {
        var world = AccessWorld()
        world.plan.admitsTemporary = dice.flip()
        world.plan.fuzzy = dice.pick([.off, .suggest, .autoIfSingle])
        world.plan.quotaEntry = dice.pick([.admitAsTemporary, .refuse, .confirm])
        world.plan.repeatedEntry = dice.pick([.allowCloseOld, .refuse, .confirm])
        world.plan.noEntryRecord = dice.pick([.open, .confirm])
        world.plan.bannedKinds = dice.flip() ? [.smallCivil] : []
        world.plan.permitGraceDays = dice.roll(3)
        world.area.capacity = dice.pick([nil, 0, 3, 100])
        world.area.reserve = dice.roll(3)
        world.area.admitsPermitsWhenFull = dice.flip()
        world.households = [Household(id: 7, name: "a", spaces: dice.roll(3)), Household(id: 8, name: "b")]
        let plates = texts.compactMap { Plate($0) }
        for id in 0..<Int64(dice.roll(6)) {
            var permit = Permit(id: id, plate: dice.pick(plates), household: dice.pick([nil, 7, 8]))
            permit.direction = dice.pick([.in, .out, .both])
            permit.areas = dice.pick([nil, ["main"], ["east"], []])
            permit.windows = dice.pick([nil, nil, []])
            permit.isDenial = dice.roll(4) == 0
            permit.validTo = dice.pick([
                nil, CivilDate(year: 2026, month: 3, day: 1), CivilDate(year: 2027, month: 1, day: 1),
            ])
            permit.endedAt = dice.pick([nil, nil, WallTime(milliseconds: 5)])
            world.permits.append(permit)
        }
        for _ in 0..<dice.roll(3) {
            let plate = dice.pick(plates)
            switch dice.roll(4) {
            case 0: world.block(plate)
            case 1: world.block(plate, .denyBoth)
            case 2: world.allow(plate)
            default: world.watch(plate)
            }
        }
        situation(&world.situation, plates, &dice)
        world.now.quality = dice.pick(ClockQuality.allCases)
        var request = AccessWorld.request(
            dice.pick([.in, .out]), dice.pick(texts + ["_无_", "ZZ9", nil, "京A12?45"]),
            color: dice.pick(PlateColor.allCases), confidence: dice.roll(101))
        request.isHeldClosed = dice.roll(10) == 0
        request.isContested = dice.roll(10) == 0
        request.otherReads = AccessWorld.request(.in, dice.pick(texts)).read.map { [$0] } ?? []
        return (world, request)
    }

    private static func situation(_ situation: inout AccessSituation, _ plates: [Plate], _ dice: inout Dice) {
        situation.isFireActive = dice.roll(10) == 0
        situation.isLaneOutOfService = dice.roll(10) == 0
        situation.isFreePassage = dice.roll(10) == 0
        situation.operatorCommand = dice.pick([
            nil, nil, nil, .open, .refuse, .confirm(as: nil), .confirm(as: plates[0]),
        ])
        situation.isInterlockBusy = dice.roll(6) == 0
        situation.isOpposed = dice.roll(6) == 0
        situation.occupancy = dice.roll(8) - 2
        situation.carsInside[7] = dice.roll(4)
        situation.isStoreAvailable = dice.roll(4) != 0
        let payment: AccessSituation.Payment = dice.pick([.none, .free, .due, .settled])
        situation.isBarredForArrears = dice.flip()
        for id in 0..<Int64(dice.roll(4)) {
            let household: Int64? = dice.pick([nil, 7])
            situation.openStays.append(
                AccessSituation.OpenStay(
                    id: StayID(id + 40), plate: dice.pick(plates), household: household,
                    vehicleClass: household == nil ? .temporary : .permit, isCountedInside: dice.flip()))
        }
        situation.charge(payment)
    }

    /// By its own look at the rows: the plate has a permit in force, came in on one, or stands on the
    /// allowlist.
    static func isHouseholds(_ request: AccessRequest, in world: AccessWorld) -> Bool {
        guard !request.isContested, let plate = request.read?.reading.plate else { return false }
        if case .confirm(as: .some) = world.situation.operatorCommand { return false }
        let today = CivilDate(year: 2026, month: 3, day: 2)
        let hasPermit = world.permits.contains { permit in
            permit.plate == plate && !permit.isDenial && permit.endedAt == nil
                && (permit.validTo.map { to in today.map { $0 <= to } ?? false } ?? true)
        }
        let newest = world.situation.openStays.filter { $0.plate == plate }.max { $0.id < $1.id }
        return hasPermit || newest?.household != nil
            || world.entries.contains { $0.plate == plate && $0.list == .allow }
    }

    static let moneyReasons: [ReasonCode] = [.arrears, .paymentDue]

    @Test(arguments: 0..<6)
    func `H-31 H-32 nobody with a right is refused or kept for money, and nobody is locked in`(seed: Int)
        throws
    {
        var dice = Dice(state: UInt64(seed) &* 7_919 &+ 1)
        for number in 0..<100 {
            let (world, request) = try Self.world(&dice)
            let decision = try world.decide(request)
            let label = Comment(
                rawValue: "seed \(seed), number \(number): \(decision.reason) \(decision.steps)")
            let isAboutMoney = Self.moneyReasons.contains(decision.reason)
            if decision.isHousehold { #expect(!isAboutMoney, label) }
            if Self.isHouseholds(request, in: world) { #expect(!isAboutMoney, label) }
            if request.read?.reading.plate == nil, world.situation.operatorCommand == nil {
                #expect(!isAboutMoney, label)
            }
            if request.direction == .out, decision.verdict == .deny {
                let isHeld = world.entries.contains { $0.id == decision.listEntry && $0.variant == .denyBoth }
                #expect(decision.reason == .laneOutOfService || isHeld, label)
            }
            if decision.reason == .paymentDue {
                #expect(request.direction == .out && world.situation.isStoreAvailable, label)
            }
            if world.situation.isFireActive { #expect(decision.reason == .fireRelease, label) }
            if request.direction == .out, !world.situation.isStoreAvailable, decision.verdict == .pending {
                // Only the lane itself or a person's refusal still holds.
                let isRefused = world.situation.operatorCommand == .refuse
                let isWaiting = decision.reason == .interlockWait || decision.reason == .opposingUse
                #expect(isWaiting || isRefused || request.isContested, label)
            }
            if decision.verdict == .pending { #expect(decision.waitsFor != nil, label) }
            #expect(decision.steps.contains { $0.rule == decision.rule }, label)
        }
    }

    @Test(arguments: 0..<4)
    func `S4 no temporary grant while free places are not above the reserve`(seed: Int) throws {
        var dice = Dice(state: UInt64(seed) &+ 99)
        for _ in 0..<80 {
            let (world, request) = try Self.world(&dice)
            let decision = try world.decide(request)
            guard [.temporaryVehicle, .quotaAsTemporary].contains(decision.reason),
                let capacity = world.area.capacity
            else { continue }
            #expect(max(0, capacity - max(0, world.situation.occupancy)) > world.area.reserve)
        }
    }

    @Test(arguments: 0..<4)
    func `the order of rows and stays never changes a decision`(seed: Int) throws {
        var dice = Dice(state: UInt64(seed) &+ 4242)
        for _ in 0..<60 {
            let (world, request) = try Self.world(&dice)
            var turned = world
            turned.permits.reverse()
            turned.entries.reverse()
            turned.households.reverse()
            turned.situation.openStays.reverse()
            #expect(try world.decide(request) == turned.decide(request))
        }
    }
}
