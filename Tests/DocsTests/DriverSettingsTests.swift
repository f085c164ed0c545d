// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseDrivers
import Testing

/// docs/driver-settings.md is what the drivers say of themselves. After a change of theirs:
/// `GATEHOUSE_WRITE_DOCS=1 swift test --filter DriverSettingsTests` writes it anew.
@Suite struct DriverSettingsTests {
    private static let path = "docs/driver-settings.md"

    @Test func `the page of driver settings is what the drivers declare`() throws {
        let wanted = try Self.page()
        if ProcessInfo.processInfo.environment["GATEHOUSE_WRITE_DOCS"] != nil {
            try wanted.write(
                to: Repository.root.appending(path: Self.path), atomically: true, encoding: .utf8)
        }
        #expect(try Repository.text(Self.path) == wanted, "GATEHOUSE_WRITE_DOCS=1 writes it anew")
    }

    /// What the page says must be what the drivers take.
    @Test(arguments: DriverCatalog.drivers) func `each default is within its limits`(_ driver: Driver) {
        for setting in driver.settings {
            #expect(setting.allows(setting.fallback), "\(driver.name) \(setting.key)")
            #expect(!setting.doc.isEmpty && !setting.doc.contains("|"), "\(driver.name) \(setting.key)")
        }
    }

    private static func page() throws -> String {
        """
        # Settings of the drivers
        Written from the code; a test compares them. A setting stands in the site file beside `profile` and `at` of its device, or under
        `settings` of a hardware profile: the site file's value goes before the profile's, the profile's before the default here.
        `gatehouse check` refuses what is outside the limits.
        ```yaml
        devices:
          relays: {profile: generic-modbus-8in-8out, at: /dev/gatehouse/relays, reply_timeout_ms: 60}
        ```

        """ + (try DriverCatalog.drivers.map(section).joined())
    }

    private static func section(_ driver: Driver) throws -> String {
        let users = try Repository.files(under: "hardware-profiles", endingIn: [".yaml"])
            .filter { try Repository.text($0).contains("\ndriver: \(driver.name)\n") }
            .compactMap { $0.split(separator: "/").last.map { "`\($0.dropLast(5))`" } }
        let profiles = users.isEmpty ? "no profile" : users.joined(separator: ", ")
        let rows = driver.settings.map { setting in
            "| `\(setting.key)` | \(setting.doc) | \(setting.unit) | \(value(setting)) | \(limits(setting.kind)) |"
        }
        return
            (["", "## `\(driver.name)`", "A \(driver.kind.rawValue); used by \(profiles).", ""]
            + ["| Setting | What it is | Unit | Default | Limits |", "| --- | --- | --- | --- | --- |"]
            + rows).joined(separator: "\n") + "\n"
    }

    private static func value(_ setting: DriverSetting) -> String {
        setting.fallback.isEmpty ? "none" : "`\(setting.fallback)`"
    }

    private static func limits(_ kind: SettingDescription.Kind) -> String {
        switch kind {
        case .text: "text"
        case .flag: "`true`, `false`"
        case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .duration(let range):
            "\(range.lowerBound.inMilliseconds) ms to \(range.upperBound.inMilliseconds) ms"
        case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .names(let most): "at most \(most) names or numbers, each once"
        }
    }
}
