// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GatehouseConfig
import GatehouseCore
import Testing

@Suite struct ChargingSectionTests {
    /// - Parameter currencies: of the site's tariffs, the first in force now, each other one in a year of its own.
    private func read(_ currencies: [String] = ["CNY"], _ rest: String = "") throws -> LoadResult {
        let folder = FileManager.default.temporaryDirectory.path + "/charging-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var tariffs: [String] = []
        for (index, currency) in currencies.enumerated() {
            let file = "\(folder)/\(index + 1).yaml"
            let tariff =
                "id: site-a\nversion: \(index + 1)\ncurrency: \(currency)\ntz: Asia/Shanghai\nrate: {kind: visit, per: stay, price: 500}\n"
            try Data(tariff.utf8).write(to: URL(filePath: file))
            tariffs.append("{file: \(file)\(index == 0 ? "" : ", from: 20\(30 + index)-01-01T00:00")}")
        }
        let list = tariffs.joined(separator: ", ")
        return TestSites.read(TestSites.site() + "charging: {tariffs: [\(list)]\(rest)}\n")
    }

    private func expectRefused(_ result: LoadResult, _ path: String, _ words: String) {
        #expect(result.plan == nil)
        #expect(
            result.issues.contains {
                $0.path == "charging.\(path)" && $0.line > 0 && $0.text.contains(words)
            }, "\(result.issues)")
    }

    @Test func `limits are of reasons, and of exemptions`() throws {
        let result = try read(["CNY"], ", releases: {GOODWILL: 3, OTHER: 1, ambulance: 2, emergency: 4}")
        let plan = try #require(result.plan)
        let limits = Table([("GOODWILL", 3), ("OTHER", 1), ("ambulance", 2), ("emergency", 4)])
        #expect(plan.pricing?.releaseLimits == limits)
        #expect(!result.issues.contains { $0.path.hasPrefix("charging.releases") })
    }

    @Test(arguments: [
        ("goodwill", "GOODWILL"), ("move_goods", "MOVE_GOODS"), ("Emergency", "EMERGENCY"),
    ])
    func `a limit that is spelled as a reason nearly is takes effect with a warning`(
        _ word: String, _ code: String
    ) throws {
        let result = try read(["CNY"], ", releases: {\(word): 2}")
        #expect(result.plan?.pricing?.releaseLimits == Table([(word, 2)]))
        let issue = try #require(result.issues.first { $0.path == "charging.releases.\(word)" })
        #expect(issue.severity == .warning && issue.hint == "did you mean \(code)?")
    }

    @Test func `an exemption that a class of the site gives is no reason misspelled`() throws {
        let classes = ", classes: [{colours: white, exempt: goodwill}], releases: {goodwill: 2}"
        let result = try read(["CNY"], classes)
        #expect(result.plan?.pricing?.releaseLimits == Table([("goodwill", 2)]))
        #expect(!result.issues.contains { $0.path.hasPrefix("charging.releases") }, "\(result.issues)")
    }

    @Test(arguments: [
        ("FOO", "known: EQUIPMENT_FAULT"), ("GOODWIL", "did you mean GOODWILL?"),
        ("MOVE-GOODS", "did you mean MOVE_GOODS?"),
    ])
    func `a limit of what is never given is no limit`(_ word: String, _ words: String) throws {
        expectRefused(try read(["CNY"], ", releases: {\(word): 2}"), "releases.\(word)", words)
    }

    @Test func `a limit of what is noted with a reason counts nothing and is none`() throws {
        let result = try read(["CNY"], ", releases: {\"GOODWILL: x\": 2}")
        #expect(
            result.issues.contains { $0.severity == .error && $0.path.hasPrefix("charging.releases") })
    }

    @Test(arguments: [("JPY", 0), ("KWD", 3)])
    func `a site charges in a currency with two decimals`(_ currency: String, _ decimals: Int) throws {
        expectRefused(
            try read([currency]), "tariffs[0]",
            "site-a is in \(currency), which has \(decimals) decimals: a site charges in a currency with 2")
        #expect(try read(["EUR"]).plan?.pricing?.currency == "EUR")
    }

    @Test func `the books are of one currency`() throws {
        #expect(try read(["CNY", "CNY"]).plan?.pricing?.editions.count == 2)
        expectRefused(try read(["CNY", "EUR"]), "tariffs[1]", "site-a is in EUR, the site's tariff in CNY")
    }
}
