// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSimulation

/// S3: what excuses two open arms, and what does not.
@Suite struct MotionCheckersTests {
    private func at(_ milliseconds: Int64) -> Uptime { .zero + .milliseconds(milliseconds) }

    private func rises(_ cause: String?, otherOpenFor: Int64 = 5000) -> String? {
        InterlockChecker.rises(
            "south", others: [("north", at(10_000 - otherOpenFor))],
            command: cause.map { ($0, at(10_000)) })?.0
    }

    @Test(arguments: ["fire", "emergency", "safety", "restart", "person", "guard_button", "hold"])
    func `what outranks an interlock may open a second arm`(cause: String) {
        #expect(rises(cause) == nil)
    }

    @Test(arguments: ["grant", "retry", "rights_floor", "whim"])
    func `nothing else may`(cause: String) {
        #expect(rises(cause) == "S3")
    }

    @Test func `two arms that leave at once could not know of one another`() {
        #expect(rises("grant", otherOpenFor: 500) == nil)
        #expect(rises("grant", otherOpenFor: 700) == "S3")
    }

    @Test func `a second arm that no command raised needs a record`() {
        #expect(rises(nil) == nil)
        var foreign = ForeignChecker()
        foreign.raised(lane: "south", lastTrouble: .zero, checker: "S3", at: at(200_000))
        #expect(foreign.watch(at: at(215_000))?.0 == "S3")
    }
}
