// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GatehouseConfig
import GatehouseCore
import Testing

/// Plans for tests: a sound one of two lanes, changed a line at a time.
enum TestSites {
    static let fixtures = folder(of: #filePath) + "/Fixtures"
    static let repository = folder(of: folder(of: folder(of: #filePath)))
    static let profiles = repository + "/hardware-profiles"
    static let demo = repository + "/hardware-profiles/demo/site.yaml"
    static let demoTariff = repository + "/hardware-profiles/demo/tariff.yaml"

    /// As the catalogue declares them.
    static let drivers: [DriverDescription] = [
        DriverDescription(
            name: "modbus-relay", kind: .relay, capabilities: ["outputs", "inputs", "board_timed_pulses"],
            settings: [
                number("address", 1...247, "1"), number("outputs", 0...32, "8"),
                number("inputs", 0...32, "0"),
                number("coil_base", 0...65_535, "0"), number("input_base", 0...65_535, "0"),
                number("flash_base", -1...65_535, "-1"), number("flash_unit_ms", 10...1000, "100"),
                number("version_register", -1...65_535, "-1"), number("minimum_version", 0...65_535, "0"),
                number("poll_ms", 20...1000, "50"), number("read_back_ms", 200...5000, "500"),
                number("reply_timeout_ms", 50...1000, "200"),
                SettingDescription(
                    key: "echo", kind: .choice(["auto", "present", "absent"]), fallback: "auto"),
            ]),
        DriverDescription(
            name: "gpio-lines", kind: .relay, capabilities: ["outputs", "inputs"],
            settings: [
                SettingDescription(key: "output_lines", kind: .names(32), fallback: ""),
                SettingDescription(key: "input_lines", kind: .names(32), fallback: ""),
                SettingDescription(key: "inputs_active_low", kind: .flag, fallback: "true"),
            ]),
        DriverDescription(
            name: "hikvision-isapi", kind: .camera,
            capabilities: ["plates", "pictures", "heartbeat", "resends"],
            settings: [
                SettingDescription(key: "allowed_peers", kind: .text, fallback: ""),
                number("heartbeat", 0...180, "30"), number("plates_per_minute", 10...600, "120"),
                SettingDescription(key: "reply_xml", kind: .flag, fallback: "true"),
            ]),
        DriverDescription(
            name: "answering-camera", kind: .camera,
            settings: [
                number("outputs", 0...4, "1"), number("comet_hold", 0...25, "0"),
                number("serial_ports", 0...2, "2"),
            ]),
        DriverDescription(
            name: "led-card-64", kind: .display,
            settings: [
                number("address", 0...255, "0"), number("reply_timeout_ms", 20...1000, "300"),
                SettingDescription(key: "answers", kind: .flag, fallback: "true"),
                SettingDescription(key: "together", kind: .flag, fallback: "false"),
                SettingDescription(key: "qr", kind: .choice(["none", "32", "49"]), fallback: "none"),
            ], longestFrame: 73),
        DriverDescription(
            name: "serial-plate", kind: .camera,
            settings: [SettingDescription(key: "charset", kind: .choice(["auto", "gbk"]), fallback: "auto")]),
        DriverDescription(
            name: "serial-card", kind: .reader, capabilities: ["cards"],
            settings: [
                SettingDescription(
                    key: "framing", kind: .choice(["stx_etx", "line"]), fallback: "stx_etx")
            ]),
        DriverDescription(
            name: "serial-scanner", kind: .scanner, capabilities: ["codes"],
            settings: [
                SettingDescription(key: "suffix", kind: .choice(["line", "none"]), fallback: "line")
            ]),
        DriverDescription(
            name: "test-camera", kind: .camera,
            settings: [
                SettingDescription(key: "user", kind: .text, isRequired: true),
                SettingDescription(
                    key: "probe", kind: .duration(.milliseconds(100)...(.seconds(10))), fallback: "1000"),
                SettingDescription(key: "tls", kind: .flag, fallback: "false"),
            ]),
    ]

    private static func number(_ key: String, _ range: ClosedRange<Int>, _ fallback: String)
        -> SettingDescription
    {
        SettingDescription(key: key, kind: .integer(range), fallback: fallback)
    }

    private static func folder(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    static func text(_ path: String) throws -> String {
        let data = try #require(FileManager.default.contents(atPath: path))
        return String(decoding: data, as: UTF8.self)
    }

    static func read(_ text: String, file: String = "site.yaml") -> LoadResult {
        let profiles = ProfileLibrary(folder: fixtures + "/profiles", drivers: drivers)
        return SiteLoader.read(
            withoutSpareCameras(text), file: file, profiles: profiles, drivers: drivers)
    }

    /// A camera that the test at hand does not name would be one that no lane uses.
    private static func withoutSpareCameras(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for name in ["cam", "cam2", "cam3"] {
            guard let own = lines.firstIndex(where: { $0.hasPrefix("  \(name): {profile: ") }) else {
                continue
            }
            let others = lines.indices.filter { $0 != own }
                .flatMap { lines[$0].split { !$0.isLetter && !$0.isNumber } }
            if !others.contains(name[...]) { lines.remove(at: own) }
        }
        return lines.joined(separator: "\n")
    }

    /// Two lanes with everything; `north` is lines of the entry lane by key, nil takes one away.
    static func site(
        north: [String: String?] = [:], south: [String: String?] = [:], relays: String = "",
        camera: String = "", answering: String = ", comet_hold: 20",
        extra: String = "", withoutFire: Bool = false
    ) -> String {
        """
        site: {id: test, time_zone: Asia/Shanghai}
        areas: {main: {capacity: 20, reserve: 2}}
        devices:
          relays: {profile: board-8x8, at: /dev/a\(relays)}
          more: {profile: board-8x8, at: /dev/b}
          cam: {profile: camera-io, at: 192.0.2.21\(camera)}
          cam2: {profile: camera-io, at: 192.0.2.22}
          cam3: {profile: answering-camera, at: 192.0.2.23\(answering)}
        lanes:
          north:
        \(lane(["kind": "entry", "camera": "cam"], "relays", north))
          south:
        \(lane(["kind": "exit", "camera": "cam2"], "more", south))
        \(withoutFire ? "" : "fire: {input: {input: relays.in6, contact: normally_closed}, reset: relays.in7}")
        \(extra)

        """
    }

    private static func lane(_ own: [String: String], _ board: String, _ changes: [String: String?]) -> String
    {
        var keys: [String: String] = [
            "area": "main", "closing": "controller", "open": "\(board).out1", "presence": "\(board).in1",
            "safety": "{input: \(board).in2, contact: normally_closed}", "clear": "\(board).in3",
            "limit_up": "\(board).in4", "limit_down": "\(board).in5",
        ]
        keys.merge(own) { $1 }
        for (key, value) in changes { keys[key] = value }
        return keys.sorted { $0.key < $1.key }.map { "    \($0.key): \($0.value)" }.joined(separator: "\n")
    }
}

extension LoadResult {
    var errors: [String] { issues.filter { $0.severity == .error }.map(\.text) }
    var warnings: [String] { issues.filter { $0.severity == .warning }.map(\.text) }
    var notices: [String] { issues.filter { $0.severity == .notice }.map(\.text) }

    /// Exactly one error, and it names these.
    func isRefused(at path: String, _ part: String) -> Bool {
        let errors = issues.filter { $0.severity == .error }
        return plan == nil && errors.count == 1 && errors[0].path == path && errors[0].text.contains(part)
            && errors[0].line > 0
    }

    func warns(at path: String, _ part: String) -> Bool {
        issues.contains {
            $0.severity == .warning && $0.path == path && $0.text.contains(part) && $0.line > 0
        }
    }
}
