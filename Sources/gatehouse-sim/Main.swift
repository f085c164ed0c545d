// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCore
import GatehouseSimulation
import Glibc

@main struct SimulationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehouse-sim",
        abstract: "Days at a simulated gate, with everything that goes wrong, judged from outside.")

    @Option(help: "Seeds, as A..B or one number.") var seeds = "1..20"
    @Option(help: "Simulated hours per seed.") var hours = 24
    @Option(
        help: ArgumentHelp(
            "So many days without an uplink, which returns at the end; a site that charges, by one seed.",
            discussion: "Ends with an account of the money: 30 days take minutes."))
    var offlineDays: Int?
    @Flag(help: "Print every event of a run.") var trace = false
    @Option(
        help:
            "Plant this bug and count the seeds until it is found; `all` for each. With --trace: a day with it."
    ) var bug: String?
    @Flag(help: "Run the pinned scenarios.") var pinned = false
    @Flag(help: "Try every order of events on single lanes.") var explore = false
    @Option(help: "States per exploration at most.") var states = 100_000
    @Option(help: "Explore only lanes whose name begins so.") var lane = ""
    @Flag(help: "Stop at the first violation.") var first = false
    @Option(help: "Site form 0 to 5; by seed without.") var form: Int?

    func run() throws {
        if explore { return try runExplorer() }
        if pinned { return try runPinned() }
        if let days = offlineDays { return try runOffline(days) }
        guard let range = seedRange else { throw ValidationError("--seeds is A..B, as 1..200") }
        if let bug, !trace { return try hunt(bug, range) }
        var failures = 0
        var money: MoneyReport?
        if trace { print(WatchLine.heading) }
        for seed in range {
            var options = RunOptions(seed: seed, hours: hours)
            options.traces = trace
            options.bug = bug.flatMap(PlantedBug.init)
            options.form = form
            let result = simulate(options)
            for line in result.transcript { print(line) }
            print(result)
            if let more = result.money { money = (money ?? MoneyReport()).adding(more) }
            // A day takes seconds, and whoever reads a file of many wants to see the first.
            fflush(nil)
            if result.violation != nil {
                failures += 1
                if first { break }
            }
        }
        for line in money?.lines(weeks: false) ?? [] { print(line) }
        print("\(range.count) seeds of \(hours) h, \(failures) with a violation")
        if failures > 0 { throw ExitCode.failure }
    }

    /// Of a range the first seed.
    private func runOffline(_ days: Int) throws {
        guard (1...60).contains(days), let seed = seedRange?.lowerBound else {
            throw ValidationError("--offline-days is 1 to 60, --seeds one number")
        }
        var options = RunOptions(seed: seed, offlineDays: days)
        options.traces = trace
        options.form = form
        let result = simulate(options)
        for line in result.transcript { print(line) }
        print(result)
        for line in result.money?.lines(weeks: days >= 14) ?? [] { print(line) }
        guard result.violation == nil else { throw ExitCode.failure }
    }

    private var seedRange: ClosedRange<UInt64>? {
        if let one = UInt64(seeds) { return one...one }
        let parts = seeds.split(separator: ".", omittingEmptySubsequences: true)
        guard parts.count == 2, let from = UInt64(parts[0]), let to = UInt64(parts[1]), from <= to else {
            return nil
        }
        return from...to
    }

    private func hunt(_ name: String, _ range: ClosedRange<UInt64>) throws {
        let bugs = name == "all" ? PlantedBug.allCases : PlantedBug(rawValue: name).map { [$0] } ?? []
        guard !bugs.isEmpty else {
            throw ValidationError("bugs: all, \(PlantedBug.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        var missed = 0
        for bug in bugs {
            let found = find(bug, seeds: range, hours: hours)
            print(found)
            if found.violation == nil { missed += 1 }
        }
        if missed > 0 { throw ExitCode.failure }
    }

    private func runPinned() throws {
        var failures = 0
        for scenario in PinnedScenario.all {
            let result = simulate(scenario.options)
            print("\(scenario.name): \(result)")
            if result.violation != nil { failures += 1 }
        }
        print("\(PinnedScenario.all.count) pinned scenarios, \(failures) with a violation")
        if failures > 0 { throw ExitCode.failure }
    }

    private func runExplorer() throws {
        var failures = 0
        for plan in LaneExplorer.plans where plan.name.hasPrefix(lane) {
            for scope in ExplorerScope.all {
                let report = LaneExplorer.run(
                    plan: plan, scope: scope, limits: ExplorerLimits(states: states))
                print(report)
                if report.violation != nil { failures += 1 }
            }
        }
        for plan in FootExplorer.plans where plan.name.hasPrefix(lane) {
            for scope in FootScope.all {
                let report = FootExplorer.run(
                    plan: plan, scope: scope, limits: ExplorerLimits(states: states / 4))
                print(report)
                if report.violation != nil { failures += 1 }
            }
        }
        if failures > 0 { throw ExitCode.failure }
    }
}
