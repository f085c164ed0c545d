// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

@Suite struct AccessPolicyTests {
    @Test func `rules stand in the order of their numbers and none is missing`() {
        #expect(AccessRules.inOrder.map(\.number) == Array(0...18))
        #expect(Set(AccessRules.inOrder.map(\.name)).count == 19)
    }

    @Test func `a decision says everything that was asked before it, with what was compared`() throws {
        var world = AccessWorld()
        world.area.capacity = 5
        world.area.reserve = 2
        world.situation.occupancy = 4
        let decision = try world.decide(.in, "沪B88888")
        #expect(decision.reason == .areaFull)
        #expect(decision.steps.map(\.rule) == Array(0...15))
        #expect(decision.steps.last?.answer == "space: free 1, reserve 2")
        #expect(decision.steps[4].answer == "emergency: kind smallCivil, blue, regular true")
        #expect(decision.steps[5].answer == "identity: 沪B88888 unknown: temporary")
    }

    @Test func `explanations name permits with their dates, hours and ends`() throws {
        var world = AccessWorld()
        let window = try #require(WeeklyWindow(days: [6, 7], fromMinute: 480, toMinute: 1200))
        world.permits = [
            Permit(
                id: 12, plate: AccessWorld.resident, areas: ["main"], direction: .in,
                validFrom: CivilDate(year: 2026, month: 1, day: 1), windows: [window])
        ]
        let steps = try world.decide(.in, "京A12345").steps
        #expect(
            steps[11].answer
                == "schedule: permit 12 2026-01-01.., in, main, 6,7 08:00-20:00; today 2026-03-02 12:00: temporary"
        )
    }
}
