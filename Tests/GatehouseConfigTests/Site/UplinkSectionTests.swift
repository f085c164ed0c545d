// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore
import Testing

@Suite struct UplinkSectionTests {
    private func read(_ uplink: String) -> LoadResult {
        TestSites.read(TestSites.site() + "uplink: \(uplink)\n")
    }

    @Test func `without it there is no uplink, and a broker is enough for one`() throws {
        #expect(TestSites.read(TestSites.site()).plan?.uplink == nil)
        let plan = try #require(read("{broker: 'mqtts://broker.example'}").plan?.uplink)
        #expect(plan.host == "broker.example" && plan.port == 8883 && plan.usesTLS)
        #expect(plan.topic == "gatehouse/test/gateway/records")
        #expect(plan.window == 100 && !plan.acceptsNoSubscribers)
        let plain = try #require(
            read("{broker: 'mqtt://127.0.0.1:1884', no_subscribers: accepted}").plan?.uplink)
        #expect(plain.port == 1884 && !plain.usesTLS && plain.acceptsNoSubscribers)
    }

    @Test(arguments: [
        ("{}", "uplink.broker", "missing"),
        ("{broker: 'http://x'}", "uplink.broker", "mqtts://"),
        ("{broker: 'mqtts://a b'}", "uplink.broker", "mqtts://"),
        ("{broker: 'mqtts://x', topic: 'a/#'}", "uplink.topic", "without"),
        ("{broker: 'mqtts://x', password: secret}", "uplink.password", "username"),
        ("{broker: 'mqtts://x', username: u, password: 'a/b'}", "uplink.password", "credential"),
        ("{broker: 'mqtts://x', certificate: c}", "uplink.certificate", "belong together"),
        ("{broker: 'mqtt://x', authority: /etc/ca.pem}", "uplink.authority", "TLS"),
        ("{broker: 'mqtts://x', window: 0}", "uplink.window", "1 to 1000"),
        ("{broker: 'mqtts://x', keep_acknowledged: 1 d}", "uplink.keep_acknowledged", "7 d"),
        ("{broker: 'mqtts://x', no_subscribers: maybe}", "uplink.no_subscribers", "accepted"),
        ("{broker: 'mqtts://x', brocker: y}", "uplink.brocker", "unknown key"),
    ])
    func `each mistake is named where it stands`(_ text: String, _ path: String, _ words: String) {
        let result = read(text)
        #expect(result.plan == nil)
        #expect(
            result.issues.contains { $0.path == path && "\($0.text)".contains(words) }, "\(result.issues)")
    }

    @Test func `a password that crosses a network in the open is warned of`() {
        let result = read("{broker: 'mqtt://broker.example', username: u, password: uplink-password}")
        #expect(result.plan != nil)
        #expect(result.issues.contains { $0.path == "uplink.password" && $0.text.contains("readable") })
    }

    @Test func `the pole may say that the link is down, by a lamp or on its boards`() throws {
        let uplink = "uplink: {broker: 'mqtts://x', show_offline: true}\n"
        let site = TestSites.site(north: ["link_lamp": "relays.out8", "display": "card"]).replacing(
            "  cam2:", with: "  card: {profile: card, at: /dev/c}\n  cam2:")
        let result = TestSites.read(site + uplink)
        #expect(result.issues.map(\.text) == [])
        let plan = try #require(result.plan)
        #expect(plan.uplink?.showsOffline == true)
        #expect(plan.outputs.contains { $0.output == .linkLamp && $0.terminal.channel == 8 })
        #expect(TestSites.read(site).isRefused(at: "lanes.north.link_lamp", "no uplink"))
        let bare = TestSites.read(TestSites.site() + uplink)
        #expect(bare.warnings.contains { $0.contains("no lane has a display") })
    }
}
