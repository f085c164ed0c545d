// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseSimulation

@Suite struct PlantedBugTests {
    /// The hunt itself is a stage of its own: it finds each of them within 50 seeds.
    @Test func `every checker has a bug of its own to find`() {
        let promises = [
            "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "L1", "D1", "D2", "D3", "D4", "D5", "A1",
            "A2", "A3", "M1", "M2", "M3",
        ]
        for promise in promises {
            #expect(PlantedBug.allCases.contains { $0.checkers == [promise] }, "\(promise)")
        }
        #expect(PlantedBug.allCases.contains { $0.checkers.contains("H-27") })
    }

    @Test func `a planted bug is found by the checker of its promise`() throws {
        let hunt = find(.skipRecord, seeds: 1...5, hours: 2)
        #expect(try #require(hunt.violation).checker == "S6")
    }
}
