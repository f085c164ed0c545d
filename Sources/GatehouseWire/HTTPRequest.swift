// SPDX-License-Identifier: Apache-2.0

/// A whole captured HTTP/1.1 request: for decoding captures, not for serving (the listener does that).
package struct HTTPRequest: Hashable, Sendable {
    package var method: String
    package var target: String
    package var headers: [HeaderField]
    package var body: [UInt8]
    /// Where each run of the body's bytes stands in the request: one run, or one a chunk.
    private var runs: [Range<Int>] = []

    package static let bodyLimit = 8 << 20
    private static let lineLimit = 8192
    private static let headerLimit = 64

    /// Whether the first line ends like a request line: tells a request from a bare body.
    package static func isRequest(_ bytes: [UInt8]) -> Bool {
        var reader = ByteReader(bytes)
        guard let line = try? reader.line("request line", limit: lineLimit) else { return false }
        let words = line.split(separator: 0x20)
        return words.count == 3 && words[2].starts(with: Array("HTTP/1.".utf8))
    }

    package init(_ bytes: [UInt8]) throws(WireError) {
        var reader = ByteReader(bytes)
        let words = try reader.line("a request line", limit: Self.lineLimit).split(separator: 0x20)
        guard words.count == 3, words[2].starts(with: Array("HTTP/1.".utf8)) else {
            throw WireError(expected: "a request line of HTTP/1", found: "something else", offset: 0)
        }
        method = String(decoding: words[0], as: UTF8.self)
        target = String(decoding: words[1], as: UTF8.self)
        headers = []
        body = []
        while true {
            let start = reader.offset
            let line = try reader.line("a header or an empty line", limit: Self.lineLimit)
            if line.isEmpty { break }
            guard headers.count < Self.headerLimit, let field = HeaderField(line: line) else {
                throw WireError(expected: "a header", found: "something else", offset: start)
            }
            headers.append(field)
        }
        if headers.first(named: "transfer-encoding")?.asciiLowercased.hasSuffix("chunked") == true {
            runs = try Self.chunks(&reader)
        } else if let length = headers.first(named: "content-length") {
            guard let count = Int(length), count >= 0, count <= Self.bodyLimit else {
                throw WireError(expected: "a Content-Length", found: "'\(length)'", offset: reader.offset)
            }
            let start = reader.offset
            _ = try reader.take(count, "a body of \(count) bytes")
            runs = [start..<start + count]
        } else {
            runs = [reader.offset..<bytes.count]
        }
        for run in runs { body += bytes[run] }
    }

    /// Where a byte of the body stands in the request, for messages about captures.
    package func offset(ofBody offset: Int) -> Int {
        var rest = offset
        for run in runs {
            if rest < run.count { return run.lowerBound + rest }
            rest -= run.count
        }
        return (runs.last?.upperBound ?? 0) + rest
    }

    private static func chunks(_ reader: inout ByteReader) throws(WireError) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var total = 0
        while true {
            let start = reader.offset
            let line = try reader.line("the size of a chunk", limit: 256)
            let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 }
            guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size >= 0,
                size <= bodyLimit - total
            else {
                throw WireError(expected: "the size of a chunk", found: "something else", offset: start)
            }
            if size == 0 { return runs }
            let first = reader.offset
            _ = try reader.take(size, "a chunk of \(size) bytes")
            runs.append(first..<first + size)
            total += size
            guard try reader.line("the end of a chunk", limit: 2).isEmpty else {
                throw reader.mismatch("the end of a chunk")
            }
        }
    }
}
