// SPDX-License-Identifier: Apache-2.0

/// Reads XML within bounds: no document type, no entities but the five and numeric ones, a limit on size,
/// depth and number of elements. Anything else is refused with the byte where it stands.
package struct XMLReader {
    package static let sizeLimit = 1 << 20
    package static let depthLimit = 32
    package static let elementLimit = 4096

    private var reader: ByteReader
    private var elements = 0

    /// The root element of a document in UTF-8.
    package static func document(_ bytes: [UInt8]) throws(WireError) -> XMLElement {
        guard bytes.count <= sizeLimit else {
            throw WireError(expected: "at most \(sizeLimit) bytes of XML", found: "\(bytes.count)", offset: 0)
        }
        var xml = XMLReader(reader: ByteReader(bytes))
        if xml.reader.starts(with: [0xEF, 0xBB, 0xBF]) { xml.reader.skip(3) }
        try xml.skipMisc()
        let root = try xml.element(depth: 1)
        try xml.skipMisc()
        guard xml.reader.isAtEnd else { throw xml.reader.mismatch("the end of the document") }
        return root
    }

    private init(reader: ByteReader) { self.reader = reader }

    /// Blanks, comments, processing instructions. Trailing zero bytes count as blanks: some firmware sends
    /// the terminator of its string.
    private mutating func skipMisc() throws(WireError) {
        while true {
            reader.skip { Self.isBlank($0) || $0 == 0 }
            if reader.starts(with: Array("<?".utf8)) {
                try skip(past: "?>")
            } else if reader.starts(with: Array("<!--".utf8)) {
                try skip(past: "-->")
            } else {
                return
            }
        }
    }

    private mutating func skip(past end: String) throws(WireError) {
        guard let range = firstRange(of: Array(end.utf8), in: reader.bytes, from: reader.offset) else {
            throw reader.ended(end)
        }
        reader.skip(range.upperBound - reader.offset)
    }

    private mutating func element(depth: Int) throws(WireError) -> XMLElement {
        let start = reader.offset
        elements += 1
        guard depth <= Self.depthLimit, elements <= Self.elementLimit else {
            throw WireError(
                expected: "at most \(Self.depthLimit) levels and \(Self.elementLimit) elements",
                found: "more", offset: start)
        }
        guard reader.peek() == UInt8(ascii: "<") else { throw reader.mismatch("an element") }
        reader.skip()
        let qualified = try name()
        var element = XMLElement(name: Self.localName(qualified))
        guard try !skipAttributes() else { return element }
        var text: [UInt8] = []
        while true {
            let start = reader.offset
            reader.skip { $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: "&") }
            text += reader.bytes[start..<reader.offset]
            if reader.isAtEnd { throw reader.ended("</\(element.name)>") }
            if reader.peek() == UInt8(ascii: "&") {
                text += try reference()
                continue
            }
            switch reader.peek(1) {
            case UInt8(ascii: "/"):
                try endTag(of: qualified)
                element.text = String(decoding: text, as: UTF8.self).trimmed
                return element
            case UInt8(ascii: "?"): try skip(past: "?>")
            case UInt8(ascii: "!"): try markup(into: &text)
            default: element.children.append(try self.element(depth: depth + 1))
            }
        }
    }

    /// A comment or character data; a document type is refused.
    private mutating func markup(into text: inout [UInt8]) throws(WireError) {
        if reader.starts(with: Array("<!--".utf8)) {
            try skip(past: "-->")
        } else if reader.starts(with: Array("<![CDATA[".utf8)) {
            try characterData(into: &text)
        } else {
            throw reader.mismatch("a comment or character data")
        }
    }

    private mutating func endTag(of qualified: ArraySlice<UInt8>) throws(WireError) {
        reader.skip(2)
        let start = reader.offset
        guard try name() == qualified else {
            throw WireError(
                expected: "</\(String(decoding: qualified, as: UTF8.self))>", found: "another end tag",
                offset: start)
        }
        reader.skip(while: Self.isBlank)
        guard reader.peek() == UInt8(ascii: ">") else { throw reader.mismatch("'>'") }
        reader.skip()
    }

    private mutating func characterData(into text: inout [UInt8]) throws(WireError) {
        reader.skip(9)
        let start = reader.offset
        try skip(past: "]]>")
        text += reader.bytes[start..<reader.offset - 3]
    }

    private mutating func name() throws(WireError) -> ArraySlice<UInt8> {
        let start = reader.offset
        reader.skip(while: Self.isNameByte)
        guard reader.offset > start, reader.offset - start <= 128 else {
            throw reader.mismatch("a name of 1 to 128 bytes")
        }
        return reader.bytes[start..<reader.offset]
    }

    /// Whether the element is empty (`/>`).
    private mutating func skipAttributes() throws(WireError) -> Bool {
        while true {
            reader.skip(while: Self.isBlank)
            switch reader.peek() {
            case UInt8(ascii: ">"):
                reader.skip()
                return false
            case UInt8(ascii: "/") where reader.peek(1) == UInt8(ascii: ">"):
                reader.skip(2)
                return true
            default:
                _ = try name()
                reader.skip(while: Self.isBlank)
                guard reader.peek() == UInt8(ascii: "=") else { throw reader.mismatch("'='") }
                reader.skip()
                reader.skip(while: Self.isBlank)
                guard let quote = reader.peek(), quote == 0x22 || quote == 0x27 else {
                    throw reader.mismatch("a quoted value")
                }
                reader.skip()
                reader.skip { $0 != quote && $0 != UInt8(ascii: "<") }
                guard reader.peek() == quote else { throw reader.mismatch("the end of a quoted value") }
                reader.skip()
            }
        }
    }

    /// `&amp;`, `&#65;`, `&#x41;`; any other entity is refused.
    private mutating func reference() throws(WireError) -> [UInt8] {
        let start = reader.offset
        reader.skip()
        let nameStart = reader.offset
        reader.skip { $0 != UInt8(ascii: ";") && Self.isNameByte($0) || $0 == UInt8(ascii: "#") }
        let name = String(decoding: reader.bytes[nameStart..<reader.offset], as: UTF8.self)
        guard reader.peek() == UInt8(ascii: ";"), let bytes = Self.predefined(name) ?? Self.numeric(name)
        else {
            throw WireError(
                expected: "one of the five entities or a number", found: "&\(name)", offset: start)
        }
        reader.skip()
        return bytes
    }

    private static func predefined(_ name: String) -> [UInt8]? {
        switch name {
        case "amp": [UInt8(ascii: "&")]
        case "lt": [UInt8(ascii: "<")]
        case "gt": [UInt8(ascii: ">")]
        case "quot": [0x22]
        case "apos": [0x27]
        default: nil
        }
    }

    private static func numeric(_ name: String) -> [UInt8]? {
        guard name.hasPrefix("#") else { return nil }
        let isHexadecimal = name.hasPrefix("#x")
        let digits = name.dropFirst(isHexadecimal ? 2 : 1)
        guard let code = UInt32(digits, radix: isHexadecimal ? 16 : 10), code > 0,
            let scalar = Unicode.Scalar(code)
        else { return nil }
        return Array(String(Character(scalar)).utf8)
    }

    private static func localName(_ qualified: ArraySlice<UInt8>) -> String {
        let local = qualified.lastIndex(of: UInt8(ascii: ":")).map { qualified[($0 + 1)...] } ?? qualified
        return String(decoding: local, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x80...0xFF: true
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"): true
        default: false
        }
    }
}
