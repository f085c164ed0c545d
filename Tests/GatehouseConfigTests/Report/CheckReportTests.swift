// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore
import Testing

struct CheckReportTests {
    private func lines(_ site: String) -> [String] { TestSites.read(site).report?.lines ?? [] }

    @Test func `a lane with every sensor has nothing to say but its summary and two wires`() throws {
        let report = try #require(TestSites.read(TestSites.site()).report)
        #expect(
            report.lanes.map(\.summary) == [
                "entry, lowered by the controller, passages confirmed",
                "exit, lowered by the controller, passages confirmed, the only way out of its area",
            ])
        #expect(report.lanes[0].costs.map { $0.prefix(15) } == ["no guard_button", "no boom_break: "])
    }

    @Test func `each missing sensor names what it costs`() {
        let bare: [String: String?] = [
            "presence": nil, "safety": nil, "clear": nil, "limit_up": nil, "limit_down": nil,
            "anti_crush": "{confirmed_by: Li Wei, date: 2026-03-02}",
        ]
        let text = lines(TestSites.site(north: bare)).joined(separator: "\n")
        #expect(text.contains("lane north: entry, lowered by the controller, passages assumed"))
        #expect(text.contains("no presence: camera reads stand in for 15 s"))
        #expect(text.contains("no safety: the gateway never sends close"))
        #expect(text.contains("no limits: the arm's position is assumed by time"))
        #expect(text.contains("anti_crush confirmed by Li Wei on 2026-03-02"))
    }

    @Test func `H-23 the worst wait on a bus is computed from its speed and the reply timeout`() throws {
        let report = try #require(TestSites.read(TestSites.site()).report)
        #expect(report.buses.map(\.address) == ["/dev/a", "/dev/b"])
        // 9600 8N1: 8 bytes 8.333 ms, 3.5 characters 3.645 ms, reply timeout 60 ms.
        #expect(report.buses[0].worst.inNanoseconds / 1_000_000 == 71)
        // 6 bytes of reply 6.25 ms and 50 ms until it begins.
        #expect(report.buses[0].answering.inNanoseconds / 1_000_000 == 68)
        #expect(report.buses[0].line.contains("waits at most 69 ms, 72 ms while a device is silent"))
    }

    @Test func `H-23 a display on a board's line lengthens the wait, one on its own line does not`() throws {
        func buses(_ device: String) throws -> [BusTiming] {
            let site = TestSites.site(north: ["display": "card"])
                .replacing("  cam2:", with: "  card: {\(device)}\n  cam2:")
            return try #require(TestSites.read(site).report).buses
        }
        let apart = try buses("profile: card, at: /dev/c")
        #expect(apart.map(\.address) == ["/dev/a", "/dev/b"])
        #expect(apart[0].worst.inNanoseconds / 1_000_000 == 71)
        // 73 bytes of the voice 76.041 ms, 3.5 characters 3.645 ms.
        let shared = try buses("profile: silent-card, at: /dev/a")
        #expect(shared[0].devices == ["relays", "card"])
        #expect(shared[0].worst.inNanoseconds / 1_000_000 == 79)
        let together = try buses("profile: silent-card, at: /dev/a, together: true")
        #expect(together[0].worst.inNanoseconds / 1_000_000 == 277)
    }
}
