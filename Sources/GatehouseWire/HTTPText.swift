// SPDX-License-Identifier: Apache-2.0

/// A header line: name in lower case, value trimmed.
package struct HeaderField: Hashable, Sendable {
    package var name: String
    package var value: String

    /// nil when the line has no colon.
    init?(line: ArraySlice<UInt8>) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else { return nil }
        name = String(decoding: line[..<colon], as: UTF8.self).asciiLowercased.trimmed
        value = String(decoding: line[(colon + 1)...], as: UTF8.self).trimmed
    }
}

extension [HeaderField] {
    /// Value of the first field with this (lower-case) name.
    package func first(named name: String) -> String? { first { $0.name == name }?.value }
}

/// A value with parameters: `form-data; name="x"`, `multipart/form-data;boundary=abc`.
package struct ParameterizedValue: Hashable, Sendable {
    /// What stands before the first `;`, in lower case.
    package var value: String
    private var parameters: [HeaderParameter] = []

    private struct HeaderParameter: Hashable, Sendable {
        var name: String
        var value: String
    }

    package init(_ text: String) {
        var reader = ByteReader(Array(text.utf8))
        let isSeparator = { (byte: UInt8) in byte == UInt8(ascii: ";") }
        let start = reader.offset
        reader.skip { !isSeparator($0) }
        value = String(decoding: reader.bytes[start..<reader.offset], as: UTF8.self).trimmed.asciiLowercased
        while !reader.isAtEnd {
            reader.skip { isSeparator($0) || $0 == 0x20 || $0 == 0x09 }
            let nameStart = reader.offset
            reader.skip { $0 != UInt8(ascii: "=") && !isSeparator($0) }
            let name = String(decoding: reader.bytes[nameStart..<reader.offset], as: UTF8.self)
            guard reader.peek() == UInt8(ascii: "=") else { continue }
            reader.skip()
            parameters.append(
                HeaderParameter(name: name.trimmed.asciiLowercased, value: Self.parameterValue(&reader)))
        }
    }

    package subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

    private static func parameterValue(_ reader: inout ByteReader) -> String {
        guard reader.peek() == UInt8(ascii: "\"") else {
            let start = reader.offset
            reader.skip { $0 != UInt8(ascii: ";") }
            return String(decoding: reader.bytes[start..<reader.offset], as: UTF8.self).trimmed
        }
        reader.skip()
        var value: [UInt8] = []
        while let byte = reader.peek(), byte != UInt8(ascii: "\"") {
            reader.skip()
            if byte == UInt8(ascii: "\\"), let escaped = reader.peek() {
                value.append(escaped)
                reader.skip()
            } else {
                value.append(byte)
            }
        }
        reader.skip()
        return String(decoding: value, as: UTF8.self)
    }
}

extension String {
    /// Without the spaces, tabs and line ends at both ends.
    package var trimmed: String {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
        let bytes = Array(utf8)
        guard let first = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }

    /// ASCII letters only: nothing else has a case in header names and vendor codes.
    package var asciiLowercased: String {
        String(decoding: utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }, as: UTF8.self)
    }
}
