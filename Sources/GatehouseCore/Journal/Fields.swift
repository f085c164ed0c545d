// SPDX-License-Identifier: Apache-2.0

/// Why a stored payload could not be read back as a record.
package enum FieldError: Error, Hashable, Sendable {
    /// Not the JSON that `FieldWriter` writes; offset into the payload.
    case malformed(offset: Int)
    case missing(key: String)
    case wrongType(key: String)
    case unknownValue(key: String, value: String)
    case unknownKind(String)
}

/// A payload read back: the counterpart of `FieldWriter`. Total for any input: bounded depth, no traps.
package struct Fields: Hashable, Sendable {
    package indirect enum Value: Hashable, Sendable {
        case string(String)
        case integer(Int64)
        case bool(Bool)
        case null
        case array([Value])
        case object([Member])
    }

    package struct Member: Hashable, Sendable {
        package var key: String
        package var value: Value
    }

    package let members: [Member]

    package init(members: [Member]) { self.members = members }

    package init(_ bytes: [UInt8]) throws(FieldError) {
        var parser = FieldParser(bytes: bytes)
        members = try parser.document()
    }

    package func value(_ key: String) -> Value? {
        members.first { $0.key == key }?.value
    }

    package func has(_ key: String) -> Bool { value(key) != nil }

    package func string(_ key: String) throws(FieldError) -> String {
        guard let found = try stringIfPresent(key) else { throw .missing(key: key) }
        return found
    }

    package func stringIfPresent(_ key: String) throws(FieldError) -> String? {
        guard let value = value(key) else { return nil }
        guard case .string(let string) = value else { throw .wrongType(key: key) }
        return string
    }

    package func integer(_ key: String) throws(FieldError) -> Int64 {
        guard let found = try integerIfPresent(key) else { throw .missing(key: key) }
        return found
    }

    package func integerIfPresent(_ key: String) throws(FieldError) -> Int64? {
        guard let value = value(key) else { return nil }
        guard case .integer(let integer) = value else { throw .wrongType(key: key) }
        return integer
    }

    /// Narrows without trapping: boards with 32-bit `Int` exist.
    package func int(_ key: String) throws(FieldError) -> Int {
        guard let narrow = Int(exactly: try integer(key)) else { throw .wrongType(key: key) }
        return narrow
    }

    /// An absent key is `false`, as `FieldWriter.put(_:ifTrue:)` writes it.
    package func bool(_ key: String) throws(FieldError) -> Bool {
        guard let value = value(key) else { return false }
        guard case .bool(let bool) = value else { throw .wrongType(key: key) }
        return bool
    }

    /// An absent key is no number at all.
    package func integers(_ key: String) throws(FieldError) -> [Int64] {
        var result: [Int64] = []
        for value in try array(key) {
            guard case .integer(let integer) = value else { throw .wrongType(key: key) }
            result.append(integer)
        }
        return result
    }

    /// An absent key is no string at all, as `FieldWriter.put(_:ifAny:)` writes it.
    package func strings(_ key: String) throws(FieldError) -> [String] {
        var result: [String] = []
        for value in try array(key) {
            guard case .string(let string) = value else { throw .wrongType(key: key) }
            result.append(string)
        }
        return result
    }

    package func object(_ key: String) throws(FieldError) -> Fields {
        guard let found = try objectIfPresent(key) else { throw .missing(key: key) }
        return found
    }

    package func objectIfPresent(_ key: String) throws(FieldError) -> Fields? {
        guard let value = value(key) else { return nil }
        guard case .object(let members) = value else { throw .wrongType(key: key) }
        return Fields(members: members)
    }

    package func objects(_ key: String) throws(FieldError) -> [Fields] {
        var result: [Fields] = []
        for value in try array(key) {
            guard case .object(let members) = value else { throw .wrongType(key: key) }
            result.append(Fields(members: members))
        }
        return result
    }

    /// A closed set of words: enums with string raw values.
    package func word<Word: RawRepresentable>(_ key: String, as type: Word.Type) throws(FieldError) -> Word
    where Word.RawValue == String {
        let text = try string(key)
        guard let word = Word(rawValue: text) else { throw .unknownValue(key: key, value: text) }
        return word
    }

    package func wordIfPresent<Word: RawRepresentable>(
        _ key: String, as type: Word.Type
    ) throws(FieldError) -> Word? where Word.RawValue == String {
        has(key) ? try word(key, as: type) : nil
    }

    private func array(_ key: String) throws(FieldError) -> [Value] {
        guard let value = value(key) else { return [] }
        guard case .array(let values) = value else { throw .wrongType(key: key) }
        return values
    }
}

