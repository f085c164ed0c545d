// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// What a profile and `site.yaml` set for a board; keys and ranges in `declared`.
package struct DisplaySettings: Hashable, Sendable {
    package var address: UInt8 = 0
    package var lines = 2
    /// Columns of a line: two for each Chinese character.
    package var width = 8
    package var hasEnglish = true
    package var speaks = true
    /// The card answers each frame.
    package var answers = true
    package var replyTimeout: Duration = .milliseconds(300)
    package var gap: Duration = .milliseconds(50)
    /// No board promises delivery: what stands there is sent again.
    package var repeatInterval: Duration = .seconds(45)
    package var setsClock = true
    package var isTogether = false
    /// nil: the card draws no codes.
    package var code: DisplayCode?
    /// One character on the line.
    package var characterTime: Duration = .microseconds(1042)

    /// A code goes by itself when nobody renews it: a board must not go on asking for a gateway that is gone.
    var codeSeconds: UInt8 { UInt8(clamping: 2 * repeatInterval.inMilliseconds / 1000 + 10) }

    package init() {}

    /// The settings that every kind of card has.
    static func declared(address: String, answers: Bool) -> [DriverSetting] {
        [
            DriverSetting(
                "address", .integer(0...255), address, "Address of the card; this one is any card's"),
            DriverSetting("lines", .integer(1...4), "2", "Lines of text"),
            DriverSetting(
                "width", .integer(4...32), "8",
                "Columns of a line, two for a Chinese character; longer text scrolls"),
            DriverSetting("english", .flag, "true", "English beside the Chinese where it fits"),
            DriverSetting("voice", .flag, "true", "The card speaks"),
            DriverSetting(
                "answers", .flag, answers ? "true" : "false",
                "The card answers each frame; false: nothing is waited for, and a silent card is not noticed"),
            DriverSetting("reply_timeout_ms", .integer(20...1000), "300", unit: "ms", "A lost reply"),
            DriverSetting(
                "gap_ms", .integer(20...500), "50", unit: "ms", "Silence between two frames to the card"),
            DriverSetting("repeat_s", .integer(30...60), "45", unit: "s", "What stands there is sent again"),
            DriverSetting("clock", .flag, "true", "The card's clock is set daily"),
        ]
    }

    init(_ driver: Driver, _ device: DevicePlan) {
        let values = SettingValues(driver, device.settings)
        address = UInt8(clamping: values.integer("address"))
        lines = values.integer("lines")
        width = values.integer("width")
        hasEnglish = values.isOn("english")
        speaks = values.isOn("voice")
        answers = values.isOn("answers")
        replyTimeout = values.milliseconds("reply_timeout_ms")
        gap = values.milliseconds("gap_ms")
        repeatInterval = .seconds(values.integer("repeat_s"))
        setsClock = values.isOn("clock")
        isTogether = driver.setting("together") != nil && values.isOn("together")
        code = driver.setting("qr").flatMap { DisplayCode(rawValue: values.text($0.key)) }
        let bits = Int64(device.line.format.bitsPerCharacter) * 1_000_000
        characterTime = .microseconds((bits + Int64(device.line.baud) - 1) / Int64(max(1, device.line.baud)))
    }
}
