// SPDX-License-Identifier: Apache-2.0

/// A cursor over bytes that never reads past the end.
package struct ByteReader: Sendable {
    package let bytes: [UInt8]
    package private(set) var offset: Int

    package init(_ bytes: [UInt8], from offset: Int = 0) {
        self.bytes = bytes
        self.offset = min(max(0, offset), bytes.count)
    }

    package var isAtEnd: Bool { offset >= bytes.count }
    package var remaining: Int { bytes.count - offset }

    /// The byte `ahead` of the cursor; nil past the end.
    package func peek(_ ahead: Int = 0) -> UInt8? {
        guard ahead >= 0, ahead < remaining else { return nil }
        return bytes[offset + ahead]
    }

    /// Whether the bytes at the cursor are these.
    package func starts(with prefix: [UInt8]) -> Bool {
        guard remaining >= prefix.count else { return false }
        for index in prefix.indices where bytes[offset + index] != prefix[index] { return false }
        return true
    }

    /// Moves by at most what is there.
    package mutating func skip(_ count: Int = 1) { offset += min(max(0, count), remaining) }

    package mutating func skip(while condition: (UInt8) -> Bool) {
        var position = offset
        while position < bytes.count, condition(bytes[position]) { position += 1 }
        offset = position
    }

    package mutating func uint8(_ what: String) throws(WireError) -> UInt8 {
        guard let byte = peek() else { throw ended(what) }
        offset += 1
        return byte
    }

    /// Big-endian.
    package mutating func uint16(_ what: String) throws(WireError) -> UInt16 {
        guard remaining >= 2 else { throw ended(what) }
        defer { offset += 2 }
        return UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
    }

    package mutating func take(_ count: Int, _ what: String) throws(WireError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw ended(what) }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    /// Everything before the next line end, which is consumed; CRLF and LF both end a line.
    package mutating func line(_ what: String, limit: Int) throws(WireError) -> ArraySlice<UInt8> {
        let start = offset
        let searched = bytes[start..<min(bytes.count, start + limit + 2)]
        guard let newline = searched.firstIndex(of: UInt8(ascii: "\n")) else {
            guard searched.endIndex < bytes.count else { throw ended(what) }
            throw WireError(expected: what, found: "a line longer than \(limit) bytes", offset: start)
        }
        offset = newline
        defer { offset += 1 }
        let end = offset > start && bytes[offset - 1] == UInt8(ascii: "\r") ? offset - 1 : offset
        return bytes[start..<end]
    }

    package func ended(_ what: String) -> WireError {
        WireError(expected: what, found: "the end", offset: bytes.count)
    }

    package func mismatch(_ what: String) -> WireError {
        WireError(expected: what, found: peek().map(describe) ?? "the end", offset: offset)
    }
}

/// `'x'` for printable bytes, `0x1F` for others.
package func describe(_ byte: UInt8) -> String {
    guard byte < 0x20 || byte > 0x7E else { return "'\(Character(Unicode.Scalar(byte)))'" }
    let digits = String(byte, radix: 16, uppercase: true)
    return "0x" + (digits.count < 2 ? "0" : "") + digits
}

/// First place at or after `start` where `needle` stands (Horspool): long delimiters are found in a
/// fraction of a look at each byte, which matters for half a megabyte of picture.
package func firstRange(of needle: [UInt8], in bytes: [UInt8], from start: Int) -> Range<Int>? {
    let length = needle.count
    guard length > 0, start >= 0, bytes.count - start >= length else { return nil }
    var shift = [Int](repeating: length, count: 256)
    for index in 0..<(length - 1) { shift[Int(needle[index])] = length - 1 - index }
    let last = needle[length - 1]
    var end = start + length - 1
    while end < bytes.count {
        let byte = bytes[end]
        if byte == last, bytes[(end - length + 1)..<end].elementsEqual(needle.dropLast()) {
            return (end - length + 1)..<(end + 1)
        }
        end += shift[Int(byte)]
    }
    return nil
}
