// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// Facts that no device of the bench makes: passages through an entry that it does not have, and a clock that is moved.
extension ChargeBench {
    /// Through an entry just now, under the clock as it is; its stay.
    mutating func enters(
        _ reading: PlateReading = plate, _ holder: StayHolder = StayHolder(.temporary)
    ) throws -> StayID {
        let opening = StayOpening(
            area: "main", lane: "north", plate: reading.plate, reading: reading, holder: holder,
            recognisedAt: bench.now.wall, passedAt: bench.now.wall, clock: stamp)
        record([.opened(opening)])
        let plate = try #require(reading.plate)
        return try #require(bench.site.memory.stays.stay(of: plate)).id
    }

    /// The same with what that says of an earlier stay of the plate.
    mutating func comesIn() throws -> StayID {
        let seen = StayPassage(
            passage: Passage(
                direction: .in, isReverse: false, certainty: .confirmed, cause: .granted,
                startedAt: bench.now.wall, passedAt: bench.now.wall),
            lane: "north", laneKind: .entry, area: "main",
            decision: Decision(
                verdict: .grant, reason: .temporaryVehicle, rule: 18, plate: Self.plate.plate), clock: stamp)
        record(bench.site.memory.stays.facts(for: seen, next: bench.site.nextSequence))
        let plate = try #require(Self.plate.plate)
        return try #require(bench.site.memory.stays.stay(of: plate)).id
    }

    /// Seen at the exit just now.
    func exit(_ reading: PlateReading? = plate, lane: String? = "south") -> Stay.Exit {
        Stay.Exit(
            lane: lane, recognisedAt: bench.now.wall, passedAt: bench.now.wall, reading: reading,
            clock: stamp)
    }

    /// Left through no exit of the bench; the exit's record.
    mutating func leavesUnmatched(_ reading: PlateReading) -> Sequence {
        record([.unmatchedExit(UnmatchedExit(area: "main", plate: reading.plate, exit: exit(reading)))])
        return bench.site.memory.stays.unmatchedExits.keysInOrder.last ?? Sequence(0)
    }

    /// The wall clock jumps.
    mutating func steps(_ step: Duration, _ quality: ClockQuality = .doubtful) {
        bench.now.wall = bench.now.wall + step
        bench.now.quality = quality
        bench.send(.clockStepped(step))
    }

    mutating func record(_ facts: [StayFact]) {
        var out = Site.Effects(now: bench.now)
        bench.site.record(stays: facts, &out)
        bench.wanted(out.effects)
    }

    mutating func repairs(_ repair: StayRepair) {
        bench.send(
            .operation(.stays([repair], reason: "READ_ERROR"), by: SiteBench.wang, reply: ReplyID(3)))
    }

    /// Nobody stands at the exit any more.
    mutating func turnsBack() {
        bench.level(Self.presence, .off, for: .seconds(20))
    }

    private var stamp: ClockStamp { bench.site.memory.clock.stamp(bench.now.quality) }

    var occupancy: Int { bench.site.memory.stays.occupancy(of: "main") }

    func quotedDue() throws -> Int64 {
        try #require(try last("chargeQuoted").object("charge").number("due"))
    }

    func doubt(_ kind: String = "stayCharged") throws -> ChargeDoubt? {
        try last(kind).objectIfPresent("doubt").map(ChargeDoubt.init)
    }

    static func edition(_ change: (inout TariffRules) -> Void) -> TariffEdition {
        var edition = edition()
        change(&edition.tariff.rules)
        return edition
    }

    /// What a lane says of itself.
    static func isRefused(_ answer: Answer?) -> Bool {
        if case .refused = answer { true } else { false }
    }
}
