// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

enum SerialScannerDriver {
    static let driver = Driver(
        name: "serial-scanner", kind: .scanner, folder: "Scanners/SerialScanner",
        capabilities: ["codes", "heartbeat"],
        settings: [
            DriverSetting(
                "family", .choice(["plain", "gm65"]), "plain",
                "gm65: the module answers a heartbeat, and its answers are taken out of what it reads"),
            DriverSetting(
                "suffix", .choice(["line", "tab", "none"]), "line",
                "What ends a code, as set in the scanner; line: CR, LF or both; none: silence does"),
            DriverSetting(
                "prefix", .text, "",
                "Text that the scanner puts before each code; a code without it is not believed"),
            DriverSetting(
                "identifier", .choice(["none", "aim", "letter"]), "none",
                "What stands before the code for its kind, behind the prefix: ]Q1, or one letter"),
            DriverSetting(
                "gap_ms", .integer(20...500), "50", unit: "ms",
                "Silence that ends a code without suffix; a piece of one with suffix goes after 100 ms"),
            DriverSetting(
                "same_code_ms", .integer(0...10_000), "3000", unit: "ms",
                "The same code again within this time is the same phone, held there"),
            DriverSetting(
                "heartbeat_s", .integer(0...60), "10", unit: "s",
                "A gm65 module is asked this often whether it is there; 0: never"),
        ], longestFrame: GM65.heartbeat.count)
}

/// What a profile and `site.yaml` set for a scanner of payment codes; keys and ranges in `SerialScannerDriver`. There is no
/// setting for the encoding: a payment code is ASCII in all that scanners offer (GBK, UTF-8, raw, BIG5).
package struct SerialScannerSettings: Hashable, Sendable {
    package enum Suffix: String, Hashable, Sendable { case line, tab, none }
    package enum Identifier: String, Hashable, Sendable { case none, aim, letter }

    package var isGM65 = false
    package var suffix = Suffix.line
    package var prefix: [UInt8] = []
    package var identifier = Identifier.none
    package var gap: Duration = .milliseconds(50)
    package var sameCode: Duration = .seconds(3)
    /// Silence after which nothing more of a code comes. A piece of a code is no code: that may wait longer.
    var patience: Duration { suffix == .none ? gap : max(gap, .milliseconds(100)) }
    /// nil: silence says nothing.
    package var heartbeat: Duration?

    package init() {}

    package init(_ settings: Table<String, String>) {
        let values = SettingValues(SerialScannerDriver.driver, settings)
        isGM65 = values.text("family") == "gm65"
        suffix = Suffix(rawValue: values.text("suffix")) ?? .line
        prefix = Array(values.text("prefix").utf8)
        identifier = Identifier(rawValue: values.text("identifier")) ?? .none
        gap = values.milliseconds("gap_ms")
        sameCode = values.milliseconds("same_code_ms")
        let seconds = values.integer("heartbeat_s")
        heartbeat = isGM65 && seconds > 0 ? .seconds(seconds) : nil
    }
}
