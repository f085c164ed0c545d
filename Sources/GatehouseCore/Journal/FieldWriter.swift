// SPDX-License-Identifier: Apache-2.0

/// Writes the payload of a record: one JSON object (RFC 8259), keys in the order of the calls, UTF-8, no
/// white space. These bytes are what is hashed, stored, sent and exported; nothing is ever re-encoded to
/// verify it, so they are made here and not by a library whose next version might write them otherwise.
package struct FieldWriter: Sendable {
    package private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]
    private var isFirst = true

    package init() {}

    /// The finished object of what `write` puts.
    package static func object(
        expecting size: Int = 0, _ write: (inout FieldWriter) -> Void
    ) -> [UInt8] {
        var writer = FieldWriter()
        writer.bytes.reserveCapacity(size)
        write(&writer)
        writer.bytes.append(UInt8(ascii: "}"))
        return writer.bytes
    }

    package mutating func put(_ key: String, _ value: String) {
        start(key)
        quote(value)
    }

    package mutating func put(_ key: String, _ value: Int64) {
        start(key)
        bytes.append(contentsOf: String(value).utf8)
    }

    package mutating func put(_ key: String, _ value: Int) { put(key, Int64(value)) }

    package mutating func put(_ key: String, _ value: Bool) {
        start(key)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// Absent values leave no key behind.
    package mutating func put(_ key: String, ifPresent value: String?) {
        if let value { put(key, value) }
    }

    package mutating func put(_ key: String, ifPresent value: Int64?) {
        if let value { put(key, value) }
    }

    package mutating func put(_ key: String, ifPresent value: Int?) {
        if let value { put(key, value) }
    }

    /// For lines whose keys are always there.
    package mutating func putNull(_ key: String) {
        start(key)
        bytes.append(contentsOf: "null".utf8)
    }

    /// `false` leaves no key behind.
    package mutating func put(_ key: String, ifTrue value: Bool) {
        if value { put(key, true) }
    }

    package mutating func put(_ key: String, strings: [String]) {
        start(key)
        bytes.append(UInt8(ascii: "["))
        for (index, string) in strings.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            quote(string)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    package mutating func put(_ key: String, ifAny strings: [String]) {
        if !strings.isEmpty { put(key, strings: strings) }
    }

    package mutating func put(_ key: String, object write: (inout FieldWriter) -> Void) {
        start(key)
        bytes.append(contentsOf: FieldWriter.object(write))
    }

    package mutating func put<Element>(
        _ key: String, objects: [Element], _ write: (Element, inout FieldWriter) -> Void
    ) {
        start(key)
        bytes.append(UInt8(ascii: "["))
        for (index, element) in objects.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: FieldWriter.object { write(element, &$0) })
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// A value that already is JSON, such as a stored payload.
    package mutating func put(_ key: String, json: [UInt8]) {
        start(key)
        bytes.append(contentsOf: json)
    }

    /// An array of values that already are JSON.
    package mutating func put(_ key: String, jsonArray values: [[UInt8]]) {
        start(key)
        bytes.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: value)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    package mutating func put(_ key: String, integers: [Int64]) {
        put(key, jsonArray: integers.map { Array(String($0).utf8) })
    }

    private mutating func start(_ key: String) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        quote(key)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        // Nearly all texts are plain, and a backlog of a million records has twenty million of them.
        guard text.utf8.contains(where: Self.isSpecial) else { return bytes.append(contentsOf: text.utf8) }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20, 0x7F:
                let hex = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(hex[Int(byte >> 4)])
                bytes.append(hex[Int(byte & 15)])
            default:
                bytes.append(byte)
            }
        }
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
}
