// SPDX-License-Identifier: Apache-2.0

/// One part of a multipart body. `body` is a range of the bytes given, so that pictures are not copied.
package struct MultipartPart: Hashable, Sendable {
    package var headers: [HeaderField]
    package var body: Range<Int>

    package var name: String? { disposition?["name"] }
    package var fileName: String? { disposition?["filename"] }
    /// Without parameters, in lower case.
    package var contentType: String? {
        headers.first(named: "content-type").map { ParameterizedValue($0).value }
    }

    private var disposition: ParameterizedValue? {
        headers.first(named: "content-disposition").map(ParameterizedValue.init)
    }
}

/// Splits multipart bodies (RFC 2046, RFC 7578) by their delimiters. A part's own `Content-Length` is not
/// believed: cameras send it off by a line end, or not at all (`lpr-cameras.md` §1.1, §1.9).
package enum Multipart {
    package struct Limits: Hashable, Sendable {
        package var body = 8 << 20
        package var parts = 16
        package var part = 8 << 20
        package var headerLine = 4096
        package var headerLines = 32

        package init() {}
    }

    /// The boundary of a `Content-Type`, quoted or not.
    package static func boundary(ofContentType value: String) -> String? {
        let type = ParameterizedValue(value)
        guard type.value.hasPrefix("multipart/"), let boundary = type["boundary"], !boundary.isEmpty else {
            return nil
        }
        return boundary
    }

    /// The boundary that a body without headers shows by its first line.
    package static func boundary(ofBody bytes: [UInt8]) -> String? {
        var reader = ByteReader(bytes)
        reader.skip { $0 == 0x0D || $0 == 0x0A }
        guard reader.starts(with: Array("--".utf8)) else { return nil }
        reader.skip(2)
        guard let line = try? reader.line("boundary", limit: 200), !line.isEmpty else { return nil }
        return String(decoding: line, as: UTF8.self).trimmed
    }

    package static func parts(
        of bytes: [UInt8], boundary: String, limits: Limits = Limits()
    ) throws(WireError) -> [MultipartPart] {
        guard bytes.count <= limits.body else {
            throw WireError(expected: "at most \(limits.body) bytes", found: "\(bytes.count)", offset: 0)
        }
        guard !boundary.isEmpty, boundary.utf8.count <= 200 else {
            throw WireError(expected: "a boundary of 1 to 200 bytes", found: "'\(boundary)'", offset: 0)
        }
        let delimiter = Array("--\(boundary)".utf8)
        guard let opening = delimiterRange(delimiter, in: bytes, from: 0) else {
            throw WireError(expected: "the delimiter --\(boundary)", found: "none", offset: 0)
        }
        var parts: [MultipartPart] = []
        var reader = ByteReader(bytes, from: opening.upperBound)
        while try !isClosing(&reader) {
            guard parts.count < limits.parts else {
                throw WireError(
                    expected: "at most \(limits.parts) parts", found: "more", offset: reader.offset)
            }
            parts.append(try part(&reader, delimiter: delimiter, limits: limits))
        }
        return parts
    }

    /// What follows a delimiter: `--` for the last one, else the rest of its line.
    private static func isClosing(_ reader: inout ByteReader) throws(WireError) -> Bool {
        if reader.starts(with: Array("--".utf8)) { return true }
        reader.skip { $0 == 0x20 || $0 == 0x09 }
        if reader.peek() == 0x0D { reader.skip() }
        guard reader.peek() == 0x0A else { throw reader.mismatch("a line end after the delimiter") }
        reader.skip()
        return false
    }

    private static func part(
        _ reader: inout ByteReader, delimiter: [UInt8], limits: Limits
    ) throws(WireError) -> MultipartPart {
        var headers: [HeaderField] = []
        while true {
            let start = reader.offset
            let line = try reader.line("a header of a part", limit: limits.headerLine)
            if line.isEmpty { break }
            guard headers.count < limits.headerLines, let field = HeaderField(line: line) else {
                throw WireError(expected: "a header of a part", found: "something else", offset: start)
            }
            headers.append(field)
        }
        let start = reader.offset
        guard let next = delimiterRange(delimiter, in: reader.bytes, from: start) else {
            throw reader.ended("the delimiter after a part")
        }
        reader = ByteReader(reader.bytes, from: next.upperBound)
        let body = start..<max(start, next.lowerBound)
        guard body.count <= limits.part else {
            throw WireError(
                expected: "a part of at most \(limits.part) bytes", found: "\(body.count)", offset: start)
        }
        return MultipartPart(headers: headers, body: body)
    }

    /// A delimiter stands at the start of a line; the line end before it belongs to the delimiter.
    private static func delimiterRange(_ delimiter: [UInt8], in bytes: [UInt8], from start: Int) -> Range<
        Int
    >? {
        var position = start
        while let found = firstRange(of: delimiter, in: bytes, from: position) {
            position = found.lowerBound + 1
            if found.lowerBound == start { return found }
            guard bytes[found.lowerBound - 1] == 0x0A else { continue }
            let hasReturn = found.lowerBound - 2 >= start && bytes[found.lowerBound - 2] == 0x0D
            return (found.lowerBound - (hasReturn ? 2 : 1))..<found.upperBound
        }
        return nil
    }
}
