// SPDX-License-Identifier: Apache-2.0
import GatehouseCore

/// One granted vehicle from the start of the process to the arm being down again, move by move.
enum OrdinaryPassage {
    static func states(
        plan: LanePlan, defect: PlantedDefect?, scope: ExplorerScope
    ) -> [(move: LaneMove, world: LaneWorld)] {
        var walk = Walk(plan: plan, defect: defect, scope: scope)
        guard scope.inputs == .free else { return walk.states }
        for input in plan.wiredInputs { walk.go(.input(input, input == .limitDown ? .on : .off)) }
        walk.wait { $0.phase.isIdle }
        if plan.presence != nil { walk.go(.input(.presence, .on)) }
        walk.settle()
        walk.go(.read(.granted))
        if plan.hasLimitDown { walk.go(.input(.limitDown, .off)) }
        if plan.hasLimitUp { walk.go(.input(.limitUp, .on)) }
        walk.wait { $0.phase == .open }
        walk.go(.input(.safety(0), .on))
        walk.settle()
        if plan.presence != nil { walk.go(.input(.presence, .off)) }
        if plan.clear != nil { walk.go(.input(.clear, .on)) }
        walk.settle()
        // Half a second on safety at least, or it counts as nothing.
        walk.go(.passes(1))
        walk.go(.input(.safety(0), .off))
        walk.wait { $0.phase == .closing }
        if plan.clear != nil { walk.go(.input(.clear, .off)) }
        if plan.hasLimitUp { walk.go(.input(.limitUp, .off)) }
        if plan.hasLimitDown { walk.go(.input(.limitDown, .on)) }
        walk.wait { $0.phase.isIdle }
        return walk.states
    }

    private struct Walk {
        var world: LaneWorld
        var states: [(move: LaneMove, world: LaneWorld)] = []

        init(plan: LanePlan, defect: PlantedDefect?, scope: ExplorerScope) {
            world = LaneWorld(plan: plan, defect: defect, scope: scope)
            states.append((.restart, world))
        }

        mutating func go(_ move: LaneMove) {
            world.make(move)
            states.append((move, world))
        }

        /// Lets timers come until it is so; a lane that never gets there is explored as far as it got.
        mutating func wait(until isThere: (Lane) -> Bool) {
            for _ in 0..<20 where !isThere(world.lane) { go(.nextTimer) }
        }

        /// Lets debounce end.
        mutating func settle() {
            for _ in 0..<10 where world.isSettling { go(.nextTimer) }
        }
    }
}
