// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GatehouseConfig
import GatehouseCore
import Testing

/// `charging.contact`: whom a receipt tells to ask.
@Suite struct ContactTests {
    private func read(_ rest: String) throws -> LoadResult {
        let file = FileManager.default.temporaryDirectory.path + "/tariff-\(UUID().uuidString).yaml"
        let tariff =
            "id: site-a\nversion: 1\ncurrency: CNY\ntz: Asia/Shanghai\nrate: {kind: visit, per: stay, price: 500}\n"
        try Data(tariff.utf8).write(to: URL(filePath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        return TestSites.read(TestSites.site() + "charging: {tariffs: [{file: \(file)}]\(rest)}\n")
    }

    @Test func `operator and telephone stand there as they are written, or nothing does`() throws {
        let plan = try #require(try read(", contact: '明强物业 021-5555 0100'").plan)
        #expect(plan.pricing?.contact == "明强物业 021-5555 0100")
        #expect(try #require(try read("").plan).pricing?.contact == nil)
    }

    @Test func `one that no receipt has room for is refused where it stands`() throws {
        let result = try read(", contact: '\(String(repeating: "明", count: 101))'")
        #expect(result.plan == nil)
        let issue = try #require(result.issues.first { $0.path == "charging.contact" })
        #expect(issue.text.contains("101") && issue.text.contains("100") && issue.line > 0)
    }
}
