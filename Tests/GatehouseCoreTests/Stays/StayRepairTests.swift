// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

@Suite struct StayRepairTests {
    private let plate = AccessWorld.resident
    private let reading = PlateGrammar.parse("京A12345", color: .blue)

    @Test func `a correction keeps both readings and moves the plate and the household's count`() throws {
        var ledger = StayLedger()
        ledger.pass(Passing.in("京A1234S"))
        try ledger.repair(.correct(StayID(1), reading, StayHolder(.permit, permit: 12, household: 7)))
        let stay = try #require(ledger.book.stay(of: plate))
        #expect(stay.corrections.map(\.before.raw) == ["京A1234S"])
        #expect(stay.corrections.map(\.after.raw) == ["京A12345"])
        #expect(stay.corrections.map(\.by.name) == ["wang"])
        #expect(stay.opening.reading?.raw == "京A1234S")
        #expect(ledger.book.stay(of: try #require(Plate("京A1234S"))) == nil)
        #expect(ledger.book.carsInside[7] == 1)
        #expect(ledger.book.occupancy(of: "main") == 1)
        try ledger.check()
    }

    @Test func `a stay corrected to a stranger's plate no longer counts for the household`() throws {
        var ledger = StayLedger()
        let holder = StayHolder(.permit, permit: 12, household: 7)
        try ledger.repair(
            .import(area: "main", reading, holder, since: WallTime(milliseconds: 0)))
        #expect(ledger.book.carsInside[7] == 1)
        let stranger = PlateGrammar.parse("沪B88888", color: .blue)
        try ledger.repair(.correct(StayID(1), stranger, StayHolder(.temporary)))
        #expect(ledger.book.carsInside[7] == nil)
        #expect(ledger.book.stay(StayID(1))?.holder == StayHolder(.temporary))
        try ledger.check()
    }

    @Test func `a claimed code stays beside the plate`() throws {
        var ledger = StayLedger()
        ledger.pass(Passing.in(nil))
        try ledger.repair(.claim(StayID(1), reading, StayHolder(.temporary)))
        let correction = try #require(ledger.book.stay(of: plate)?.corrections.first)
        #expect(correction.before.raw == "TMP-000001" && correction.after.raw == "京A12345")
    }

