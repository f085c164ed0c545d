// SPDX-License-Identifier: Apache-2.0
import Dispatch
import GatehouseCore
import Synchronization

/// One exploration under way, layer by layer. What a layer leads to is found on all cores and then entered in the
/// order of states and moves: the same states, the same count and the same shortest way in every run.
struct Exploration<World: ExploredWorld> {
    private struct Child: Sendable {
        var parent: Int
        var move: World.Move
        var print: LaneFingerprint
        var world: World
        /// How many transitions of its part came up to it.
        var transitions: Int
    }

    /// What some states in a row lead to.
    private struct Part: Sendable {
        var children: [Child] = []
        var transitions = 0
    }

    private let limits: ExplorerLimits
    /// Every state of an ordinary passage with the move that led to it, the start first.
    private let ordinary: [(move: World.Move, world: World)]
    private var seen = FingerprintSet()
    private var ancestry = Ancestry<World.Move>()
    private var frontier: [World] = []
    /// The number of the frontier's states in `ancestry`.
    private var numbers: [Int] = []
    private var report: ExplorerReport
    private var isOver = false

    /// States that are expanded before their children are entered: what is held beside the frontier.
    private static var batch: Int { 8192 }
    private static var part: Int { 256 }

    init(
        lane: String, scope: String, limits: ExplorerLimits, ordinary: [(move: World.Move, world: World)]
    ) {
        self.limits = limits
        self.ordinary = ordinary
        report = ExplorerReport(
            lane: lane, scope: scope, states: 0, transitions: 0, depth: 0, isComplete: true, violation: nil)
    }

    mutating func run() -> ExplorerReport {
        start()
        while !isOver { goOn() }
        return report
    }

    private mutating func start() {
        for (move, world) in ordinary {
            ancestry.add(move, after: ancestry.count - 1)
            if let promise = world.violations.first {
                return broke(promise, ancestry.way(to: ancestry.count - 1))
            }
            guard seen.insert(world.fingerprint) else { continue }
            report.states += 1
            frontier.append(world)
            numbers.append(ancestry.count - 1)
        }
    }

    /// One layer deeper.
    private mutating func goOn() {
        guard !frontier.isEmpty else { return isOver = true }
        if let depth = limits.depth, report.depth >= depth { return stop() }
        report.depth += 1
        var next: [World] = []
        var nextNumbers: [Int] = []
        for from in stride(from: 0, to: frontier.count, by: Self.batch) {
            let batch = from..<min(from + Self.batch, frontier.count)
            for part in expand(batch) {
                for child in part.children {
                    if let promise = child.world.violations.first {
                        report.transitions += child.transitions
                        return broke(promise, ancestry.way(to: numbers[child.parent]) + [child.move])
                    }
                    guard seen.insert(child.print) else { continue }
                    report.states += 1
                    nextNumbers.append(ancestry.count)
                    ancestry.add(child.move, after: numbers[child.parent])
                    next.append(child.world)
                    if report.states >= limits.states {
                        report.transitions += child.transitions
                        return stop()
                    }
                }
                report.transitions += part.transitions
            }
        }
        frontier = next
        numbers = nextNumbers
    }

    /// Nothing is changed here: the parts may be done in any order at the same time.
    private func expand(_ batch: Range<Int>) -> [Part] {
        let starts = Array(stride(from: batch.lowerBound, to: batch.upperBound, by: Self.part))
        let parts = Mutex(Array(repeating: Part(), count: starts.count))
        DispatchQueue.concurrentPerform(iterations: starts.count) { index in
            let states = starts[index]..<min(starts[index] + Self.part, batch.upperBound)
            let part = expandPart(states)
            parts.withLock { $0[index] = part }
        }
        return parts.withLock { $0 }
    }

    private func expandPart(_ states: Range<Int>) -> Part {
        var part = Part()
        for parent in states {
            for move in frontier[parent].moves {
                var world = frontier[parent]
                world.make(move)
                part.transitions += 1
                let print = world.fingerprint
                guard !world.violations.isEmpty || !seen.contains(print) else { continue }
                part.children.append(
                    Child(
                        parent: parent, move: move, print: print, world: world,
                        transitions: part.transitions))
            }
        }
        return part
    }

    private mutating func stop() {
        report.isComplete = false
        isOver = true
    }

    private mutating func broke(_ promise: String, _ moves: [World.Move]) {
        guard var world = ordinary.first?.world else { return }
        let trace = moves.map { move in
            world.make(move)
            return "\(move) → \(world.phaseName)"
        }
        report.violation = ExplorerReport.Violation(promise: promise, trace: trace)
        stop()
    }
}
