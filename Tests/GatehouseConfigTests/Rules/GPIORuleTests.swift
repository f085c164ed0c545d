// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore
import Testing

/// Lines of a GPIO chip: named in the site, and refused where their going with the process would hurt somebody.
struct GPIORuleTests {
    private func site(
        _ lines: String = "output_lines: [BARRIER, 17], input_lines: [LOOP, BEAM]", at: String = "pinctrl",
        north: [String: String?] = ["open": "pole.out1", "presence": "pole.in1"]
    ) -> String {
        TestSites.site(north: north).replacing(
            "  more: {", with: "  pole: {profile: lines, at: \(at), \(lines)}\n  more: {")
    }

    @Test func `lines are named in the site and counted there`() throws {
        let result = TestSites.read(site())
        #expect(result.errors == [])
        let plan = try #require(result.plan)
        let pole = try #require(plan.devices.first { $0.name == "pole" })
        #expect(pole.settings["output_lines"] == "BARRIER,17")
        #expect(pole.settings["input_lines"] == "LOOP,BEAM")
        let loop = try #require(plan.inputs.first { plan.devices[$0.terminal.device.index].name == "pole" })
        #expect(loop.source == .gpio)
        #expect(loop.staleAfter == .seconds(2))
    }

    @Test func `H-19: a pulse that only the gateway ends is warned of`() {
        #expect(TestSites.read(site()).warns(at: "devices.pole", "H-19"))
        let inputs = TestSites.read(site(north: ["presence": "pole.in1"]))
        #expect(inputs.issues.map(\.text) == [])
    }

    @Test func `H-43: an arm is not held open by a line of a chip`() {
        let result = TestSites.read(site(north: ["hold": "pole.out2"]))
        #expect(result.isRefused(at: "lanes.north.hold", "H-43"), "\(result.errors)")
    }

    @Test func `a line that nobody named is refused, with where to name it`() {
        let result = TestSites.read(site(north: ["open": "pole.out3"]))
        #expect(result.isRefused(at: "lanes.north.open", "pole has 2 outputs"), "\(result.errors)")
        #expect(result.errors[0].contains("output_lines"))
    }

    @Test func `one line is not two`() {
        let result = TestSites.read(site("output_lines: [17, 17], input_lines: [LOOP, BEAM]"))
        #expect(result.errors.contains { $0.contains("output_lines[1]") && $0.contains("already") })
    }

    @Test func `a bank has at most 32 lines`() {
        let many = (0...32).map(String.init).joined(separator: ", ")
        let result = TestSites.read(site("output_lines: [\(many)], input_lines: [LOOP, BEAM]"))
        #expect(result.errors.contains { $0.contains("at most 32") }, "\(result.errors)")
    }

    @Test(arguments: ["gpiochip0/line", "'a label that is longer than the kernel has room for'"])
    func `a chip is found by its label or its path`(_ at: String) {
        let result = TestSites.read(site(at: at))
        #expect(result.isRefused(at: "devices.pole.at", "label of the chip"), "\(result.errors)")
        #expect(TestSites.read(site(at: "/dev/gpiochip0")).errors == [])
    }

    @Test func `a line is not believed for longer than five seconds`() {
        let safety = "{input: pole.in2, contact: normally_closed, stale_after: 6s}"
        let result = TestSites.read(site(north: ["safety": safety]))
        #expect(result.errors.contains { $0.contains("1 s to 5 s") }, "\(result.errors)")
    }
}
