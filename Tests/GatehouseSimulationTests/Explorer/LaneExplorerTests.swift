// SPDX-License-Identifier: Apache-2.0
import GatehouseCore
import GatehouseSimulation
import Testing

struct LaneExplorerTests {
    private static let states = 2000

    @Test(arguments: 0..<3)
    func `no order of events near an ordinary passage breaks a promise`(_ index: Int) {
        let report = LaneExplorer.run(
            plan: LaneExplorer.plans[index], limits: ExplorerLimits(states: LaneExplorerTests.states))
        #expect(report.violation == nil, "\(report)")
        #expect(report.states == LaneExplorerTests.states)
        #expect(report.description.contains("stopped at the limit"))
    }

    @Test(arguments: 0..<3)
    func `an ordinary passage is one passage`(_ index: Int) {
        let report = LaneExplorer.run(
            plan: LaneExplorer.plans[index], limits: ExplorerLimits(states: 1_000_000, depth: 0))
        #expect(report.states > 15, "every move leads to a state of its own")
        #expect(report.violation == nil)
    }

    @Test func `two runs see the same states`() {
        let plan = LaneExplorer.plans[1]
        let limits = ExplorerLimits(states: 500)
        #expect(
            LaneExplorer.run(plan: plan, limits: limits).description
                == LaneExplorer.run(plan: plan, limits: limits).description)
    }

    @Test(arguments: PlantedDefect.allCases)
    func `a planted defect is found with a trace`(_ defect: PlantedDefect) {
        let report = LaneExplorer.run(
            plan: LaneExplorer.plans[1], limits: ExplorerLimits(states: 20_000), defect: defect)
        #expect(report.violation != nil, "\(report)")
        #expect(report.violation?.trace.isEmpty == false)
    }

    @Test func `every state of one vehicle at the lane with one safety loop is seen`() {
        let report = LaneExplorer.run(
            plan: LaneExplorer.plans[2], scope: ExplorerScope.all[0], limits: ExplorerLimits(states: 100_000))
        #expect(report.isComplete && report.violation == nil, "\(report)")
        #expect(report.states > 1000)
    }

    /// Two crossings were told apart only when both had left safety, and a grant was left without a deadline.
    @Test func `a grant that is left when safety has fallen keeps its time`() {
        var world = LaneWorld(plan: LaneExplorer.plans[1], scope: ExplorerScope.all[0])
        let moves: [LaneMove] = [
            .arrives(.granted), .drives(0), .passes(900), .read(.granted), .nextTimer, .backs(0), .nextTimer,
            .drives(0), .backs(0), .drives(0), .passes(900), .armMoves, .backs(0), .nextTimer, .drives(0),
            .drives(0), .backs(0), .drives(0), .backs(0), .read(.granted), .backs(0), .nextTimer,
        ]
        for move in moves { world.make(move) }
        #expect(world.lane.phase == .open && world.lane.awaitsGranted)
        #expect(world.lane.timers.deadline(.waitForVehicle) != nil)
        #expect(world.violations.isEmpty)
    }
}
