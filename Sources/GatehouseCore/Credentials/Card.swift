// SPDX-License-Identifier: Apache-2.0

/// The number of a proximity card, packed into 64 bits: what permits are keyed by. Two cards are the same only if form
/// and number are (`readers.md` §5): 24 bits of a longer number are another credential, not the same one cut short.
/// The highest bit tells a card from a plate, which never sets it.
package struct Card: Hashable, Comparable, Sendable {
    /// What a reader gives of a card, so many bits of it.
    package enum Form: UInt8, Hashable, Sendable, CaseIterable {
        /// Facility and number of the 26-bit form, as printed `097,31337`.
        case em24 = 1
        /// The number without its version, as printed `0006388329`.
        case em32 = 2
        /// The whole of a 125 kHz EM4100 card: version and number.
        case em40 = 3

        package var bits: Int {
            switch self {
            case .em24: 24
            case .em32: 32
            case .em40: 40
            }
        }

        package var word: String { "em\(bits)" }
    }

    package let packed: UInt64

    private static let mark: UInt64 = 1 << 63

    /// nil: more bits than the form has.
    package init?(_ form: Form, _ number: UInt64) {
        guard number >> UInt64(form.bits) == 0 else { return nil }
        packed = Self.mark | UInt64(form.rawValue) << 56 | number
    }

    /// nil: no card, but a plate or nothing that we know.
    package init?(packed: UInt64) {
        guard packed & Self.mark != 0, let form = Form(rawValue: UInt8(packed >> 56 & 0x7F)) else {
            return nil
        }
        self.init(form, packed & 0xFF_FFFF_FFFF_FFFF)
    }

    package static func < (a: Card, b: Card) -> Bool { a.packed < b.packed }

    package var form: Form { Form(rawValue: UInt8(packed >> 56 & 0x7F)) ?? .em40 }
    package var number: UInt64 { packed & 0xFF_FFFF_FFFF_FFFF }

    /// The low bits that a shorter form keeps; nil: the form asked for is longer.
    package func shortened(to form: Form) -> Card? {
        guard form.bits <= self.form.bits else { return nil }
        return Card(form, number & (1 << UInt64(form.bits) - 1))
    }

    /// From canonical text, as `text` writes it: `em40:2A00617A69`, `em32:0006388329`, `em24:097,31337`.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let form = Form.allCases.first(where: { $0.word == parts[0].lowercased() })
        else { return nil }
        let digits = Array(parts[1].utf8)
        switch form {
        case .em40:
            guard digits.count == 10, let number = Self.number(digits[...], radix: 16) else { return nil }
            self.init(form, number)
        case .em32:
            guard digits.count == 10, let number = Self.number(digits[...], radix: 10) else { return nil }
            self.init(form, number)
        case .em24:
            guard digits.count == 9, digits[3] == UInt8(ascii: ","),
                let facility = Self.number(digits[..<3], radix: 10), facility <= 0xFF,
                let number = Self.number(digits[4...], radix: 10), number <= 0xFFFF
            else { return nil }
            self.init(form, facility << 16 | number)
        }
    }

    /// Digits and nothing else.
    package static func number(_ digits: ArraySlice<UInt8>, radix: UInt64) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            let worth: UInt64
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): worth = UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "A")...UInt8(ascii: "F"): worth = UInt64(digit - UInt8(ascii: "A")) + 10
            case UInt8(ascii: "a")...UInt8(ascii: "f"): worth = UInt64(digit - UInt8(ascii: "a")) + 10
            default: return nil
            }
            let (product, isTooLong) = value.multipliedReportingOverflow(by: radix)
            guard worth < radix, !isTooLong, product <= .max - worth else { return nil }
            value = product + worth
        }
        return digits.isEmpty ? nil : value
    }

    package var text: String {
        switch form {
        case .em40:
            let digits = String(number, radix: 16, uppercase: true)
            return "em40:" + String(repeating: "0", count: max(0, 10 - digits.count)) + digits
        case .em32: return "em32:" + padded(Int(clamping: number), 10)
        case .em24:
            return "em24:" + padded(Int(clamping: number >> 16), 3) + ","
                + padded(Int(clamping: number & 0xFFFF), 5)
        }
    }

    /// For journal, watch and logs: whoever knows the whole number can copy the card in seconds.
    package var masked: String { "\(form.word):…\(text.suffix(4))" }
}

extension Card: CustomStringConvertible {
    /// Masked, so that no message and no log gives a card away by accident.
    package var description: String { masked }
}
