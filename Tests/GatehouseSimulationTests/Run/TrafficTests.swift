// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSimulation

@Suite struct TrafficTests {
    /// On this day the second car sets off as the arm comes down. Were it not looked at again, nobody would pass
    /// for the rest of the day and no checker would have anything to judge.
    @Test func `a driver who stops before a lowering arm is read again and goes on`() {
        var options = RunOptions(seed: 2003, hours: 2)
        options.form = Estate.Form.full.rawValue
        options.onlyFaults = [.forged]
        let result = simulate(options)
        #expect(result.violation == nil)
        #expect(result.passages > 10)
    }
}
