// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GatehouseConfig
import GatehouseCore
import Testing

@Suite struct CollectingSectionTests {
    private static let channel = "channel: {key: payment-key, http: '127.0.0.1:8091'}"

    private func read(_ rest: String) throws -> LoadResult {
        let file = FileManager.default.temporaryDirectory.path + "/tariff-\(UUID().uuidString).yaml"
        let tariff =
            "id: site-a\nversion: 1\ncurrency: CNY\ntz: Asia/Shanghai\nrate: {kind: visit, per: stay, price: 500}\n"
        try Data(tariff.utf8).write(to: URL(filePath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        return TestSites.read(TestSites.site() + "charging: {tariffs: [{file: \(file)}], \(rest)}\n")
    }

    @Test func `nothing is asked for and nothing opens unless the site says so`() throws {
        let pricing = try #require(try read(Self.channel).plan?.pricing)
        #expect(pricing.collecting == nil && pricing.offline == .strict && pricing.offlineTrustLimit == nil)
    }

    @Test func `ways, times and what holds offline`() throws {
        let pricing = try #require(
            try read(
                Self.channel
                    + ", collect: {ways: [etc, plate_bound, scanned_code], timeout: 30 s, unknown_wait: 15 s}"
                    + ", offline: trust_limit, offline_trust_limit: 2000"
            ).plan?.pricing)
        var plan = CollectingPlan(ways: [.etc, .plateBound, .scannedCode])
        (plan.timeout, plan.unknownWait) = (.seconds(30), .seconds(15))
        #expect(pricing.collecting == plan)
        #expect(pricing.offline == .trustLimit && pricing.offlineTrustLimit == Money(2000))
        #expect(
            try read(Self.channel + ", collect: {ways: etc}").plan?.pricing?.collecting
                == CollectingPlan(ways: [.etc]))
    }

    @Test(arguments: [
        ("collect: {ways: [etc]}", "charging.collect", "nobody can be asked"),
        ("\(channel), collect: {}", "charging.collect.ways", "missing"),
        ("\(channel), collect: {ways: [cash]}", "charging.collect.ways[0]", "etc"),
        ("\(channel), collect: {ways: [etc, etc]}", "charging.collect.ways[1]", "twice"),
        ("\(channel), collect: {ways: [etc], timeout: 1 s}", "charging.collect.timeout", "5 s"),
        ("\(channel), collect: {ways: [etc], tmeout: 9 s}", "charging.collect.tmeout", "unknown key"),
        ("offline: open", "charging.offline", "without a channel"),
        ("\(channel), offline: trust_limit", "charging.offline", "needs a limit"),
        ("\(channel), offline: never", "charging.offline", "strict"),
    ])
    func `each mistake is named where it stands`(_ text: String, _ path: String, _ words: String) throws {
        let result = try read(text)
        #expect(result.plan == nil)
        #expect(
            result.issues.contains { $0.path == path && "\($0.text)".contains(words) }, "\(result.issues)")
    }

    @Test func `a limit that nothing uses is warned of`() throws {
        let result = try read(Self.channel + ", offline_trust_limit: 2000")
        #expect(result.plan != nil)
        #expect(result.issues.contains { $0.path == "charging.offline_trust_limit" })
        let used = try read(Self.channel + ", collect: {ways: [plate_bound]}, offline_trust_limit: 2000")
        #expect(!used.issues.contains { $0.path == "charging.offline_trust_limit" })
    }
}
