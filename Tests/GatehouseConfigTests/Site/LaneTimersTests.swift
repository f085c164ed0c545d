// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseConfig

struct LaneTimersTests {
    private func timers(_ lane: [String: String?]) throws -> LaneTimers {
        let result = TestSites.read(TestSites.site(north: lane))
        return try #require(result.plan, "\(result.errors)").lanes[0].timers
    }

    @Test func `every default of a timer lies in its range`() {
        let defaults = LaneTimers()
        for specification in LaneTimers.specifications {
            switch specification.setting {
            case .duration(let path, let range):
                #expect(range.contains(defaults[keyPath: path]), "\(specification.key)")
            case .count(let path, let range):
                #expect(range.contains(defaults[keyPath: path]), "\(specification.key)")
            }
        }
        #expect(Set(LaneTimers.specifications.map(\.key)).count == LaneTimers.specifications.count)
    }

    @Test func `both ends of every range are accepted and reach the plan, and one beyond is refused`() {
        for specification in LaneTimers.specifications {
            guard case .duration(let path, let range) = specification.setting else { continue }
            for end in [range.lowerBound, range.upperBound] {
                let result = TestSites.read(
                    TestSites.site(north: ["timers": "{\(specification.key): \(end.planText)}"]))
                let isRange = result.errors.contains { $0.contains("use \(range.lowerBound.planText) to") }
                #expect(!isRange, "\(specification.key) \(end.planText)")
                if let plan = result.plan { #expect(plan.lanes[0].timers[keyPath: path] == end) }
            }
            let beyond = (range.upperBound + .milliseconds(100)).inMilliseconds
            let result = TestSites.read(
                TestSites.site(north: ["timers": "{\(specification.key): \(beyond) ms}"]))
            #expect(result.errors.contains { $0.contains("lanes.north.timers.\(specification.key)") })
        }
    }

    @Test func `defaults follow from the lane's character`() throws {
        #expect(try timers([:]) == with { $0.moveDown = .seconds(15) })
        #expect(try timers(["presence": nil]).waitForVehicle == .seconds(30))
        let trailers = try timers(["trailers": "true"])
        #expect(trailers.clearDelay == .milliseconds(2500) && trailers.mergeGap == .milliseconds(1200))
        #expect(try timers(["warn": "relays.out5"]).warnBeforeClose == .seconds(1))
        let fast = try timers(["movement": "fast", "controller": "plain-barrier"])
        #expect(fast.moveUp == .seconds(3) && fast.moveDown == .seconds(9))
        #expect(try timers(["movement": "4.5 s"]).moveUp == .milliseconds(4500))
        #expect(try timers(["closing": "guard", "movement": "slow"]).moveDown == .seconds(9))
    }

    private func with(_ change: (inout LaneTimers) -> Void) -> LaneTimers {
        var timers = LaneTimers()
        change(&timers)
        return timers
    }
}
