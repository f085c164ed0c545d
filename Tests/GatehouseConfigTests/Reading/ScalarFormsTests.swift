// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseConfig

struct ScalarFormsTests {
    @Test(arguments: [
        ("500 ms", Duration.milliseconds(500)), ("500ms", .milliseconds(500)), ("8 s", .seconds(8)),
        ("2.5 s", .milliseconds(2500)), ("0.25 s", .milliseconds(250)), ("10 min", .seconds(600)),
        ("2 h", .seconds(7200)), ("7 d", .seconds(7 * 86_400)), ("0 s", .zero),
        ("0.125 min", .milliseconds(7500)),
    ])
    func `a duration is a number and its unit`(text: String, expected: Duration) {
        #expect(ScalarForms.duration(text) == expected)
    }

    @Test(arguments: [
        "", "s", "8", "8 S", "8  s", " 8 s", "8 s ", "-8 s", "+8 s", "08 s", "8.s", ".5 s", "1.2345 s",
        "1:30", "1e3 s",
        "8 sec", "8 m", "0.5 ms", "9999999999 s", "999999999999999999999 d", "8 s s", "１ s",
    ])
    func `anything else is no duration`(text: String) {
        #expect(ScalarForms.duration(text) == nil)
    }

    @Test func `sizes are in powers of ten`() {
        #expect(ScalarForms.size("2 GB") == 2_000_000_000)
        #expect(ScalarForms.size("1.5 MB") == 1_500_000)
        for text in ["2", "2 gb", "2 GiB", "-1 MB", "", "2 TB"] { #expect(ScalarForms.size(text) == nil) }
    }

    @Test func `a whole number is decimal without zeros in front`() {
        #expect(ScalarForms.integer("0") == 0)
        #expect(ScalarForms.integer("-1") == -1)
        #expect(ScalarForms.integer("65535") == 65_535)
        for text in ["", "-", "010", "-01", "+1", "1_000", "0x10", "1.0", "1e3", "9999999999999999", "١"] {
            #expect(ScalarForms.integer(text) == nil, "\(text)")
        }
    }

    @Test(arguments: [
        "no", "Yes", "off", "~", "null", "010", "12", "-5", "1:30", "1.5", "0x1F", "2026-03-02", "1_000",
        ".5", "",
    ])
    func `what YAML would bend is known`(text: String) {
        #expect(ScalarForms.misreading(of: text) != nil)
    }

    @Test(arguments: [
        "demo", "192.0.2.21", "/dev/gatehouse/relays", "3-2-501", "Waveshare", "north", "nothing", "offline",
        "8N1", "-",
    ])
    func `what YAML leaves alone is left alone`(text: String) {
        #expect(ScalarForms.misreading(of: text) == nil)
    }

    @Test func `every duration of a plan is written back so that it reads the same`() {
        for milliseconds in [
            0, 1, 250, 500, 999, 1000, 1200, 2500, 60_000, 90_000, 120_000, 7_200_000, 604_800_000,
        ] {
            let duration = Duration.milliseconds(milliseconds)
            #expect(ScalarForms.duration(duration.planText) == duration, "\(duration.planText)")
        }
    }

    @Test func `the nearest word is offered only when it is near`() {
        let known = ["controller", "gateway", "guard", "open", "close"]
        #expect(nearest(to: "gatway", among: known) == "gateway")
        #expect(nearest(to: "cotnroller", among: known) == "controller")
        #expect(nearest(to: "opne", among: known) == "open")
        #expect(nearest(to: "barrier", among: known) == nil)
        #expect(nearest(to: "", among: known) == nil)
        #expect(nearest(to: String(repeating: "x", count: 5000), among: known) == nil)
        #expect(alternatives(["a", "b", "c"]) == "a, b or c")
    }
}
