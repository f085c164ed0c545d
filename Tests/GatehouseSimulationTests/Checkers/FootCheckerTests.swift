// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSimulation

/// What is promised at the ways for people can fail on each of its clauses.
@Suite struct FootCheckerTests {
    private static let plan: SitePlan = {
        var random = Random(seed: 1)
        return Estate(form: .full, random: &random).plan
    }()
    private static let (walk, door) = (0, 1)

    private var checker = FootChecker(FootCheckerTests.plan)
    private var unit = TurnstileModel()
    private var leaf = DoorModel()

    init() { checker.started(at: at(0)) }

    private func at(_ milliseconds: Int64) -> Uptime { .zero + .milliseconds(milliseconds) }

    /// Long after everything began to work.
    private let quiet: Int64 = 100_000

    private func found(after milliseconds: Int64 = 2000) -> String? {
        var checker = checker
        checker.look(at: at(quiet + milliseconds))
        return checker.wrong?.0
    }

    private func walker(_ right: Walker.Right) -> Walker { Walker(number: 1, right: right) }

    private mutating func shows(_ right: Walker.Right, at milliseconds: Int64) {
        checker.shows(Self.walk, 1, walker(right), reads: true, unit: unit, at: at(milliseconds))
    }

    private mutating func relay(_ relay: Int, _ isClosed: Bool, at milliseconds: Int64) {
        let edge = RelayBoardModel.Edge(relay: relay, isClosed: isClosed, at: at(milliseconds))
        checker.relay(edge, leaf, Self.door)
    }

    private func passage(_ kind: String = "passageCompleted", decision: Int64? = nil) -> Record {
        record(9, kind) {
            $0.put("lane", "walk")
            $0.put("direction", "in")
            $0.put("decision", ifPresent: decision)
        }
    }

    @Test mutating func `who presses the button and stays in is found`() {
        checker.presses(Self.walk, unit, at: at(quiet))
        #expect(found(after: 1400) == nil)
        #expect(found() == "S9")
    }

    @Test mutating func `nothing is asked of equipment that just came back`() {
        checker.troubled(Self.walk, at: at(quiet - 5000))
        checker.presses(Self.walk, unit, at: at(quiet))
        shows(.resident, at: quiet)
        #expect(found() == nil)
    }

    @Test mutating func `a resident who stays out is found, and a stranger who hears nothing`() {
        var other = self
        shows(.resident, at: quiet)
        #expect(found() == "S9")
        other.shows(.lost, at: quiet)
        #expect(other.found() == "L1")
    }

    @Test mutating func `a passage that is not counted is found, and one that is counted twice`() {
        checker.passes(Self.walk, .in, wasOpen: true, at: at(quiet))
        #expect(found() == "S4")
        checker.made(passage(), at: at(quiet + 200))
        #expect(found() == nil)
        checker.made(passage(), at: at(quiet + 400))
        #expect(found() == "S4")
    }

    @Test mutating func `who breaks through is not a guest`() {
        checker.passes(Self.walk, .in, wasOpen: false, at: at(quiet))
        var other = self
        checker.made(passage(), at: at(quiet + 200))
        #expect(found() == "S1")
        other.checker.made(passage("forcedOpen"), at: at(quiet + 200))
        #expect(other.found() == nil)
    }

    @Test mutating func `who breaks through while the other way is released goes against the lane`() {
        checker.passes(Self.walk, .in, wasOpen: false, at: at(quiet))
        checker.made(passage("passageReverse"), at: at(quiet + 200))
        #expect(found() == nil)
    }

    @Test mutating func `who breaks a door open a moment before another is let in cannot be told`() {
        checker.leaf(Self.door, isOpen: true, wasUnlocked: false, at: at(quiet))
        var later = self
        relay(1, true, at: quiet + 100)
        #expect(found() == nil)
        later.relay(1, true, at: quiet + 250)
        #expect(later.found() == "S1")
    }

    @Test mutating func `a door that is told to be forced is told to stand open`() {
        checker.presses(Self.door, leaf, at: at(quiet - 7000))
        checker.leaf(Self.door, isOpen: true, wasUnlocked: false, at: at(quiet))
        #expect(found(after: 33_000) == "L1")
        checker.made(
            record(9, "forcedOpen") { $0.put("lane", "door") }, at: at(quiet + 200))
        #expect(found(after: 33_000) == nil)
    }

    @Test mutating func `a hold that a silent board kept from ending still stands`() {
        checker.ordered(Self.door, .holdOpen(until: nil), isOnSite: true, at: at(quiet - 60_000))
        relay(1, true, at: quiet - 60_000)
        var other = self
        checker.condition(Self.door, isWhole: false)
        checker.ordered(Self.door, .release, isOnSite: true, at: at(quiet))
        checker.condition(Self.door, isWhole: true)
        #expect(found(after: 80_000) == nil)
        other.checker.ordered(Self.door, .release, isOnSite: true, at: at(quiet))
        #expect(other.found(after: 80_000) == "S1")
    }

