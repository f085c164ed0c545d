// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

/// Properties over long random orders of events, levels and timers (lanes.md §11). A failing seed is its own repetition.
struct WalkwayWalkTests {
    /// A fixed sequence.
    private struct Dice {
        var state: UInt64

        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % sides
        }

        mutating func pick<Value>(_ values: [Value]) -> Value { values[roll(values.count)] }
    }

    private static let steps = 400

    /// One thing that happens, then some time.
    private static func turn<Machine: WalkwayMachine>(
        _ lane: inout WalkwayHarness<Machine>, _ dice: inout Dice
    ) -> String {
        let inputs = lane.machine.plan.inputs.sorted()
        let span = Duration.milliseconds([0, 20, 60, 130, 700, 2200, 6000, 31_000][dice.roll(8)])
        var what = ""
        switch dice.roll(12) {
        case 0...3:
            let (input, level) = (dice.pick(inputs), dice.pick([Level.on, .on, .off, .off, .off, .unknown]))
            what = "\(input) \(level)"
            lane.set(input, level)
        case 4, 5:
            let (number, direction) = (UInt64(dice.roll(4)), dice.pick([TravelDirection.in, .out]))
            what = "card \(number) \(direction)"
            lane.read(number, direction)
        case 6:
            let level = dice.pick([Level.on, .off, .off, .unknown])
            what = "fire \(level)"
            lane.send(.fire(level, since: lane.now.uptime))
        case 7:
            what = "reset"
            lane.send(.fireReset)
        case 8:
            let action: LaneOrder.Action = dice.pick([
                .open, .release, .release, .holdOpen(until: nil), .holdClosed(until: nil),
                .holdOpen(until: lane.now.wall + .seconds(5)), .close, .emergency,
            ])
            what = "\(action)"
            lane.person(action, onSite: dice.roll(2) == 0, going: dice.pick([nil, .in, .out]))
        case 9:
            let (equipment, isRaised) = (
                dice.pick([LaneEquipment.outputs, .reader]), dice.roll(3) == 0
            )
            what = "fault \(equipment) \(isRaised)"
            lane.send(.fault(equipment, isRaised: isRaised))
        case 10:
            let output = dice.pick(lane.machine.plan.outputs.sorted { $0.rawValue < $1.rawValue })
            let outcome = dice.pick([
                CommandOutcome.expired, .uncertain, .refused("x"), .confirmed(at: lane.now.uptime),
            ])
            what = "\(output) \(outcome)"
            lane.send(.command(output, outcome))
        default:
            what = "denies"
            let denies = dice.roll(2) == 0
            lane.answer = { denies ? WalkwayHarness<Machine>.deny($0) : WalkwayHarness<Machine>.grant($0) }
        }
        lane.advance(span)
        return "\(what) +\(span)"
    }

    /// What holds after every step of either machine.
    private static func judge<Machine: WalkwayMachine>(_ lane: WalkwayHarness<Machine>) -> [String] {
        var broken = lane.violations
        let open: Set<LaneOutput> = Machine.self == Door.self ? [.unlock] : [.holdIn, .holdOut]
        if lane.phase == "fire" || lane.phase == "free", !lane.outputs.isSuperset(of: open) {
            broken.append("\(lane.phase) and not open")
        }
        // A full-height unit stands open for somebody shut in, whatever it rests in.
        if !lane.machine.plan.isFullHeight, ["locked", "blocked", "secured"].contains(lane.phase),
            !lane.outputs.isDisjoint(with: open)
        {
            broken.append("\(lane.phase) and open")
        }
        let used = lane.passages.compactMap(\.request)
        if Set(used).count != used.count { broken.append("a grant used twice") }
        return broken
    }

    private static func walk<Machine: WalkwayMachine>(_ plan: WalkwayPlan, as _: Machine.Type, seed: UInt64)
        -> [String]
    {
        var dice = Dice(state: seed)
        var lane = WalkwayHarness<Machine>.ready(plan)
        var story: [String] = []
        for _ in 0..<steps {
            story.append(turn(&lane, &dice))
            let broken = judge(lane)
            guard broken.isEmpty else { return broken + story.suffix(12) }
        }
        // Everything at rest, nobody orders anything: it comes to rest, and fire ends only by a reset.
        lane.send(.fault(.outputs, isRaised: false))
        lane.fire(.off, for: .seconds(3))
        let wasLatched = lane.phase == "fire"
        for input in lane.machine.plan.inputs.sorted() {
            lane.set(input, WalkwayHarness<Machine>.rest(input))
        }
        lane.advance(.seconds(400))
        if wasLatched, lane.phase != "fire" { return ["fire ended by itself"] + story.suffix(12) }
        lane.send(.fireReset)
        lane.person(.release, onSite: true)
        lane.advance(.seconds(400))
        guard ["locked", "secured"].contains(lane.phase) else {
            return ["rests in \(lane.phase)"] + story.suffix(12)
        }
        return judge(lane)
    }

    @Test(arguments: 1...60) func `a turnstile keeps its promises on a long walk`(_ seed: UInt64) {
        var full = WalkwayPlan.turnstile()
        full.isFullHeight = seed % 2 == 0
        #expect(Self.walk(full, as: Turnstile.self, seed: seed) == [])
        #expect(Self.walk(.turnstile(without: [.home, .alarm]), as: Turnstile.self, seed: seed) == [])
        #expect(
            Self.walk(.turnstile(without: [.passageIn, .passageOut]), as: Turnstile.self, seed: seed) == [])
    }

    @Test(arguments: 1...60) func `a door keeps its promises on a long walk`(_ seed: UInt64) {
        #expect(Self.walk(.door(), as: Door.self, seed: seed) == [])
        #expect(Self.walk(.door(without: [.lockFeedback, .tamper]), as: Door.self, seed: seed) == [])
        #expect(Self.walk(.door(without: [.doorContact]), as: Door.self, seed: seed) == [])
    }
}
