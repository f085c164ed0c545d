// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore
import Testing

/// A lane whose arm is raised by the answers to its camera.
struct CameraOutputTests {
    private static let hardwired = "{confirmed_by: Li Wei, date: 2026-03-02}"

    private func read(
        _ changes: [String: String?] = [:], answering: String = ", comet_hold: 20", withoutFire: Bool = false
    ) -> LoadResult {
        var lane: [String: String?] = [
            "camera": "cam3", "open": "cam3.out1", "fire_hardwired": Self.hardwired,
        ]
        lane.merge(changes) { $1 }
        return TestSites.read(
            TestSites.site(north: lane, answering: answering, withoutFire: withoutFire))
    }

    @Test func `the answer of a lane's camera is an output, and the report says what that means`() throws {
        let result = read()
        let plan = try #require(result.plan, "\(result.errors)")
        let open = try #require(plan.outputs.first { $0.lane == LaneID(0) && $0.output == .open })
        #expect(plan.devices[open.terminal.device.index].name == "cam3" && open.terminal.channel == 1)
        #expect(result.warnings == [])
        let lines = result.report?.lines ?? []
        #expect(lines.contains { $0.contains("opened by the answers to cam3") }, "\(lines)")
    }

    @Test(arguments: ["close", "stop", "hold", "red", "green", "warn"])
    func `H-01 a camera opens and does nothing else`(key: String) {
        let result = read([key: "cam3.out2"])
        #expect(result.plan == nil)
        #expect(result.errors.contains { $0.contains("lanes.north.\(key)") && $0.contains("one pulse") })
    }

    @Test func `H-01 an arm that we lower is not raised by a camera`() {
        let closing: [String: String?] = [
            "closing": "gateway", "close": "relays.out2", "controller": "{automatic_closing: false}",
            "anti_crush": Self.hardwired,
        ]
        #expect(read(closing).isRefused(at: "lanes.north.open", "H-01"), "\(read(closing).errors)")
        let guarded: [String: String?] = ["closing": "guard", "close": "relays.out2"]
        #expect(read(guarded).isRefused(at: "lanes.north.open", "H-01"), "\(read(guarded).errors)")
    }

    @Test func `H-27 a fire release that would wait is refused without the barrier's own contact`() {
        #expect(read(["fire_hardwired": nil]).isRefused(at: "lanes.north.open", "H-27"))
        #expect(read(["fire_hardwired": nil], withoutFire: true).plan != nil)
    }

    @Test func `only a camera that looks at the lane is asked about it`() {
        #expect(read(["camera": "cam"]).isRefused(at: "lanes.north.open", "does not look at this lane"))
    }

    @Test func `H-19 the pulse is the camera's`() {
        let result = read(["timers": "{open_pulse: 400 ms}"])
        #expect(result.isRefused(at: "lanes.north.timers.open_pulse", "500 ms"), "\(result.errors)")
    }

    @Test func `H-32 a dark camera opens nothing, so nothing may count on it`() {
        #expect(read(["fail_open": "true"]).isRefused(at: "lanes.north.fail_open", "dark"))
        let exit: [String: String?] = ["kind": "exit", "exit_blind": "open"]
        #expect(read(exit).errors.contains { $0.contains("lanes.north.exit_blind") })
        let warned = read(["kind": "exit"])
        #expect(warned.plan != nil && warned.warns(at: "lanes.north.open", "H-32"), "\(warned.errors)")
    }

    @Test func `H-32 a two-way lane needs a camera that asks for both sides`() {
        let both: [String: String?] = [
            "kind": "two_way", "camera": nil,
            "cameras": "[{device: cam3, direction: in}, {device: cam, direction: out}]",
        ]
        let silent = read(both, answering: "")
        #expect(silent.isRefused(at: "lanes.north.open", "one side"), "\(silent.errors)")
        #expect(read(both).plan != nil, "\(read(both).errors)")
    }

    @Test func `what waits and what is not confirmed is said`() {
        #expect(read(answering: "").warns(at: "lanes.north.open", "comet"))
        #expect(read(["limit_down": nil, "limit_up": nil]).warns(at: "lanes.north.open", "H-17"))
    }

    @Test func `H-12 it has so many outputs, and two lanes do not share one`() {
        #expect(read(["open": "cam3.out3"]).isRefused(at: "lanes.north.open", "has 2 outputs"))
    }
}
