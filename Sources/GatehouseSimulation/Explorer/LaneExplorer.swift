// SPDX-License-Identifier: Apache-2.0
package import GatehouseCore

/// How far an exploration goes.
package struct ExplorerLimits: Hashable, Sendable {
    package var states: Int
    /// Moves from the start; nil: as many as the states allow.
    package var depth: Int?

    package init(states: Int = 100_000, depth: Int? = nil) {
        self.states = states
        self.depth = depth
    }
}

package struct ExplorerReport: Sendable, CustomStringConvertible {
    package struct Violation: Sendable {
        package var promise: String
        /// The shortest way there, each move with the phase that it led to.
        package var trace: [String]
    }

    package var lane: String
    package var scope: String
    package var states: Int
    package var transitions: Int
    package var depth: Int
    /// Nothing was left to explore; otherwise a limit was met.
    package var isComplete: Bool
    package var violation: Violation?

    package var description: String {
        var text = "\(lane), \(scope): \(states) states, \(transitions) transitions, \(depth) moves deep, "
        text += isComplete ? "all explored" : "stopped at the limit, states beyond it were not seen"
        guard let violation else { return text + ", no promise broken" }
        text += "\n  broken: \(violation.promise)"
        for (index, line) in violation.trace.enumerated() { text += "\n  \(index + 1). \(line)" }
        return text
    }
}

/// Tries every order of inputs, timers, reads, people and at most one fault on one lane and has a
/// `LaneMonitor` judge every step. It starts from every state of an ordinary passage, start of the process
/// included, and goes breadth first, so that a limit cuts off what is far from ordinary and not what is
/// late. The first broken promise ends it with the way there.
package enum LaneExplorer {
    package static func run(
        plan: LanePlan, scope: ExplorerScope = ExplorerScope(), limits: ExplorerLimits = ExplorerLimits(),
        defect: PlantedDefect? = nil
    ) -> ExplorerReport {
        var run = Exploration<LaneWorld>(
            lane: plan.name, scope: scope.name, limits: limits,
            ordinary: OrdinaryPassage.states(plan: plan, defect: defect, scope: scope))
        return run.run()
    }

    /// The lanes that every change is tried on.
    package static var plans: [LanePlan] {
        var entry = LanePlan(
            name: "entry P+S+C, controller closes", kind: .entry, area: AreaID(0), closing: .controller)
        entry.presence = .loop
        entry.safety = [.loop]
        entry.clear = .loop
        entry.hasLimitDown = true

        var exit = LanePlan(name: "exit P+S, gateway closes", kind: .exit, area: AreaID(0), closing: .gateway)
        exit.presence = .loop
        exit.safety = [.loop]
        exit.hasLimitUp = true
        exit.hasLimitDown = true
        exit.outputs = [.open, .close]

        var single = LanePlan(
            name: "entry S, gateway closes", kind: .entry, area: AreaID(0), closing: .gateway)
        single.safety = [.loop]
        single.hasLimitDown = true
        single.outputs = [.open, .close, .hold]
        return [entry, exit, single]
    }
}
