// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore
import Testing

/// Refusals of lanes.md §9 and §10: one change to a sound plan gives exactly one error.
struct WalkwayRefusalTests {
    private static let confirmed = "{confirmed_by: Li Wei, date: 2026-03-02}"

    private static let turnstile: [String: String] = [
        "kind": "turnstile", "area": "main", "escape_route": "true", "reader_in": "cards-in",
        "reader_out": "cards-out", "release_in": "relays.out1", "release_out": "relays.out2",
        "hold_in": "relays.out3", "hold_out": "relays.out4", "passage_in": "relays.in1",
        "passage_out": "relays.in2", "exit_button": "relays.in3", "fire_hardwired": confirmed,
    ]

    private static let door: [String: String] = [
        "kind": "door", "area": "main", "escape_route": "true", "lock": "fail_safe",
        "reader_in": "cards-side",
        "unlock": "relays.out5", "door_contact": "relays.in4", "exit_button": "relays.in5",
        "fire_hardwired": confirmed,
    ]

    @Test func `a reader speaks unasked, so nothing shares its line`() {
        let shared = Self.site().replacing("at: /dev/in}", with: "at: /dev/a}")
        let result = TestSites.read(shared)
        #expect(
            result.errors.contains { $0.contains("a reader speaks unasked and needs a line of its own") },
            "\(result.errors)")
    }

    @Test func `a device of ours is no board inside a unit, and a dash is nobody's name`() {
        let board = TestSites.read(Self.site(lobby: ["controller": "board-8x8"]))
        #expect(board.isRefused(at: "lanes.lobby.controller", "that is a relay of ours"))
        let nobody = TestSites.read(
            Self.site(lobby: ["fire_hardwired": "{confirmed_by: '-', date: 2026-03-02}"]))
        #expect(nobody.isRefused(at: "lanes.lobby.fire_hardwired.confirmed_by", "the name of a person"))
    }

    /// nil takes a key away.
    private static func site(
        lobby: [String: String?] = [:], side: [String: String?] = [:],
        fire: String = "fire: {input: {input: relays.in6, contact: normally_closed}, reset: relays.in7}"
    ) -> String {
        func lane(_ own: [String: String], _ changes: [String: String?]) -> String {
            var keys = own
            for (key, value) in changes { keys[key] = value }
            return keys.sorted { $0.key < $1.key }.map { "    \($0.key): \($0.value)" }
                .joined(separator: "\n")
        }
        return """
            site: {id: test, time_zone: Asia/Shanghai}
            areas: {main: {}}
            devices:
              relays: {profile: board-8x8, at: /dev/a}
              cards-in: {profile: test-reader, at: /dev/in}
              cards-out: {profile: test-reader, at: /dev/out}
              cards-side: {profile: test-reader, at: /dev/side}
            lanes:
              lobby:
            \(lane(turnstile, lobby))
              side:
            \(lane(door, side))
            \(fire)

            """
    }

    private func refuses(
        lobby: [String: String?] = [:], side: [String: String?] = [:], at path: String, _ part: String
    ) {
        let result = TestSites.read(Self.site(lobby: lobby, side: side))
        #expect(result.isRefused(at: path, part), "\(result.errors)")
    }

    @Test func `the sound plan has neither errors nor warnings, and every wire has its meaning`() throws {
        let result = TestSites.read(Self.site())
        #expect(result.issues.map(\.text) == [])
        let plan = try #require(result.plan)
        #expect(plan.lanes == [])
        #expect(plan.walkways.map(\.kind) == [.turnstile, .door])
        #expect(plan.walkways.map(\.isEscapeRoute) == [true, true])
        #expect(plan.lane(named: "side") == LaneID(1))
        #expect(
            plan.readers == [
                ReaderWire(device: DeviceID(1), lane: LaneID(0), direction: .in),
                ReaderWire(device: DeviceID(2), lane: LaneID(0), direction: .out),
                ReaderWire(device: DeviceID(3), lane: LaneID(1), direction: .in),
            ])
        #expect(plan.outputs.filter { $0.lane == LaneID(1) }.map(\.output) == [.unlock])
        let meanings = plan.inputs.map(\.meaning)
        #expect(meanings.contains(.walkway(LaneID(0), .passageIn)))
        #expect(meanings.contains(.walkway(LaneID(1), .doorContact)))
        #expect(meanings.contains(.fire([LaneID(0), LaneID(1)])))
        let contact = plan.inputs.first { $0.meaning == .walkway(LaneID(1), .doorContact) }
        #expect(contact?.contact == .normallyClosed)
        #expect(result.report?.lanes.map(\.name) == ["lobby", "side"])
        #expect(result.report?.buses.map(\.devices) == [["relays"]])
    }

    @Test func `vehicle lanes keep their numbers wherever people's lanes stand in the file`() throws {
        let north = """
              north:
                {kind: entry, area: main, closing: controller, open: relays.out6,
                 safety: {input: relays.in8, contact: normally_closed}}
              south: {kind: exit, area: main, closing: guard, open: relays.out7, anti_crush: {confirmed_by: Li, date: 2026-03-02}}
            """
        let text = Self.site(side: ["exit_button": "relays.in5"]) + ""
        let result = TestSites.read(text.replacing("fire: {input", with: north + "\nfire: {input"))
        let plan = try #require(result.plan, "\(result.errors)")
        #expect(plan.lanes.map(\.name) == ["north", "south"])
        #expect(plan.lane(named: "lobby") == LaneID(2))
        #expect(plan.name(of: LaneID(3)) == "side")
        #expect(plan.inputs.contains { $0.meaning == .fire([LaneID(0), LaneID(1), LaneID(2), LaneID(3)]) })
    }

    @Test func `H-27 an escape route without a fire input is refused`() {
        let result = TestSites.read(Self.site(side: ["escape_route": "false"], fire: ""))
        #expect(result.isRefused(at: "lanes.lobby.escape_route", "H-27"), "\(result.errors)")
        let named = "fire: {input: {input: relays.in6, contact: normally_closed}, lanes: [lobby]}"
        let side = TestSites.read(Self.site(fire: named))
        #expect(side.isRefused(at: "lanes.side.escape_route", "H-27"), "\(side.errors)")
        let own = TestSites.read(
            Self.site(side: ["fire": "{input: relays.in8, contact: normally_closed}"], fire: named))
        #expect(own.plan != nil, "\(own.errors)")
    }

    @Test func `H-27 an escape route whose fire contact is not wired to the unit itself is refused`() {
        refuses(lobby: ["fire_hardwired": nil], at: "lanes.lobby.escape_route", "H-27")
        refuses(side: ["fire_hardwired": nil], at: "lanes.side.escape_route", "H-27")
    }

    @Test func `H-27 whether people flee by it has to be said`() {
        refuses(lobby: ["escape_route": nil], at: "lanes.lobby.escape_route", "missing")
    }

    @Test func `H-27 a lock that is shut without power is refused on an escape route`() {
        refuses(side: ["lock": "fail_secure"], at: "lanes.side.lock", "H-27")
        let result = TestSites.read(Self.site(side: ["lock": "fail_secure", "escape_route": "false"]))
        #expect(result.plan != nil, "\(result.errors)")
    }

    @Test func `H-27 an escape door that opens by cards only is refused`() {
        refuses(side: ["exit_button": nil], at: "lanes.side.escape_route", "H-27")
    }

    @Test func `H-31 nobody is let in where nobody gets out`() {
        refuses(
            lobby: ["reader_out": nil, "exit_button": nil, "release_out": nil, "hold_out": "relays.out4"],
            at: "lanes.lobby", "way out")
        refuses(lobby: ["reader_out": nil, "exit_button": nil], at: "lanes.lobby", "way out")
        refuses(side: ["exit_button": nil, "escape_route": "false"], at: "lanes.side", "leave")
        let free = TestSites.read(
            Self.site(
                lobby: [
                    "reader_out": nil, "exit_button": nil, "release_out": nil, "free_exit": Self.confirmed,
                ]))
        #expect(free.plan?.walkways[0].freeWays == [.out], "\(free.errors)")
    }

    @Test func `a release longer than the unit takes is refused`() {
        refuses(
            lobby: ["controller": "tripod", "timers": "{release_pulse: 500 ms}"],
            at: "lanes.lobby.timers.release_pulse", "counts as two")
        #expect(TestSites.read(Self.site(lobby: ["controller": "tripod"])).plan != nil)
    }

    @Test func `a unit that stores releases has a passage contact or a short queue`() {
        let blind: [String: String?] = ["controller": "tripod", "passage_out": nil]
        refuses(lobby: blind, at: "lanes.lobby.timers.queue_depth", "stores releases")
        let short = blind.merging(["timers": "{queue_depth: 1}"]) { $1 }
        #expect(TestSites.read(Self.site(lobby: short)).plan != nil)
    }

    @Test func `one reader serves one way, and only a reader reads cards`() {
        refuses(side: ["reader_in": "cards-in"], at: "lanes.side.reader_in", "serves lobby.reader_in already")
        refuses(side: ["reader_in": "relays"], at: "lanes.side.reader_in", "not a card reader")
        refuses(side: ["reader_in": "cards"], at: "lanes.side.reader_in", "no such device")
    }

    @Test func `one terminal has one meaning, for people too`() {
        refuses(side: ["unlock": "relays.out1"], at: "lanes.side.unlock", "H-12")
        refuses(side: ["door_contact": "relays.in1"], at: "lanes.side.door_contact", "H-17")
    }

    @Test func `keys of vehicle lanes and of the other kind are unknown here`() {
        refuses(lobby: ["closing": "controller"], at: "lanes.lobby.closing", "unknown key")
        refuses(lobby: ["unlock": "relays.out6"], at: "lanes.lobby.unlock", "unknown key")
        refuses(side: ["interlock": "a"], at: "lanes.side.interlock", "unknown key")
        refuses(side: ["timers": "{unit_timeout: 5 s}"], at: "lanes.side.timers.unit_timeout", "unknown key")
        refuses(lobby: ["timers": "{unit_timeout: 90 s}"], at: "lanes.lobby.timers.unit_timeout", "60 s")
    }

    @Test func `what is only worse is a warning`() {
        let result = TestSites.read(
            Self.site(
                lobby: ["passage_in": nil, "hold_out": nil, "full_height": "true"],
                side: ["door_contact": nil]))
        #expect(result.plan != nil)
        #expect(result.warns(at: "lanes.lobby.release_in", "assumed"))
        #expect(result.warns(at: "lanes.lobby.escape_route", "hold_out"))
        #expect(result.warns(at: "lanes.lobby.full_height", "H-30"))
        #expect(result.warns(at: "lanes.side", "door_contact"))
    }
}
