// SPDX-License-Identifier: Apache-2.0

/// Columns that text takes on a terminal: Chinese, Japanese, Korean and full-width characters take two,
/// combining ones none (Unicode Standard Annex 11, wide and full-width).
package enum DisplayWidth {
    package static func of(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + of($1) }
    }

    /// At most `columns` wide; cut text ends in `…`.
    package static func cut(_ text: String, to columns: Int) -> String {
        guard of(text) > columns else { return text }
        var result = ""
        var width = 0
        for character in text {
            let next = of(String(character))
            guard width + next < columns else { break }
            result.append(character)
            width += next
        }
        return columns > 0 ? result + "…" : ""
    }

    /// Exactly `columns` wide: cut, or filled with blanks.
    package static func fit(_ text: String, to columns: Int) -> String {
        let short = cut(text, to: columns)
        return short + String(repeating: " ", count: max(0, columns - of(short)))
    }

    private static func of(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x0300...0x036F, 0x200B...0x200F, 0x20D0...0x20FF, 0xFE00...0xFE0F: 0
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF: 2
        case 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD: 2
        default: 1
        }
    }
}
