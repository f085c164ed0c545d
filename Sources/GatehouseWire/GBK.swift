// SPDX-License-Identifier: Apache-2.0

/// GBK, the text of displays and of serial plates: ASCII, and two bytes of 81–FE and 40–FE for Chinese. Total in
/// both directions: what has no bytes becomes `?`, what is no character becomes U+FFFD. The tables are made on
/// first use.
package enum GBK {
    /// Which characters may be sent. Cards hold a font of GB 2312 and show nothing sensible for the rest of GBK.
    package enum Repertoire: Hashable, Sendable { case gb2312, whole }

    /// At most `limit` bytes; a character that does not fit whole is left out with all that follows.
    package static func encode(
        _ text: some StringProtocol, _ repertoire: Repertoire = .whole, limit: Int = .max
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            let next = encode(scalar, repertoire)
            guard bytes.count + next.count <= limit else { break }
            bytes += next
        }
        return bytes
    }

    package static func decode(_ bytes: some Sequence<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        var lead: UInt8?
        for byte in bytes {
            if let first = lead {
                lead = nil
                if let scalar = scalar(first, byte) {
                    text.append(scalar)
                    continue
                }
                // The second byte may begin a character of its own.
                text.append("\u{FFFD}")
            }
            switch byte {
            case ..<0x80: text.append(Unicode.Scalar(byte))
            case 0x81...0xFE: lead = byte
            default: text.append("\u{FFFD}")
            }
        }
        if lead != nil { text.append("\u{FFFD}") }
        return String(text)
    }

    private static func encode(_ scalar: Unicode.Scalar, _ repertoire: Repertoire) -> [UInt8] {
        if scalar.isASCII { return [UInt8(truncatingIfNeeded: scalar.value)] }
        guard scalar.value <= 0xFFFF else { return [UInt8(ascii: "?")] }
        var (low, high) = (0, codes.count)
        while low < high {
            let middle = (low + high) / 2
            if codes[middle] >> 16 < scalar.value { low = middle + 1 } else { high = middle }
        }
        guard low < codes.count, codes[low] >> 16 == scalar.value else { return [UInt8(ascii: "?")] }
        let pair = UInt16(truncatingIfNeeded: codes[low])
        guard repertoire == .whole || isGB2312(pair) else { return [UInt8(ascii: "?")] }
        return pair.bigEndianBytes
    }

    private static func scalar(_ lead: UInt8, _ trail: UInt8) -> Unicode.Scalar? {
        guard (0x40...0xFE).contains(trail), trail != 0x7F else { return nil }
        let column = Int(trail) - (trail < 0x7F ? 0x40 : 0x41)
        let value = characters[(Int(lead) - 0x81) * columns + column]
        return value == 0 ? nil : Unicode.Scalar(value)
    }

    /// The square of GB 2312 without what GBK put into its gaps.
    private static func isGB2312(_ pair: UInt16) -> Bool {
        guard (0xA1...0xF7).contains(pair >> 8), pair & 0xFF >= 0xA1 else { return false }
        switch pair {
        case 0xA2A1...0xA2AA, 0xA6E0...0xA6F5, 0xA8BB...0xA8C0: return false
        default: return true
        }
    }

    private static let columns = 190

    /// By bytes; 0 where there is none.
    private static let characters: [UInt16] = {
        var values: [UInt16] = []
        values.reserveCapacity(126 * columns)
        for scalar in GBKTable.text.unicodeScalars where scalar != "\n" {
            values.append(scalar == "_" ? 0 : UInt16(truncatingIfNeeded: scalar.value))
        }
        return values
    }()

    /// Character in the upper half, its bytes in the lower one; sorted.
    private static let codes: [UInt32] = {
        var codes: [UInt32] = []
        codes.reserveCapacity(characters.count)
        for (index, value) in characters.enumerated() where value != 0 {
            let column = index % columns
            let pair = (0x81 + index / columns) << 8 | column + (column < 0x3F ? 0x40 : 0x41)
            codes.append(UInt32(value) << 16 | UInt32(pair))
        }
        return codes.sorted()
    }()
}