    @Test func `an unmatched exit is matched to its stay and the vehicle counts once`() throws {
        var ledger = StayLedger()
        ledger.pass(Passing.in("京A12345"))
        ledger.pass(Passing.in("沪B88888"))
        ledger.pass(Passing.out("京A99999"))
        #expect(ledger.book.occupancy(of: "main") == 1)
        try ledger.repair(.match(StayID(1), exit: Sequence(3)))
        #expect(ledger.book.occupancy(of: "main") == 1)
        #expect(ledger.book.stay(of: plate) == nil)
        #expect(ledger.book.unmatchedExits.isEmpty)
        try ledger.check()
        #expect(throws: StayRepairError.noSuchExit(Sequence(3))) {
            try ledger.repair(.match(StayID(2), exit: Sequence(3)))
        }
    }

    @Test func `a suspected stay that was matched elsewhere gives its place back`() throws {
        var ledger = StayLedger()
        ledger.pass(Passing.in("京A12345"))
        ledger.pass(Passing.in("沪B88888"))
        ledger.pass(Passing.out("京A12345", cause: .ungranted))
        ledger.pass(Passing.out(nil))
        #expect(ledger.book.occupancy(of: "main") == 0)
        try ledger.repair(.match(StayID(1), exit: Sequence(4)))
        #expect(ledger.book.occupancy(of: "main") == 1)
        try ledger.check()
    }

    @Test func `a person's word closes a stay and takes its place away`() throws {
        var ledger = StayLedger()
        ledger.pass(Passing.in("京A12345"))
        let facts = try ledger.repair(.close(StayID(1)))
        #expect(facts.map(\.kind) == ["stayClosed"])
        #expect(ledger.book.stays.isEmpty)
        #expect(ledger.book.occupancy(of: "main") == 0)
        try ledger.check()
        #expect(throws: StayRepairError.noSuchStay(StayID(1))) { try ledger.repair(.close(StayID(1))) }
    }

    @Test func `an unidentified stay is claimed by its plate, another is not`() throws {
        var ledger = StayLedger()
        ledger.pass(Passing.in(nil))
        try ledger.repair(.claim(StayID(1), reading, StayHolder(.permit, permit: 12, household: 7)))
        #expect(ledger.book.stay(of: plate)?.id == StayID(1))
        #expect(ledger.book.carsInside[7] == 1)
        try ledger.check()
        #expect(throws: StayRepairError.notUnidentified(StayID(1))) {
            try ledger.repair(.claim(StayID(1), reading, StayHolder(.temporary)))
        }
    }

    @Test func `cars inside on the day of change-over are imported once each`() throws {
        var ledger = StayLedger()
        let since = WallTime(milliseconds: -5)
        try ledger.repair(.import(area: "main", reading, StayHolder(.permit, permit: 12), since: since))
        let stay = try #require(ledger.book.stay(of: plate))
        #expect(stay.flags == ["imported"])
        #expect(stay.opening.lane == nil)
        #expect(stay.opening.passedAt == since)
        #expect(throws: StayRepairError.alreadyInside(plate, StayID(1))) {
            try ledger.repair(.import(area: "main", reading, StayHolder(.temporary), since: since))
        }
        #expect(throws: StayRepairError.noPlate) {
            try ledger.repair(
                .import(area: "main", PlateGrammar.parse("无牌"), StayHolder(.temporary), since: since))
        }
        try ledger.check()
    }

    @Test func `a recount sets the sum, and papers settled later leave it alone`() throws {
        var ledger = StayLedger()
        for number in 0..<5 { ledger.pass(Passing.in("沪B" + padded(number, 5))) }
        ledger.pass(Passing.out("京A99999"))
        try ledger.repair(.recount(area: "main", counted: 3))
        #expect(ledger.book.occupancy(of: "main") == 3)
        #expect(ledger.book.unmatchedExits.isEmpty)
        try ledger.check()
        // A ghost that the person did not see: its paper goes, the cars that were counted stay.
        try ledger.repair(.close(StayID(1)))
        #expect(ledger.book.occupancy(of: "main") == 3)
        try ledger.check()
        // A car that really drives out.
        ledger.pass(Passing.out("沪B00001"))
        #expect(ledger.book.occupancy(of: "main") == 2)
        // One that came after the recount is the papers' again.
        ledger.pass(Passing.in("京A12345"))
        try ledger.repair(.close(try #require(ledger.book.stay(of: plate)).id))
        #expect(ledger.book.occupancy(of: "main") == 2)
        try ledger.check()
        #expect(throws: StayRepairError.negativeCount(-1)) {
            try ledger.repair(.recount(area: "main", counted: -1))
        }
    }

    @Test func `candidates for an exit are ranked and at most five`() throws {
        var ledger = StayLedger()
        for raw in ["京A12345", "京A1234S", "冀A12345", "京A12346", "京A12347", "京A12348", "沪B88888"] {
            ledger.pass(Passing.in(raw))
        }
        let candidates = ledger.book.candidates(for: reading)
        #expect(candidates.map(\.distance) == [0, 3, 4, 10, 10])
        #expect(candidates.map(\.reference) == [1, 3, 2, 4, 5])
        #expect(candidates.allSatisfy { $0.source == "stay" })
        #expect(ledger.book.candidates(for: PlateGrammar.parse("无")).isEmpty)
    }

    @Test func `a stay whose plate was read with a gap is found by the whole plate`() throws {
        var ledger = StayLedger()
        ledger.pass(Passing.in("京A12?45"))
        #expect(ledger.book.candidates(for: reading).map(\.distance) == [3])
        ledger.pass(Passing.in("京A12?45"))
        #expect(ledger.book.stays.count == 2)
        try ledger.check()
    }

    @Test func `H-41 a resident who tailgates is still a resident`() throws {
        var world = AccessWorld()
        world.permits = [Permit(id: 12, plate: plate, household: 7)]
        func holder(_ text: String) throws -> StayHolder {
            try world.directory().holder(
                of: #require(Plate(text)), plan: world.plan, zone: world.zone, area: "main",
                visits: VisitEntries(), at: world.now)
        }
        #expect(try holder("京A12345") == StayHolder(.permit, permit: 12, household: 7))
        #expect(try holder("沪B88888") == StayHolder(.temporary))
        world.allow(try #require(Plate("沪B88888")))
        #expect(try holder("沪B88888") == StayHolder(.allowlist))
        var ledger = StayLedger()
        var passage = Passing.in("京A12345", cause: .ungranted)
        passage.holder = try holder("京A12345")
        ledger.pass(passage)
        #expect(ledger.book.carsInside[7] == 1)
    }

    @Test func `the situation of a decision holds the area, the households and the stays in question`() throws
    {
        var ledger = StayLedger()
        ledger.pass(
            Passing.in(
                "京A12345",
                decision: Decision(
                    verdict: .grant, reason: .permitVehicle, rule: 18, permit: 12, household: 7)))
        ledger.pass(Passing.in("沪B88888"))
        var situation = AccessSituation()
        situation.consult(ledger.book, about: plate, isKnown: true, area: "main")
        #expect(situation.occupancy == 2)
        #expect(situation.carsInside[7] == 1)
        #expect(situation.openStays.map(\.id) == [StayID(1)])
        #expect(situation.openStays.first?.household == 7)
        situation.consult(ledger.book, about: nil, isKnown: false, area: "other")
        #expect(situation.openStays.isEmpty)
        #expect(situation.occupancy == 0)
    }

    @Test func `look-alikes are looked for only when the plate itself is not known`() throws {
        var ledger = StayLedger()
        ledger.pass(Passing.in("沪B88888"))
        let misread = try #require(Plate("沪B88883"))
        func asked(about plate: Plate, isKnown: Bool) -> [Plate] {
            var situation = AccessSituation()
            situation.consult(ledger.book, about: plate, isKnown: isKnown, area: "main")
            return situation.openStays.map(\.plate)
        }
        #expect(asked(about: misread, isKnown: false) == [try #require(Plate("沪B88888"))])
        #expect(asked(about: misread, isKnown: true).isEmpty)
        ledger.pass(Passing.in("沪B88883"))
        #expect(asked(about: misread, isKnown: false) == [misread])
    }
}

/// Any passages and repairs in any order keep sum, papers and recovery together.
@Suite struct StayPropertyTests {
    @Test(arguments: 0..<6)
    func `S4 S8 the sum equals stays and corrections, and the fold equals the book`(seed: Int) throws {
        var dice = RightsFloorTests.Dice(state: UInt64(seed) &+ 17)
        var ledger = StayLedger()
        let causes: [Passage.Cause] = [
            .granted, .granted, .ungranted, .manual, .held, .convoy, .fire, .resumed, .unidentified,
            .unattributed,
        ]
        for step in 0..<200 {
            let raw = dice.pick([nil, "京A12345", "京A1234S", "沪B88888", "京A12?45", "冀A12345"])
            let before = ledger.book.occupancy(of: "main")
            switch dice.roll(10) {
            case 0...3:
                let isReverse = dice.roll(6) == 0
                ledger.pass(Passing.in(raw, cause: dice.pick(causes), isReverse: isReverse))
                // A plate that is already inside on paper keeps the sum: its old stay goes as its new one comes.
                let change = ledger.book.occupancy(of: "main") - before
                #expect(isReverse ? (-1...0).contains(change) : (0...1).contains(change), "step \(step)")
            case 4...7:
                ledger.pass(Passing.out(raw, cause: dice.pick(causes)))
                #expect((-1...0).contains(ledger.book.occupancy(of: "main") - before), "step \(step)")
            default: try repair(&ledger, &dice)
            }
            if step % 20 == 0 { try ledger.check() }
        }
        try ledger.check()
    }

    private func repair(_ ledger: inout StayLedger, _ dice: inout RightsFloorTests.Dice) throws {
        let id = dice.pick(ledger.book.stays.keysInOrder + [StayID(9999)])
        let exit = dice.pick(ledger.book.unmatchedExits.keysInOrder + [Sequence(9999)])
        let reading = PlateGrammar.parse(dice.pick(["京A12345", "沪B88888", "粤C77777"]))
        let repair: StayRepair = dice.pick([
            .correct(
                id, reading,
                dice.pick([StayHolder(.temporary), StayHolder(.permit, permit: 1, household: 7)])),
            .match(id, exit: exit), .close(id), .cancel(id),
            .claim(id, reading, StayHolder(.permit, permit: 1, household: 7)),
            .import(area: "main", reading, StayHolder(.temporary), since: WallTime(milliseconds: 0)),
            .recount(area: "main", counted: dice.roll(9)),
        ])
        do { try ledger.repair(repair) } catch is StayRepairError { return }
    }
}
