// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseSimulation
import Testing

struct FootExplorerTests {
    private static func run(
        _ index: Int, _ scope: FootScope, states: Int, _ defect: FootDefect? = nil
    ) -> ExplorerReport {
        FootExplorer.run(
            plan: FootExplorer.plans[index], scope: scope, limits: ExplorerLimits(states: states),
            defect: defect)
    }

    @Test(arguments: 0..<2)
    func `no order of events near an ordinary passage breaks a promise`(_ index: Int) {
        for scope in FootScope.all {
            let report = Self.run(index, scope, states: 1500)
            #expect(report.violation == nil, "\(report)")
            #expect(report.states > 10)
        }
    }

    @Test(arguments: FootDefect.allCases)
    func `a planted defect is found with a trace`(_ defect: FootDefect) {
        let isFound = FootScope.all.contains { scope in
            (0..<2).contains { Self.run($0, scope, states: 4000, defect).violation?.trace.isEmpty == false }
        }
        #expect(isFound)
    }

    @Test func `two runs see the same states`() {
        let scope = FootScope.all[1]
        #expect(
            Self.run(0, scope, states: 500).description == Self.run(0, scope, states: 500).description)
    }
}
