// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
package import GatehouseWire

/// The text of one frame to what it says about a plate.
package enum SerialPlateWire {
    package static func decode(
        _ frame: [UInt8], _ settings: SerialPlateSettings
    ) throws(WireError) -> PlateObservation {
        let text = try text(frame, settings.charset)
        let fields = text.split(separator: settings.separator.character, omittingEmptySubsequences: false)
            .map { $0.drop { $0 == " " } }
        func field(_ place: Int?) -> Substring? {
            place.flatMap { fields.indices.contains($0 - 1) ? fields[$0 - 1] : nil }
        }
        guard let plate = field(settings.plateField) else {
            throw WireError(
                expected: "a plate in field \(settings.plateField)", found: "\(fields.count) fields",
                offset: frame.count)
        }
        var observation = PlateObservation(raw: String(plate))
        if let word = field(settings.colorField) { observation.color = color(word) }
        if let word = field(settings.confidenceField) {
            guard let number = Int(word), (0...100).contains(number) else {
                throw WireError(
                    expected: "a confidence of 0 to 100", found: "\"\(word.prefix(16))\"", offset: 0)
            }
            observation.confidence = number
        }
        return observation
    }

    private static func text(
        _ bytes: [UInt8], _ charset: SerialPlateSettings.Charset
    ) throws(WireError) -> String {
        if let index = bytes.firstIndex(where: { $0 < 0x20 && $0 != UInt8(ascii: "\t") || $0 == 0x7F }) {
            throw WireError(expected: "text", found: describe(bytes[index]), offset: index)
        }
        let utf8 = String(validating: bytes, as: UTF8.self)
        let text: String =
            switch charset {
            case .gbk: GBK.decode(bytes)
            case .utf8: utf8 ?? "\u{FFFD}"
            case .auto: utf8.flatMap { hasChinese(bytes) ? $0 : nil } ?? GBK.decode(bytes)
            }
        guard !text.unicodeScalars.contains("\u{FFFD}") else {
            throw WireError(
                expected: charset == .utf8 ? "text in UTF-8" : "text in GBK", found: "other bytes", offset: 0)
        }
        return text
    }

    /// Chinese characters in UTF-8 begin with E4 to E9; the names of provinces are among them.
    private static func hasChinese(_ bytes: [UInt8]) -> Bool { bytes.contains { (0xE4...0xE9).contains($0) } }

    /// Numbers as the makers of cameras with serial lines count colours, or words. Others are unknown.
    private static func color(_ word: Substring) -> PlateColor {
        switch word.lowercased() {
        case "1", "蓝", "蓝色", "blue": .blue
        case "2", "黄", "黄色", "yellow": .yellow
        case "3", "白", "白色", "white": .white
        case "4", "黑", "黑色", "black": .black
        case "5", "绿", "绿色", "green": .green
        case "6", "黄绿", "黄绿色": .yellowGreen
        default: .unknown
        }
    }
}
