// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

enum SerialCardDriver {
    static let driver = Driver(
        name: "serial-card", kind: .reader, folder: "Readers/SerialCard", capabilities: ["cards"],
        settings: [
            DriverSetting(
                "framing", .choice(["stx_etx", "line"]), "stx_etx",
                "Digits between 02 and 03, a line end before 03 or none; or digits and a line end"),
            DriverSetting(
                "number", .choice(["hex", "decimal", "facility"]), "hex",
                "Ten hex digits (40 bits), ten decimal digits (32 bits) or 097,31337 (24 bits)"),
            DriverSetting(
                "checksum", .choice(["xor", "none"]), "xor",
                "Two hex digits after the number: its bytes, exclusive or; of hex numbers only"),
            DriverSetting(
                "bits", .choice(["40", "32", "24"]), "40",
                "What of the number counts, and permits are written in: the low bits, never more than are sent"
            ),
            DriverSetting(
                "removed_after_ms", .integer(300...3000), "500", unit: "ms",
                "Silence that says the card was taken away; a card that lies there is one presentation"),
        ])
}

/// What a profile and `site.yaml` set for a reader of 125 kHz cards; keys and ranges in `SerialCardDriver`.
package struct SerialCardSettings: Hashable, Sendable {
    package enum Framing: String, Hashable, Sendable {
        case stxEtx = "stx_etx"
        case line
    }

    package enum Number: String, Hashable, Sendable { case hex, decimal, facility }

    package var framing = Framing.stxEtx
    package var number = Number.hex
    package var hasChecksum = true
    package var form = Card.Form.em40
    package var removedAfter: Duration = .milliseconds(500)

    package init() {}

    package init(_ settings: Table<String, String>) {
        let values = SettingValues(SerialCardDriver.driver, settings)
        framing = Framing(rawValue: values.text("framing")) ?? .stxEtx
        number = Number(rawValue: values.text("number")) ?? .hex
        hasChecksum = number == .hex && values.text("checksum") == "xor"
        let wanted = Card.Form.allCases.first { "\($0.bits)" == values.text("bits") } ?? .em40
        form = wanted.bits < sent.bits ? wanted : sent
        removedAfter = values.milliseconds("removed_after_ms")
    }

    /// As much as the reader sends.
    var sent: Card.Form {
        switch number {
        case .hex: .em40
        case .decimal: .em32
        case .facility: .em24
        }
    }
}
