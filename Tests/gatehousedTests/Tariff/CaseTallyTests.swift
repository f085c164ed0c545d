// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseConfig
import GatehouseCore
import Testing

@testable import gatehoused

@Suite struct CaseTallyTests {
    @Test(
        arguments: [
            ([(false, false)], "1 case, 0 with an expectation, all as expected; 1 without one failed", true),
            ([(true, true), (false, true)], "2 cases, 1 with an expectation, all as expected", false),
            (
                [(true, true), (true, false), (false, false)],
                "3 cases, 2 with an expectation, 1 as expected; 1 without one failed", true
            ),
        ] as [([(Bool, Bool)], String, Bool)])
    func `cases without an expectation are counted by themselves`(
        _ cases: [(Bool, Bool)], _ text: String, _ fails: Bool
    ) {
        var tally = CaseTally()
        for one in cases { tally.count(isExpected: one.0, isGood: one.1) }
        #expect(tally.text == text)
        #expect(tally.hasFailures == fails)
    }

    @Test func `why there is no price is said in words`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "cases-\(UUID()).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try """
        tariffs: {t: {id: a, currency: CNY, tz: UTC, rate: {kind: free}}}
        cases: [{id: long, tariff_ref: t, stay: {entry: 1026-05-06T08:00, exit: 2026-05-06T08:00}}]
        """.write(to: file, atomically: true, encoding: .utf8)
        let one = try #require(TariffCasesFile.load(path: file.path).cases.first)
        let outcome = CaseOutcome(of: one)
        #expect(outcome.differences(from: nil) == ["no price: a stay of more than ten years"])
        let json = String(decoding: FieldWriter.object(outcome.write), as: UTF8.self)
        #expect(json == #"{"fault":"a stay of more than ten years"}"#)
    }

    @Test func `of thousands of problems the first hundred are printed`() {
        let issue = ConfigIssue(file: "t.yaml", line: 1, column: 1, message: "unknown key")
        #expect(Array(repeating: issue, count: 100).printedLines.count == 100)
        let many = Array(repeating: issue, count: 80_000).printedLines
        #expect(many.count == 101 && many.last == "and 79900 more problems")
    }
}
