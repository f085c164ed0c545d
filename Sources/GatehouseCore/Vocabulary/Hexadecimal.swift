// SPDX-License-Identifier: Apache-2.0

extension Collection<UInt8> {
    /// Two lower-case digits a byte, as `sha256sum` prints them.
    package var hexadecimal: String {
        Array(self).digits
    }
}

extension [UInt8] {
    /// Not generic: this runs for every record that goes upstream.
    fileprivate var digits: String {
        unsafe String(unsafeUninitializedCapacity: 2 * count) { text in
            for (index, byte) in enumerated() {
                unsafe text[2 * index] = Self.digit(byte >> 4)
                unsafe text[2 * index + 1] = Self.digit(byte & 15)
            }
            return 2 * count
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }
}

package enum Hexadecimal {
    /// A SHA-256 as text: 64 lower-case digits.
    package static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { value(of: $0) != nil }
    }

    /// nil: not all lower-case digits in pairs.
    package static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(of: digits[index]), let low = value(of: digits[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
