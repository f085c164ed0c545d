// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseDaemon

struct ToldFaultsTests {
    @Test func `only what is news is told, and at a start even an end is`() {
        var told = ToldFaults()
        let cleared = (0..<5).map { _ in told.clear(.nobodyFetches) }
        #expect(cleared == [true, false, false, false, false])
        let raised = (0..<3).map { _ in told.raise(.nobodyFetches, "a minute") }
        #expect(raised == [true, false, false])
        let changes = [
            told.raise(.nobodyFetches, "another reason"), told.clear(.nobodyFetches),
            told.raise(.nobodyFetches, "another reason"),
        ]
        #expect(changes == [true, true, true])
        // Each by itself.
        let other = told.clear(.noKey)
        #expect(other)
    }
}
