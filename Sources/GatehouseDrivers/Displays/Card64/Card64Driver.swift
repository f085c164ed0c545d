// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

enum Card64Driver {
    static let driver = Driver(
        name: "led-card-64", kind: .display, folder: "Displays/Card64",
        capabilities: ["text", "voice", "qr"],
        settings: DisplaySettings.declared(address: "0", answers: true) + [
            DriverSetting(
                "together", .flag, "false",
                "All lines and the voice in one frame; a long one, which a shared bus has to wait for"),
            DriverSetting(
                "qr", .choice(["none"] + DisplayCode.allCases.map(\.rawValue)), "none",
                "Dots of the codes for payment that the card draws (command E1), a side; a long frame too"),
        ], longestFrame: Card64Wire.longestFrame)
}
