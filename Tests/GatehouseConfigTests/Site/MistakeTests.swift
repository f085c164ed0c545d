// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore
import Testing

/// All mistakes of a file at once, each with its place and what to write instead.
struct MistakeTests {
    @Test func `a file with many mistakes lists every one with its line`() throws {
        let text = try TestSites.text(TestSites.fixtures + "/ten-mistakes.yaml")
        let result = TestSites.read(text, file: "ten-mistakes.yaml")
        #expect(result.plan == nil)
        let expected = [
            "ten-mistakes.yaml:1:34: error: site.time_zone: found \"Asia/Shangai\"; "
                + "no such time zone on this machine; write Area/Place, for example Asia/Shanghai",
            "ten-mistakes.yaml:3:20: error: areas.main.capacity: found \"010\"; "
                + "use a whole number from 1 to 100000 (010 is a word which YAML reads as octal)",
            "ten-mistakes.yaml:5:68: error: devices.relays.address: found \"no\"; "
                + "use a whole number from 1 to 247 (no is a word which YAML reads as false)",
            "ten-mistakes.yaml:6:54: error: devices.camera.hartbeat: unknown key; did you mean heartbeat?",
            "ten-mistakes.yaml:11:14: error: lanes.north.closing: found \"gatway\"; "
                + "use controller, gateway or guard",
            "ten-mistakes.yaml:14:5: error: lanes.north.open: this key is given twice (first in line 13); keep one",
            "ten-mistakes.yaml:15:15: error: lanes.north.presence: found \"relay.in1\"; "
                + "no such device; did you mean relays?",
            "ten-mistakes.yaml:16:21: error: lanes.north.safety.input: found \"relays.in12\"; "
                + "board-8x8 has 8 inputs",
            "ten-mistakes.yaml:19:32: error: lanes.north.timers.wait_for_vehicle: found \"60\"; "
                + "a duration needs its unit; use 15 s to 3 min; for example 500 ms, 2.5 s, 10 min",
            "ten-mistakes.yaml:19:50: error: lanes.north.timers.vanish_delay: found \"1:30\"; "
                + "not a duration (1:30 is a word which YAML reads as a number to the base 60); "
                + "use 5 s to 20 s; for example 500 ms, 2.5 s, 10 min",
        ]
        let exit =
            "ten-mistakes.yaml:9:11: error: lanes.north.kind: the area main has an entry and no exit: "
            + "vehicles could not leave (H-32); add a lane with kind: exit and area: main"
        let found = result.errors
        #expect(found == (expected[..<4] + [exit] + expected[4...]))
    }

    @Test func `missing keys are named with what to write`() {
        let result = TestSites.read("lanes:\n  north: {}\n")
        let missing = result.issues.filter { $0.message.hasPrefix("missing") }.map(\.path)
        #expect(
            Set(missing).isSuperset(of: [
                "site", "areas", "devices", "lanes.north.kind", "lanes.north.closing",
            ]))
        #expect(Set(missing).isSuperset(of: ["lanes.north.area", "lanes.north.open"]))
        #expect(result.errors.contains { $0.contains("site.yaml:2:3") || $0.contains("site.yaml:2:10") })
    }

    @Test(arguments: [
        "", "\n", "42", "[]", "- a", "site", "a: [", "a: {b: c", "\"", "%", "\t", "a: &x *x", "? {}: b",
    ])
    func `a file that is no plan gives issues and no plan`(text: String) {
        let result = TestSites.read(text)
        #expect(result.plan == nil)
        #expect(!result.errors.isEmpty)
    }

    @Test func `a syntax mistake names its line`() {
        let result = TestSites.read("site: {id: a\nareas: [\n")
        #expect(result.errors.count == 1)
        #expect(result.issues.first.map { $0.line > 0 } == true)
    }

    @Test func `several keys given twice are all found`() {
        let text =
            TestSites.site().replacing("areas:", with: "site: {}\nareas:")
            + "fire: {}\naccess: {}\n\"access\": {}\n"
        let result = TestSites.read(text)
        #expect(
            result.issues.filter { $0.message.contains("given twice") }.map(\.path) == [
                "site", "fire", "access",
            ])
    }

    @Test func `a list where a mapping belongs is said once and does not hide the rest`() {
        let result = TestSites.read(TestSites.site(north: ["timers": "[1, 2]", "closing": "nobody"]))
        #expect(result.errors.count == 2, "\(result.errors)")
    }

    @Test func `a folder, a missing file and bytes that are no text give an issue`() {
        for path in ["/", "/nonexistent/site.yaml", "/dev/zero", "/dev/null", ""] {
            let result = SiteLoader.load(path: path, profilesFolder: "/nonexistent", drivers: [])
            #expect(result.plan == nil)
            #expect(result.issues.map(\.message) == ["the file is missing or cannot be read"])
        }
    }

    @Test func `two boards of one bus need different units and one speed`() {
        let site = TestSites.site().replacing("at: /dev/b}", with: "at: /dev/a}")
        let twin = TestSites.read(site)
        #expect(twin.isRefused(at: "devices.more.at", "unit 1"), "\(twin.errors)")
        let right = TestSites.read(
            site.replacing("at: /dev/a}\n  more", with: "at: /dev/a, address: 2}\n  more"))
        #expect(right.plan?.devices[0].settings["address"] == "2", "\(right.errors)")
        #expect(right.report?.buses.map(\.devices) == [["relays", "more"]])
    }
}
