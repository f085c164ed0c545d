// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GatehouseConfig
import GatehouseCore
import Testing

@Suite struct PaymentChannelSectionTests {
    private func read(_ channel: String, extra: String = "") throws -> LoadResult {
        let file = FileManager.default.temporaryDirectory.path + "/tariff-\(UUID().uuidString).yaml"
        let tariff =
            "id: site-a\nversion: 1\ncurrency: CNY\ntz: Asia/Shanghai\nrate: {kind: visit, per: stay, price: 500}\n"
        try Data(tariff.utf8).write(to: URL(filePath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let charging = "charging: {tariffs: [{file: \(file)}], channel: \(channel)}\n"
        return TestSites.read(TestSites.site() + charging + extra)
    }

    private static let uplink = "uplink: {broker: 'mqtts://broker.example'}\n"

    @Test func `a channel has a key and at least one way`() throws {
        let http = try #require(try read("{key: payment-key, http: '127.0.0.1:8091'}").plan?.pricing)
        #expect(http.channel == PaymentChannelPlan(key: "payment-key", http: "127.0.0.1:8091"))
        let both = try read("{key: k, http: '127.0.0.1:8091', mqtt: true}", extra: Self.uplink)
        #expect(
            both.plan?.pricing?.channel
                == PaymentChannelPlan(key: "k", http: "127.0.0.1:8091", usesBroker: true))
    }

    @Test(arguments: [
        ("{http: '127.0.0.1:8091'}", "key", "missing"),
        ("{key: 'a/b', http: '127.0.0.1:8091'}", "key", "credential"),
        ("{key: k}", "", "nobody can reach"),
        ("{key: k, mqtt: false}", "", "nobody can reach"),
        ("{key: k, mqtt: true}", "mqtt", "there is no uplink"),
        ("{key: k, http: '127.0.0.1'}", "http", "with a port"),
        ("{key: k, http: 'gateway:8091'}", "http", "IPv4"),
        ("{key: k, http: '0.0.0.0:8091'}", "http", "every network"),
        ("{key: k, http: '127.0.0.1:8091', htp: x}", "htp", "unknown key"),
    ])
    func `each mistake is named where it stands`(_ text: String, _ key: String, _ words: String) throws {
        let result = try read(text)
        let path = key.isEmpty ? "charging.channel" : "charging.channel.\(key)"
        #expect(result.plan == nil)
        #expect(
            result.issues.contains { $0.path == path && "\($0.text)".contains(words) }, "\(result.issues)")
    }

    @Test func `an address that others reach is warned of`() throws {
        let result = try read("{key: k, http: '192.0.2.7:8091'}")
        #expect(result.plan != nil)
        #expect(result.issues.contains { $0.path == "charging.channel.http" && $0.text.contains("readable") })
    }
}
