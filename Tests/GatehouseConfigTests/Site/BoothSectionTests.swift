// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore
import Testing

@Suite struct BoothSectionTests {
    private func read(_ booth: String) -> LoadResult {
        TestSites.read(TestSites.site() + "booth: \(booth)\n")
    }

    @Test func `without it there is no page, and an empty one listens on the loopback`() throws {
        #expect(TestSites.read(TestSites.site()).plan?.booth == nil)
        let plan = try #require(read("{}").plan?.booth)
        #expect(plan == BoothPlan() && plan.listener == .address("127.0.0.1"))
        #expect(read("{}").issues.allSatisfy { $0.path != "booth" })
        let network = read(
            "{interface: eth1, port: 80, names: [booth.example, 192.0.2.4], metrics_token: scrape}")
        let other = try #require(network.plan?.booth)
        #expect(other.listener == .interface("eth1") && other.port == 80)
        #expect(other.names == ["booth.example", "192.0.2.4"] && other.metricsToken == "scrape")
    }

    @Test(arguments: [
        ("{listen: 0.0.0.0}", "booth.listen", "interface: eth1"),
        ("{listen: booth.example}", "booth.listen", "IPv4"),
        ("{listen: 127.0.0.1, interface: eth1}", "booth.listen", "exclude"),
        ("{interface: 'eth 1'}", "booth.interface", "ip link"),
        ("{port: 0}", "booth.port", "1 to 65535"),
        ("{interface: any, port: 8080}", "booth.port", "camera_listener"),
        ("{names: ['https://booth.example']}", "booth.names", "without port"),
        ("{guards: 'a/b'}", "booth.guards", "credential"),
        ("{metrics_token: 'x y'}", "booth.metrics_token", "credential"),
        ("{pasword: x}", "booth.pasword", "unknown key"),
    ])
    func `each mistake is named where it stands`(_ text: String, _ path: String, _ words: String) {
        let result = read(text)
        #expect(result.plan == nil)
        #expect(
            result.issues.contains { $0.path.hasPrefix(path) && $0.text.contains(words) },
            "\(result.issues.map(\.text))")
    }

    @Test(arguments: [("{interface: eth1}", "readable"), ("{interface: any}", "every network")])
    func `what a network sees is said`(_ text: String, _ words: String) {
        let result = read(text)
        #expect(result.plan != nil)
        #expect(result.issues.contains { $0.path == "booth.interface" && $0.text.contains(words) })
    }
}
