// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What a profile and `site.yaml` set for plates on a serial line; keys in `SerialPlateDriver`.
package struct SerialPlateSettings: Hashable, Sendable {
    package enum Framing: String, Hashable, Sendable, CaseIterable {
        case line
        case stxETX = "stx_etx"
        case stxETXCheck = "stx_etx_bcc"
    }

    package enum Charset: String, Hashable, Sendable, CaseIterable { case auto, gbk, utf8 }

    package enum Separator: String, Hashable, Sendable, CaseIterable {
        case comma, semicolon, bar, space, tab

        var character: Character {
            switch self {
            case .comma: ","
            case .semicolon: ";"
            case .bar: "|"
            case .space: " "
            case .tab: "\t"
            }
        }
    }

    package var framing = Framing.line
    package var charset = Charset.auto
    package var separator = Separator.comma
    /// The first is 1.
    package var plateField = 1
    package var colorField: Int?
    package var confidenceField: Int?
    package var repeatInterval: Duration = .seconds(2)
    package var platesPerMinute = 120

    package init() {}

    package init(_ device: DevicePlan) {
        let values = SettingValues(SerialPlateDriver.driver, device.settings)
        framing = Framing(rawValue: values.text("framing")) ?? .line
        charset = Charset(rawValue: values.text("charset")) ?? .auto
        separator = Separator(rawValue: values.text("separator")) ?? .comma
        plateField = values.integer("plate_field")
        colorField = values.integer("color_field") > 0 ? values.integer("color_field") : nil
        confidenceField = values.integer("confidence_field") > 0 ? values.integer("confidence_field") : nil
        repeatInterval = values.milliseconds("repeat_ms")
        platesPerMinute = values.integer("plates_per_minute")
    }
}
