// SPDX-License-Identifier: Apache-2.0

/// `application/x-www-form-urlencoded`, as browsers send forms.
package struct Form: Hashable, Sendable {
    package static let maximumFields = 32

    private var fields: [String: String] = [:]

    /// nil: not of this form, not UTF-8, or a field stands there twice.
    package init?(_ body: [UInt8]) {
        guard !body.isEmpty else { return }
        let parts = body.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true)
        guard parts.count <= Self.maximumFields else { return nil }
        for part in parts {
            let sides = part.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(sides[0]), let value = Self.decode(sides.count > 1 ? sides[1] : []),
                fields.updateValue(value, forKey: name) == nil
            else { return nil }
        }
    }

    /// Without blanks at either end; empty when it is not there.
    package subscript(_ name: String) -> String {
        let text = fields[name] ?? ""
        let start = text.drop { $0.isWhitespace }
        return String(start.reversed().drop { $0.isWhitespace }.reversed())
    }

    /// As it was typed.
    package func exactly(_ name: String) -> String { fields[name] ?? "" }

    /// The fields without the marks, in an order of their own: what an order says.
    package var order: String {
        fields.filter { $0.key != "press" && $0.key != "csrf" }.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }.joined(separator: "\u{0}")
    }

    private static func decode(_ part: ArraySlice<UInt8>) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(part.count)
        var index = part.startIndex
        while index < part.endIndex {
            switch part[index] {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard part.endIndex - index > 2, let high = digit(part[index + 1]),
                    let low = digit(part[index + 2])
                else { return nil }
                bytes.append(high << 4 | low)
                index += 2
            case let byte: bytes.append(byte)
            }
            index += 1
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
