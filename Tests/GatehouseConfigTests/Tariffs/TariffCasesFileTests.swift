// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseConfig

/// Files of cases, and of one stay.
@Suite struct TariffCasesFileTests {
    private func cases(_ tariff: String, _ extra: String = "") throws -> TariffCasesFile {
        let stay = "stay: {entry: 2026-05-06T08:00, exit: 2026-05-06T09:00}"
        return TariffCasesFile.load(
            path: try TemporaryText.write(
                """
                tariffs:
                  t: \(tariff)
                cases:
                - {id: one, tariff_ref: t, \(stay)}
                - {id: two, tariff_ref: t, \(stay)}
                - {id: three, tariff_ref: t, tariff_patch: {version: 2}, \(stay)}
                \(extra)
                """))
    }

    @Test func `what is wrong with a tariff is said once, however many cases have it`() throws {
        let file = try cases("{id: a, currency: CNY, tz: UTC, rate: {kind: fre}}")
        #expect(file.issues.map(\.line) == [2])
        #expect(try cases("{id: a, currency: CNY, tz: UTC, rate: {kind: free}}").cases.count == 3)
    }

    @Test func `a time zone that does not exist is said once, where it stands`() throws {
        let file = try cases("{id: a, currency: CNY, tz: Asia/Shanghia, rate: {kind: free}}")
        #expect(file.issues.map(\.line) == [2])
        #expect(file.issues.first?.path == "tariffs.t.tz")
        #expect(file.issues.first?.hint == "did you mean Asia/Shanghai?")
    }

    @Test func `a name that moves the cursor is no name of a case`() throws {
        let stay = "stay: {entry: 2026-05-06T08:00, exit: 2026-05-06T09:00}"
        let file = try cases(
            "{id: a, currency: CNY, tz: UTC, rate: {kind: free}}",
            "- {id: \"f\\eour\", tariff_ref: t, \(stay)}")
        #expect(file.issues.map(\.line) == [7])
    }

    @Test func `a stay of a case is a stay for a quote, whose tariff is given`() throws {
        let path = try TemporaryText.write(
            """
            entry: 2026-05-06T08:00
            exit: 2026-05-06T09:00
            versions: [{from: 2026-05-01T00:00, tariff: b}]
            version_rule: at_exit
            """)
        let (facts, issues) = StayFile.load(path: path, zone: .utc)
        #expect(facts != nil)
        #expect(issues.map(\.severity) == [.notice, .notice])
        #expect(issues.map(\.line) == [3, 4])
        #expect(issues.allSatisfy { $0.message.contains("--tariff") })
    }
}
