// SPDX-License-Identifier: Apache-2.0

/// Comma-separated values (RFC 4180): quotes around fields with commas, quotes or line ends, a quote doubled
/// inside. Lines may end with LF or CRLF. Reads record by record; total on any text.
struct CSVReader {
    struct Record: Equatable {
        /// Of the first line of the record, from 1.
        var line: Int
        var fields: [String]
    }

    enum Fault: Error, Equatable {
        /// A quoted field that began here never ends.
        case unterminated(line: Int)
        /// A quote in the middle of an unquoted field, or text after a closing quote.
        case strayQuote(line: Int)
    }

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The next record, an empty line left out; nil at the end. After a fault the reading goes on with the
    /// next line.
    mutating func next() -> Result<Record, Fault>? {
        while position < bytes.count, isLineEnd { skipLineEnd() }
        guard position < bytes.count else { return nil }
        var record = Record(line: line, fields: [])
        while true {
            switch field() {
            case .failure(let fault):
                skipLine()
                return .failure(fault)
            case .success(let text): record.fields.append(text)
            }
            guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { break }
            position += 1
        }
        if position < bytes.count { skipLineEnd() }
        return .success(record)
    }

    private var isLineEnd: Bool {
        bytes[position] == 0x0A
            || bytes[position] == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A
    }

    private mutating func skipLineEnd() {
        position += bytes[position] == 0x0D ? 2 : 1
        line += 1
    }

    private mutating func skipLine() {
        while position < bytes.count, bytes[position] != 0x0A { position += 1 }
        if position < bytes.count { skipLineEnd() }
    }

    private mutating func field() -> Result<String, Fault> {
        guard position < bytes.count, bytes[position] == 0x22 else { return plain() }
        let start = line
        var content: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == 0x22 {
                guard position < bytes.count, bytes[position] == 0x22 else { return closed(content) }
                position += 1
            }
            if byte == 0x0A { line += 1 }
            content.append(byte)
        }
        return .failure(.unterminated(line: start))
    }

    private func closed(_ content: [UInt8]) -> Result<String, Fault> {
        guard position == bytes.count || bytes[position] == UInt8(ascii: ",") || isLineEnd else {
            return .failure(.strayQuote(line: line))
        }
        return .success(String(decoding: content, as: UTF8.self))
    }

    private mutating func plain() -> Result<String, Fault> {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: ","), !isLineEnd {
            if bytes[position] == 0x22 { return .failure(.strayQuote(line: line)) }
            position += 1
        }
        return .success(String(decoding: bytes[start..<position], as: UTF8.self))
    }
}
