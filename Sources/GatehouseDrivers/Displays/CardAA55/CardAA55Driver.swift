// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

enum CardAA55Driver {
    static let driver = Driver(
        name: "led-card-aa55", kind: .display, folder: "Displays/CardAA55", capabilities: ["text", "voice"],
        settings: DisplaySettings.declared(address: "100", answers: true),
        longestFrame: CardAA55Wire.longestFrame)
}
