// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseConfig
import GatehouseCore
import GatehouseDrivers
import Testing

@testable import gatehoused

/// `gatehouse init` with answers instead of a person.
@Suite struct InitTests {
    private static let profiles = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../hardware-profiles").standardized.path()

    private final class Script {
        var answers: [String]
        var said = ""
        init(_ answers: [String]) { self.answers = answers }
    }

    /// - Parameter rest: what every further question gets.
    private func site(
        _ answers: [String], rest: String? = nil, ports: [String] = []
    ) throws -> (text: String, said: String, result: LoadResult) {
        let script = Script(answers)
        let interview = Interview(
            answer: { script.answers.isEmpty ? rest : script.answers.removeFirst() },
            say: { script.said += $0 })
        let drivers = DriverCatalog.descriptions
        let library = ProfileLibrary(folder: Self.profiles, drivers: drivers)
        var questions = SiteInterview(
            interview, profiles: library, serialPorts: ports, localZone: "Asia/Shanghai", today: "2026-03-02",
            isZone: { $0 == "Asia/Shanghai" || $0 == "Europe/Berlin" })
        let text = try questions.run().yaml
        let result = SiteLoader.read(text, file: "site.yaml", profiles: library, drivers: drivers)
        return (text, script.said, result)
    }

    /// Everything by Enter but the cameras' addresses, which nobody can guess.
    private static let usual = [
        // Site, board, fire contact, two lanes.
        "", "", "", "", "", "", "", "", "", "", "", "",
        // North: name to address, relay, loops and limits; south the same.
        "", "", "", "", "", "", "192.0.2.21", "", "", "", "", "", "", "",
        "", "", "", "", "", "", "192.0.2.22", "", "", "", "",
        // Broker.
        "",
    ]

    @Test func `Enter all the way is a site without errors`() throws {
        let (text, _, result) = try site(Self.usual)
        #expect(!result.issues.hasErrors, "\(result.issues.map(\.text).joined(separator: "\n"))\n\(text)")
        let plan = try #require(result.plan)
        #expect(plan.lanes.map(\.name) == ["north", "south"])
        #expect(text.contains("camera-north: {profile: hikvision-isapi, at: 192.0.2.21}"))
        #expect(text.contains("safety: {input: relays.in2, contact: normally_closed}"))
    }

    @Test func `a wrong answer is told why and asked again`() throws {
        var answers = Self.usual
        answers.replaceSubrange(
            0..<4, with: ["Home 1", "home", "Mars/Base", "Europe/Berlin", "many", "40", "41", "4"])
        let (text, said, result) = try site(answers)
        #expect(!result.issues.hasErrors)
        #expect(text.contains("site: {id: home, time_zone: Europe/Berlin}"))
        #expect(text.contains("main: {capacity: 40, reserve: 4}"))
        for why in [
            "\"Home 1\": lower-case", "\"Mars/Base\" is not on this machine", "\"many\": a number from 1",
            "\"41\": a number from 0 to 40",
        ] {
            #expect(said.contains(why), "\(why)")
        }
    }

    @Test func `a terminal has one meaning, and what a lane needs cannot be left out`() throws {
        // One two-way lane that the gateway closes.
        let answers = [
            "", "", "", "", "", "", "", "ttyUSB0", "/dev/ttyUSB0", "n", "1",
            "", "two_way", "gateway", "", "", "", "192.0.2.7", "n", "1", "1", "2",
            "-", "1", "1", "2", "", "-", "3", "4", "5", "-", "Li Wei", "2026-02-30", "2026-02-28",
            "mqtts://", "mqtts://broker.example:8883",
        ]
        let (text, said, result) = try site(answers)
        #expect(!result.issues.hasErrors, "\(result.issues.map(\.text).joined(separator: "\n"))\n\(text)")
        #expect(said.contains("relays.out1 has a meaning already"))
        #expect(said.contains("relays.in1 has a meaning already"))
        #expect(said.contains("this lane needs it"))
        #expect(said.contains("\"2026-02-30\": a date"))
        #expect(said.contains("\"ttyUSB0\": an absolute path"))
        #expect(said.contains("\"-\": a person's name"))
        #expect(text.contains("cameras: [{device: camera-north-in, direction: in}]"))
        #expect(text.contains("anti_crush: {confirmed_by: 'Li Wei', date: 2026-02-28}"))
        #expect(text.contains("broker: mqtts://broker.example:8883"))
    }

    @Test func `a board without inputs is wired without them, and its last relay may be too few`() throws {
        // Nine lanes at a board of eight relays and no inputs.
        let lane = ["", "", "", "n", "", "Li Wei", ""]
        let answers =
            ["", "", "", "", "", "", "waveshare-rtu-8ch", "", "", "9"]
            + Array(repeating: lane, count: 8).flatMap(\.self) + ["", "", "", "n", "Li Wei", ""] + [""]
        let (text, said, result) = try site(answers)
        #expect(said.contains("relays has none left"))
        #expect(!text.contains("presence:") && !text.contains("fire:"))
        #expect(text.contains("open: relays.out8"))
        #expect(result.issues.contains { $0.text.contains("lane-9") && $0.text.contains("open") })
    }

    @Test func `boards on one line get addresses of their own`() throws {
        let answers = [
            "", "", "", "", "2", "", "", "", "", "", "/dev/serial/by-id/a", "", "n", "1", "", "", "", "", "n",
        ]
        let (text, said, result) = try site(
            answers, rest: "", ports: ["/dev/serial/by-id/a", "/dev/serial/by-id/b"])
        #expect(said.contains("plugged in: /dev/serial/by-id/a, /dev/serial/by-id/b"))
        #expect(
            text.contains(
                "relays: {profile: generic-modbus-8in-8out, at: /dev/serial/by-id/a, reply_timeout_ms: 60}"))
        #expect(
            text.contains(
                "relays-2: {profile: generic-modbus-8in-8out, at: /dev/serial/by-id/a, reply_timeout_ms: 60, address: 2}"
            )
        )
        // Only a way in: check says what is missing, the file stands all the same.
        #expect(result.issues.contains { $0.text.contains("exit") })
    }

    @Test func `answers that end early end the interview at the question`() {
        let ended = #expect(throws: Interview.Ended.self) { try site(["home", "", ""]) }
        #expect(ended?.question == "Of these kept for residents")
    }

    /// Anything typed is refused or yields a file that reads as one.
    @Test func `whatever is typed, the file stays readable`() throws {
        let typed = [
            "", "-", "1", "2", "y", "n", "a", "192.0.2.7", "'", "a: b", "{", "#x", "\u{1F600}", "no", "entry",
            "/dev/x", "mqtts://h", "999999999999999999999",
        ]
        var state: UInt64 = 7
        for _ in 0..<300 {
            var count = 0
            let script = { () -> String? in
                count += 1
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return count > 400 ? nil : typed[Int(state >> 33) % typed.count]
            }
            let drivers = DriverCatalog.descriptions
            let library = ProfileLibrary(folder: Self.profiles, drivers: drivers)
            var questions = SiteInterview(
                Interview(answer: script, say: { _ in }), profiles: library, serialPorts: [],
                localZone: "Asia/Shanghai", today: "2026-03-02", isZone: { $0 == "Asia/Shanghai" })
            guard let site = try? questions.run() else { continue }
            let result = SiteLoader.read(site.yaml, file: "f", profiles: library, drivers: drivers)
            #expect(result.report != nil, "\(site.yaml)\n\(result.issues.map(\.text))")
            #expect(!result.issues.contains { $0.text.contains("unknown key") })
        }
    }
}
