// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Plates as text on a serial line (`lpr-cameras.md` §5): no maker's document describes the frame, so everything
/// that was met is a setting.
enum SerialPlateDriver {
    static let driver = Driver(
        name: "serial-plate", kind: .camera, folder: "Cameras/SerialPlate", capabilities: ["plates"],
        settings: [
            DriverSetting(
                "framing", .choice(SerialPlateSettings.Framing.allCases.map(\.rawValue)), "line",
                "line: ended by CR, LF or both; stx_etx: between 02 and 03; stx_etx_bcc: with a check byte behind"
            ),
            DriverSetting(
                "charset", .choice(SerialPlateSettings.Charset.allCases.map(\.rawValue)), "auto",
                "auto: UTF-8 where the bytes are nothing else, GBK otherwise"),
            DriverSetting(
                "separator", .choice(SerialPlateSettings.Separator.allCases.map(\.rawValue)), "comma",
                "Between the fields of a frame"),
            DriverSetting("plate_field", .integer(1...16), "1", "Place of the plate among the fields"),
            DriverSetting("color_field", .integer(0...16), "0", "Place of the plate's colour; 0: not sent"),
            DriverSetting(
                "confidence_field", .integer(0...16), "0", "Place of the confidence, 0 to 100; 0: not sent"),
            DriverSetting(
                "repeat_ms", .integer(0...60_000), "2000", unit: "ms",
                "The same text again within this time is the same picture: a frame has no identity"),
            DriverSetting(
                "plates_per_minute", .integer(10...600), "120", "More than this are dropped as a flood"),
        ])
}
