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
        #expect(report.buses[0].line.contains("waits at most 69 ms, 72 ms while a board is silent"))
    }
}