    @Test mutating func `who breaks through just as another asks may be taken for that one`() {
        shows(.resident, at: quiet)
        checker.passes(Self.walk, .in, wasOpen: false, at: at(quiet + 50))
        checker.made(passage(), at: at(quiet + 150))
        checker.passes(Self.walk, .in, wasOpen: true, at: at(quiet + 900))
        var other = self
        checker.made(passage("forcedOpen"), at: at(quiet + 1000))
        #expect(found(after: 2500) == nil)
        #expect(other.found(after: 2500) == "S4", "each is counted all the same")
        other.checker = FootChecker(Self.plan)
        other.checker.started(at: at(0))
        other.checker.passes(Self.walk, .in, wasOpen: false, at: at(quiet))
        other.checker.made(passage(), at: at(quiet + 150))
        #expect(other.found() == "S1", "nobody had asked")
    }

    @Test mutating func `one grant is one passage`() {
        #expect(checker.durable(passage(decision: 5)) == nil)
        #expect(checker.durable(passage(decision: 6)) == nil)
        #expect(checker.durable(passage(decision: 5))?.0 == "S4")
    }

    @Test mutating func `a forced door is found, and one that stands open`() {
        checker.leaf(Self.door, isOpen: true, wasUnlocked: false, at: at(quiet))
        #expect(found() == "S1")
        checker = FootChecker(Self.plan)
        checker.started(at: at(0))
        checker.leaf(Self.door, isOpen: true, wasUnlocked: true, at: at(quiet))
        #expect(found(after: 31_000) == nil)
        #expect(found(after: 33_000) == "L1")
        checker.presses(Self.door, leaf, at: at(quiet + 20_000))
        #expect(found(after: 33_000) != "L1", "somebody else came")
    }

    @Test mutating func `no bolt is thrown on an open door, but by its board's own restart`() {
        relay(1, true, at: quiet)
        checker.leaf(Self.door, isOpen: true, wasUnlocked: true, at: at(quiet + 100))
        var other = self
        relay(1, false, at: quiet + 900)
        #expect(found() == "S2")
        other.checker.powered(Self.door, at: at(quiet + 900))
        other.relay(1, false, at: quiet + 900)
        #expect(other.found() == nil)
    }

    @Test mutating func `nothing stands open for nobody`() {
        relay(1, true, at: quiet)
        #expect(found(after: 39_000) == nil)
        #expect(found(after: 41_000) == "S1")
        relay(1, false, at: quiet + 5000)
        #expect(found(after: 41_000) == nil)
    }

    @Test mutating func `fire opens in its time and keeps open until the reset`() {
        checker.fire(isOn: true, at: at(quiet))
        #expect(found(after: 1400) == nil)
        #expect(found(after: 1600) == "H-27")
        for way in [Self.walk, Self.door] {
            let model: any FootUnit = way == Self.walk ? unit : leaf
            for relay in way == Self.walk ? [3, 4] : [1] {
                checker.relay(.init(relay: relay, isClosed: true, at: at(quiet + 300)), model, way)
            }
        }
        #expect(found(after: 30_000) == nil)
        checker.look(at: at(quiet + 30_000))
        checker.fire(isOn: false, at: at(quiet + 40_000))
        relay(1, false, at: quiet + 50_000)
        #expect(found(after: 90_000) == "H-27", "it is latched")
        checker.fireReset(at: at(quiet + 60_000))
        #expect(found(after: 120_000) != "H-27")
    }

    @Test mutating func `who slips through is on record`() {
        checker.passes(Self.walk, .in, wasOpen: true, at: at(quiet))
        checker.made(passage(), at: at(quiet + 100))
        checker.follows(Self.walk, at: at(quiet + 1000))
        #expect(found(after: 3000) == "S4")
        var other = self
        checker.made(passage("tailgated"), at: at(quiet + 1200))
        #expect(found(after: 3000) == nil)
        other.checker.made(passage("intrusion"), at: at(quiet + 1200))
        #expect(other.found(after: 3000) == "S4", "behind a guest it is more than that")
    }

    @Test mutating func `who slips through behind somebody who broke in intrudes`() {
        checker.passes(Self.walk, .in, wasOpen: false, at: at(quiet))
        checker.made(passage("forcedOpen"), at: at(quiet + 100))
        checker.follows(Self.walk, at: at(quiet + 1000))
        checker.made(passage("intrusion"), at: at(quiet + 1200))
        #expect(found(after: 3000) == nil)
    }
}
