// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore
import Testing

/// What only warns (end of lanes.md §1.3), how inputs are wired, and the rights floor.
struct WarningTests {
    @Test func `H-40 a lane without the down limit warns that fobs go unseen`() {
        let result = TestSites.read(TestSites.site(north: ["limit_down": nil, "limit_up": nil]))
        #expect(result.plan != nil)
        #expect(result.warns(at: "lanes.north", "H-40"), "\(result.warnings)")
        #expect(result.warnings.count == 1)
    }

    @Test func `H-17 a lane with one limit only warns`() {
        let result = TestSites.read(TestSites.site(north: ["limit_up": nil]))
        #expect(result.plan != nil)
        #expect(result.warns(at: "lanes.north.limit_down", "one limit only"), "\(result.warnings)")
    }

    @Test func `H-27 vehicle lanes without a fire input warn`() {
        let result = TestSites.read(TestSites.site(withoutFire: true))
        #expect(result.plan != nil)
        #expect(result.warns(at: "lanes.north", "H-27"))
        #expect(result.warns(at: "lanes.south", "H-27"))
    }

    @Test func `H-01 mixed use without a warn output warns`() {
        let beam = "{input: relays.in2, contact: normally_closed, sensor: beam}"
        let result = TestSites.read(TestSites.site(north: ["mixed_use": "true", "safety": beam]))
        #expect(result.plan != nil, "\(result.errors)")
        #expect(result.warns(at: "lanes.north.mixed_use", "no warn output"), "\(result.warnings)")
        #expect(result.plan?.lanes[0].timers.clearDelay == .seconds(2))
    }

    @Test func `H-14 a loop with limited presence time warns`() {
        let safety = "{input: relays.in2, contact: normally_closed, limited_presence: true}"
        let result = TestSites.read(TestSites.site(north: ["safety": safety]))
        #expect(result.plan != nil)
        #expect(result.warns(at: "lanes.north.safety", "H-14"), "\(result.warnings)")
    }

    @Test func `H-12 gateway closing without a word on the controller's own closing warns`() {
        let result = TestSites.read(
            TestSites.site(north: [
                "closing": "gateway", "close": "relays.out2",
                "anti_crush": "{confirmed_by: Li Wei, date: 2026-03-02}",
            ]))
        #expect(result.plan != nil, "\(result.errors)")
        #expect(result.warns(at: "lanes.north.closing", "H-12"))
    }

    @Test func `H-11 a safety input must say how it is wired`() {
        let short = TestSites.read(TestSites.site(north: ["safety": "relays.in2"]))
        #expect(short.isRefused(at: "lanes.north.safety", "{input: relays.in2, contact: normally_closed}"))
        let mapping = TestSites.read(TestSites.site(north: ["safety": "{input: relays.in2}"]))
        #expect(mapping.isRefused(at: "lanes.north.safety.contact", "H-11"), "\(mapping.errors)")
    }

    @Test func `H-11 a normally open safety input is refused until the installer accepts the risk`() {
        let open = TestSites.read(
            TestSites.site(north: ["safety": "{input: relays.in2, contact: normally_open}"]))
        #expect(open.isRefused(at: "lanes.north.safety", "broken_wire_unnoticed"), "\(open.errors)")
        let accepted = "{input: relays.in2, contact: normally_open, broken_wire_unnoticed: accepted}"
        let result = TestSites.read(TestSites.site(north: ["safety": accepted]))
        #expect(result.notices.contains { $0.contains("lanes.north.safety") && $0.contains("H-11") })
        #expect(result.plan?.inputs.filter(\.isBrokenWireUnnoticed).count == 1)
        #expect(result.report?.notices.count == 1)
    }

    @Test func `H-27 a normally open fire input is refused until the installer accepts the risk`() {
        let fire = "fire: {input: {input: relays.in6, contact: normally_open}}"
        let site = TestSites.site(extra: fire, withoutFire: true)
        let result = TestSites.read(site)
        #expect(result.isRefused(at: "fire.input", "no fire"), "\(result.errors)")
    }

    @Test func `H-31 a plan that bars for debt is refused`() {
        let result = TestSites.read(TestSites.site(extra: "access: {arrears: refuse_entry}"))
        #expect(result.isRefused(at: "access.arrears", "rights floor"), "\(result.errors)")
    }

    @Test func `H-32 a plan that keeps vehicles in is refused`() {
        let record = TestSites.read(TestSites.site(extra: "access: {no_entry_record: refuse}"))
        #expect(record.isRefused(at: "access.no_entry_record", "rights floor"), "\(record.errors)")
        let long = TestSites.read(TestSites.site(south: ["timers": "{exit_pending_max: 60 min}"]))
        #expect(
            long.isRefused(at: "lanes.south.timers.exit_pending_max", "2 min to 30 min"), "\(long.errors)")
        #expect(long.notices.contains { $0.contains("rights floor") })
    }

    @Test func `H-29 emergency vehicles cannot be banned`() {
        let result = TestSites.read(TestSites.site(extra: "access: {banned_kinds: [large_civil, emergency]}"))
        #expect(result.isRefused(at: "access.banned_kinds", "H-29"), "\(result.errors)")
    }

    @Test func `H-23 a bus on which a command may wait longer than 100 ms warns`() {
        let site = TestSites.site().replacing(
            "more: {profile: board-8x8, at: /dev/b}",
            with: "more: {profile: board-8x8, at: /dev/b}\n  slow: {profile: slow-relay, at: /dev/c}")
        let result = TestSites.read(site)
        #expect(result.warns(at: "devices.slow.at", "H-23"), "\(result.warnings)")
        #expect(result.warns(at: "devices.slow", "nothing is wired to it"), "\(result.warnings)")
        #expect(result.warnings.count == 2)
    }
}
