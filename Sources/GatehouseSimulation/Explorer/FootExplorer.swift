// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Tries every order of cards, buttons, people, contacts, timers, orders, fire and at most one fault on one turnstile or
/// door; otherwise as `LaneExplorer`.
package enum FootExplorer {
    package static func run(
        plan: WalkwayPlan, scope: FootScope, limits: ExplorerLimits = ExplorerLimits(),
        defect: FootDefect? = nil
    ) -> ExplorerReport {
        var run = Exploration<FootWorld>(
            lane: plan.name, scope: scope.name, limits: limits, ordinary: ordinary(plan, scope, defect))
        return run.run()
    }

    /// The ways for people that every change is tried on.
    package static var plans: [WalkwayPlan] {
        var turnstile = WalkwayPlan(name: "turnstile, both ways, holds", kind: .turnstile, area: AreaID(0))
        turnstile.inputs = [.passageIn, .passageOut, .exitButton]
        turnstile.outputs = [.releaseIn, .releaseOut, .holdIn, .holdOut]
        var door = WalkwayPlan(name: "door, contact, button", kind: .door, area: AreaID(0))
        door.inputs = [.doorContact, .exitButton]
        door.outputs = [.unlock]
        return [turnstile, door]
    }

    /// A resident comes in and goes out again, move by move.
    private static func ordinary(
        _ plan: WalkwayPlan, _ scope: FootScope, _ defect: FootDefect?
    ) -> [(move: FootMove, world: FootWorld)] {
        var world = FootWorld(plan: plan, scope: scope, defect: defect)
        var states = [(move: FootMove.restart, world: world)]
        let leaf: [FootMove] = plan.kind == .door ? [.leafShuts] : []
        let way: [FootMove] =
            [.shows(.resident, .in), .goes(.in)] + leaf + [.passes(1), .presses]
            + [.goes(plan.kind == .door ? .in : .out)] + leaf
        for move in way {
            world.make(move)
            states.append((move, world))
        }
        return states
    }
}