/// A recursive descent over the JSON of payloads: integers only, no duplicate handling, depth at most 16.
private struct FieldParser {
    let bytes: [UInt8]
    var offset = 0
    static let maximumDepth = 16

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(FieldError) -> [Fields.Member] {
        guard case .object(let members) = try value(depth: 0) else { throw .malformed(offset: 0) }
        skipSpace()
        guard offset == bytes.count else { throw .malformed(offset: offset) }
        return members
    }

    private mutating func value(depth: Int) throws(FieldError) -> Fields.Value {
        skipSpace()
        guard depth <= Self.maximumDepth, offset < bytes.count else { throw .malformed(offset: offset) }
        switch bytes[offset] {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return .integer(try integer())
        }
    }

    private mutating func object(depth: Int) throws(FieldError) -> [Fields.Member] {
        var members: [Fields.Member] = []
        offset += 1
        if try closes(with: UInt8(ascii: "}")) { return members }
        while true {
            skipSpace()
            guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
                throw .malformed(offset: offset)
            }
            let key = try string()
            skipSpace()
            guard offset < bytes.count, bytes[offset] == UInt8(ascii: ":") else {
                throw .malformed(offset: offset)
            }
            offset += 1
            members.append(Fields.Member(key: key, value: try value(depth: depth + 1)))
            if try ends(with: UInt8(ascii: "}")) { return members }
        }
    }

    private mutating func array(depth: Int) throws(FieldError) -> [Fields.Value] {
        var values: [Fields.Value] = []
        offset += 1
        if try closes(with: UInt8(ascii: "]")) { return values }
        while true {
            values.append(try value(depth: depth + 1))
            if try ends(with: UInt8(ascii: "]")) { return values }
        }
    }

    /// At the first element: whether the collection is empty.
    private mutating func closes(with end: UInt8) throws(FieldError) -> Bool {
        skipSpace()
        guard offset < bytes.count else { throw .malformed(offset: offset) }
        guard bytes[offset] == end else { return false }
        offset += 1
        return true
    }

    /// After an element: the end, or a comma before the next one.
    private mutating func ends(with end: UInt8) throws(FieldError) -> Bool {
        skipSpace()
        guard offset < bytes.count else { throw .malformed(offset: offset) }
        defer { offset += 1 }
        if bytes[offset] == end { return true }
        guard bytes[offset] == UInt8(ascii: ",") else { throw .malformed(offset: offset) }
        return false
    }

    private mutating func string() throws(FieldError) -> String {
        let start = offset
        offset += 1
        var text: [UInt8] = []
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw .malformed(offset: start)
                }
                return string
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw .malformed(offset: offset - 1)
            default: text.append(byte)
            }
        }
        throw .malformed(offset: offset)
    }

    private mutating func escape(into text: inout [UInt8]) throws(FieldError) {
        guard offset < bytes.count else { throw .malformed(offset: offset) }
        let byte = bytes[offset]
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): try unicode(into: &text)
        default: throw .malformed(offset: offset - 1)
        }
    }

    private mutating func unicode(into text: inout [UInt8]) throws(FieldError) {
        var scalar = try codeUnit()
        if (0xD800..<0xDC00).contains(scalar) {
            guard offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
                bytes[offset + 1] == UInt8(ascii: "u")
            else { throw .malformed(offset: offset) }
            offset += 2
            let low = try codeUnit()
            guard (0xDC00..<0xE000).contains(low) else { throw .malformed(offset: offset) }
            scalar = 0x10000 + ((scalar - 0xD800) << 10) + (low - 0xDC00)
        }
        guard let unicode = Unicode.Scalar(scalar) else { throw .malformed(offset: offset) }
        text.append(contentsOf: String(Character(unicode)).utf8)
    }

    private mutating func codeUnit() throws(FieldError) -> UInt32 {
        guard offset + 4 <= bytes.count else { throw .malformed(offset: offset) }
        var unit: UInt32 = 0
        for byte in bytes[offset..<offset + 4] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt32(byte - 0x30)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt32(byte - 0x57)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt32(byte - 0x37)
            default: throw .malformed(offset: offset)
            }
        }
        offset += 4
        return unit
    }

    private mutating func integer() throws(FieldError) -> Int64 {
        let start = offset
        var text = ""
        while offset < bytes.count,
            bytes[offset] == UInt8(ascii: "-") || (0x30...0x39).contains(bytes[offset]), offset - start < 20
        {
            text.unicodeScalars.append(Unicode.Scalar(bytes[offset]))
            offset += 1
        }
        guard let integer = Int64(text) else { throw .malformed(offset: start) }
        return integer
    }

    private mutating func literal(
        _ word: String, _ value: Fields.Value
    ) throws(FieldError) -> Fields.Value {
        let expected = Array(word.utf8)
        guard offset + expected.count <= bytes.count,
            Array(bytes[offset..<offset + expected.count]) == expected
        else { throw .malformed(offset: offset) }
        offset += expected.count
        return value
    }

    private mutating func skipSpace() {
        while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
    }
}
