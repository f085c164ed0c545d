// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDiagnostics
import Testing

@Suite struct TimeExpressionTests {
    private let shanghai = ZoneRules(name: "Asia/Shanghai", initialOffset: 8 * 3600)
    /// 2026-03-02 07:31:00 in Shanghai.
    private let now = WallTime(milliseconds: 1_772_407_860_000)

    @Test(
        arguments: [
            ("10m", "2026-03-01T23:21:00.000Z"), ("2h", "2026-03-01T21:31:00.000Z"),
            ("3d", "2026-02-26T23:31:00.000Z"), ("30s", "2026-03-01T23:30:30.000Z"),
            ("07:30", "2026-03-01T23:30:00.000Z"), ("2026-03-02", "2026-03-01T16:00:00.000Z"),
            ("2026-03-02 07:30", "2026-03-01T23:30:00.000Z"),
            ("2026-03-02T07:30:15.5", "2026-03-01T23:30:15.500Z"),
            ("2026-03-02T07:30:15Z", "2026-03-02T07:30:15.000Z"),
            ("2026-03-02T07:30:15+05:30", "2026-03-02T02:00:15.000Z"),
            ("2026-03-02T07:30:15-01:00", "2026-03-02T08:30:15.000Z"),
        ] as [(String, String)])
    func `what people type is understood`(_ text: String, _ expected: String) {
        #expect(TimeExpression.parse(text, now: now, zone: shanghai, sense: .past)?.rfc3339 == expected)
    }

    @Test func `a span looks ahead where an end is meant`() {
        let end = TimeExpression.parse("2h", now: now, zone: shanghai, sense: .future)
        #expect(end?.rfc3339 == "2026-03-02T01:31:00.000Z")
    }

    @Test(
        arguments: [
            "", "m", "-1h", "25:00", "7:30", "2026-02-30", "2026-3-2", "now", "2026-03-02T", "2026-03-02T07",
            "2026-03-02T07:30+8", "99999999999999999999d", "٣h", "07:30:15.", "2026-03-02 07:30 Z",
        ])
    func `what is no time is refused`(_ text: String) {
        #expect(TimeExpression.parse(text, now: now, zone: shanghai, sense: .past) == nil)
    }
}
