// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseConfig

struct PlanInvariantsTests {
    private func sound() throws -> SitePlan {
        try #require(TestSites.read(TestSites.site()).plan)
    }

    @Test func `a sound plan violates nothing, and each broken one is caught without its file`() throws {
        let plan = try sound()
        #expect(PlanInvariants.violations(plan) == [])
        let breaks: [(inout SitePlan) -> Void] = [
            { $0.lanes[0].closing = .gateway },
            {
                $0.lanes[0].kind = .twoWay; $0.lanes[0].clear = nil
            },
            {
                $0.lanes[0].interlockSet = 0; $0.lanes[0].hasLimitDown = false
            },
            { $0.lanes[0].isMixedUse = true },
            { $0.lanes[0].admitsMotorcycles = true },
            { $0.lanes[1].fireUnknown = .alarmOnly },
            { $0.lanes[0].timers.clearDelay = .milliseconds(300) },
            { $0.lanes[1].timers.exitPendingMax = .seconds(3600) },
            { $0.outputs.removeAll() },
            { $0.inputs[1].terminal = $0.inputs[0].terminal },
            { $0.outputs[1].terminal = $0.outputs[0].terminal },
            { $0.lanes[1].kind = .entry },
            { $0.policy.bannedKinds = [.emergency] },
            {
                $0.outputs[0].output = .hold
                $0.cameras[0].device = $0.outputs[0].terminal.device
            },
            {
                $0.lanes[0].outputs.insert(.close)
                $0.cameras[0].device = $0.outputs[0].terminal.device
            },
            {
                $0.lanes[0].outputs.insert(.close)
                $0.inputs.removeAll { $0.meaning == .lane(LaneID(0), .safety(0)) }
            },
        ]
        for change in breaks {
            var broken = plan
            change(&broken)
            #expect(!PlanInvariants.violations(broken).isEmpty)
        }
    }

    @Test(arguments: ["[]", "", "~", "{}", "[[]]", "[{}]", "''", "none"])
    func `H-01 nothing that looks like a safety sensor and is none lets a close through`(safety: String) {
        let lane: [String: String?] = [
            "closing": "gateway", "close": "relays.out2", "controller": "{automatic_closing: false}",
            "anti_crush": "{confirmed_by: Li Wei, date: 2026-03-02}", "safety": safety,
        ]
        let result = TestSites.read(TestSites.site(north: lane))
        #expect(result.plan == nil)
        #expect(result.errors.contains { $0.contains("lanes.north.safety") }, "\(result.errors)")
    }

    @Test(arguments: [
        "close", "hold", "presence", "clear", "limit_down", "camera", "cameras", "anti_crush",
        "fire_hardwired",
        "timers", "controller", "movement", "interlock", "follow_on", "fire_unknown", "mixed_use", "fire",
        "closing",
        "kind", "area", "open",
    ])
    func `no key of a lane takes an empty value for an answer`(key: String) {
        for value in ["[]", "", "~", "''", "[[]]"] {
            let result = TestSites.read(TestSites.site(north: [key: value]))
            #expect(result.plan == nil, "\(key): \(value)")
        }
    }
}
