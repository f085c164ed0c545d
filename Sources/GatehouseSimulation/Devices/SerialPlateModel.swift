// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A camera or converter that prints plates on a serial line, in the styles of `lpr-cameras.md` §5. It shares no code
/// with the driver: its text is made by the C library's converter.
package struct SerialPlateModel: Sendable {
    package enum Style: Sendable, CaseIterable { case line, stxETX, stxETXCheck, fields }

    package var style: Style
    /// As the C library calls it: `GBK`, `UTF-8`.
    package var charset: String

    package init(_ style: Style, charset: String = "GBK") {
        self.style = style
        self.charset = charset
    }

    /// What it says about a vehicle; colour and confidence only where the style has them.
    package func bytes(of plate: String, color: Int = 1, confidence: Int = 98) -> [UInt8] {
        let text = CardFont.bytes(plate, in: charset)
        switch style {
        case .line: return text + [13, 10]
        case .fields: return text + Array(",\(color),\(confidence)\r\n".utf8)
        case .stxETX: return [2] + text + [3]
        case .stxETXCheck:
            var check: UInt8 = 3
            for byte in text { check ^= byte }
            return [2] + text + [3, check]
        }
    }
}
