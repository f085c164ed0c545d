// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSimulation

/// A1 and A3 can fail on each of their clauses.
@Suite struct AnswerCheckerTests {
    private var checker: AnswerChecker

    init() {
        var random = Random(seed: 1)
        checker = AnswerChecker(Estate(form: .answering, random: &random).plan)
    }

    private func at(_ milliseconds: Int64) -> Uptime { .zero + .milliseconds(milliseconds) }

    private mutating func arrives(_ number: Int, _ body: String, at milliseconds: Int64) {
        checker.arrives(number, Array(body.utf8), isPlate: true, gate: 0, at: at(milliseconds))
    }

    private mutating func grants(_ number: Int64, at milliseconds: Int64) {
        let command = record(number, "barrierCommanded") {
            $0.put("lane", "north")
            $0.put("output", "open")
            $0.put("action", "pulse")
            $0.put("class", "grant")
            $0.put("cause", "grant")
        }
        checker.made(command, at: at(milliseconds))
    }

    @Test mutating func `a new record's answer opens once for one grant`() {
        arrives(1, "a", at: 0)
        grants(7, at: 20)
        #expect(checker.opens(1, gate: 0, at: at(100)) == nil)
        arrives(2, "b", at: 200)
        #expect(checker.opens(2, gate: 0, at: at(300))?.0 == "A3")
    }

    @Test mutating func `the same bytes again open nothing (H-22)`() {
        arrives(1, "a", at: 0)
        arrives(2, "a", at: 900)
        grants(7, at: 920)
        #expect(checker.opens(2, gate: 0, at: at(950))?.0 == "A1")
    }

    @Test mutating func `what the camera kept while it was offline opens nothing (H-22)`() {
        arrives(1, #"{"isoffline":1}"#, at: 0)
        grants(7, at: 20)
        #expect(checker.opens(1, gate: 0, at: at(100))?.0 == "A1")
    }

    @Test mutating func `a command opens no longer when its life has ended (H-21)`() {
        arrives(1, "a", at: 0)
        grants(7, at: 20)
        #expect(checker.opens(1, gate: 0, at: at(3200))?.0 == "A3")
    }

    @Test mutating func `another lane's command opens nothing`() {
        checker.arrives(1, [1], isPlate: true, gate: 1, at: at(0))
        grants(7, at: 20)
        #expect(checker.opens(1, gate: 1, at: at(100))?.0 == "A3")
    }
}
