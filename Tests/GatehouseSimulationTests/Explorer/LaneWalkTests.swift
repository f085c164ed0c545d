// SPDX-License-Identifier: Apache-2.0
import GatehouseCore
import GatehouseSimulation
import Testing

/// Steele, Lea and Flood's SplitMix64: the same walk for the same seed.
struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }
}

/// Promises that hold over any order of events, with any number of faults.
struct LaneWalkTests {
    static let plans: [LanePlan] = {
        var twoWay = LaneExplorer.plans[0]
        twoWay.name = "two ways"
        twoWay.kind = .twoWay
        var siren = LaneExplorer.plans[1]
        siren.name = "siren, hold, boom-break, button"
        siren.outputs = [.open, .close, .hold, .warn, .red, .green]
        siren.timers.warnBeforeClose = .seconds(1)
        siren.hasBoomBreak = true
        siren.hasGuardButton = true
        siren.safety = [.loop, .beam]
        siren.clear = .loop
        var bare = LanePlan(name: "nothing wired", kind: .entry, area: AreaID(0), closing: .controller)
        bare.interlockSet = 1
        return LaneExplorer.plans + [twoWay, siren, bare]
    }()

    @Test(arguments: plans.indices)
    func `no random order of events breaks a promise or traps`(_ index: Int) {
        for seed in 0..<60 as Range<UInt64> {
            var random = SplitMix64(seed: seed &* 1_000_003 &+ UInt64(index))
            var world = LaneWorld(plan: LaneWalkTests.plans[index], scope: ExplorerScope(faults: 1_000))
            var moves: [LaneMove] = []
            for _ in 0..<250 {
                let possible = world.moves
                // Time passes more often than anything happens, or nothing would ever settle.
                let isTime = random.below(5) < 3
                let move = isTime ? possible[0] : possible[random.below(possible.count)]
                moves.append(move)
                world.make(move)
                if !world.violations.isEmpty { break }
            }
            #expect(
                world.violations.isEmpty,
                "seed \(seed): \(world.violations) after \(moves.suffix(25).map(\.description))")
            if !world.violations.isEmpty { return }
        }
    }

    /// Everything works again, nobody is there, and somebody on site says so.
    private func recover(_ world: inout LaneWorld) {
        world.make(.outputs(isFailed: false))
        world.make(.camera(isFailed: false))
        world.make(.fire(.off))
        for input in world.lane.plan.wiredInputs {
            world.make(.input(input, input == .limitDown ? .on : .off))
        }
        let end = world.now.uptime + .seconds(5)
        for _ in 0..<200 where world.now.uptime < end { world.make(.nextTimer) }
        world.make(.fireReset)
        world.make(.person(.seenEmpty))
        for _ in 0..<2 { world.make(.person(.release)) }
        for _ in 0..<300 where world.lane.phase != .clear {
            world.make(.nextTimer)
            if world.lane.phase.isFault { world.make(.person(.release)) }
        }
    }

    @Test(arguments: plans.indices)
    func `after any history a lane that works again lets the next vehicle in`(_ index: Int) {
        var plan = LaneWalkTests.plans[index]
        // The world's cars share a plate: without presence the next one would be taken for the last one's echo.
        plan.timers.samePlateInterval = .milliseconds(1)
        plan.timers.oppositePlateInterval = .milliseconds(1)
        for seed in 0..<60 as Range<UInt64> {
            var random = SplitMix64(seed: seed &* 7_000_003 &+ UInt64(index))
            var world = LaneWorld(plan: plan, scope: ExplorerScope(faults: 1_000))
            var moves: [LaneMove] = []
            for _ in 0..<150 {
                let possible = world.moves
                let move = random.below(5) < 3 ? possible[0] : possible[random.below(possible.count)]
                moves.append(move)
                world.make(move)
            }
            let before = world.lane.phase
            recover(&world)
            let recovered = world.lane.phase
            // What was read before and who has just gone are done with first.
            world.wait(.seconds(30))
            if plan.presence != nil { world.make(.input(.presence, .on)) }
            for _ in 0..<3 { world.make(.nextTimer) }
            world.make(.read(.granted))
            #expect(
                world.lane.phase == .opening,
                """
                seed \(seed): \(before.name), then \(recovered.name), then \(world.lane.phase.name) after \
                \(moves.suffix(12).map(\.description))
                """)
            if world.lane.phase != .opening { return }
        }
    }
}
