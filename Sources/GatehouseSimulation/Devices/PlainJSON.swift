// SPDX-License-Identifier: Apache-2.0

/// JSON as a camera's small parser takes it: anything that is wrong makes the whole text nothing. Not the driver's.
package indirect enum PlainJSON: Hashable, Sendable {
    case text(String)
    case number(Int)
    case word(String)
    case list([PlainJSON])
    case object([String: PlainJSON])

    package init?(_ bytes: [UInt8]) {
        var reader = Reader(bytes: bytes[...])
        guard let value = reader.value(), reader.isAtEnd else { return nil }
        self = value
    }

    package subscript(name: String) -> PlainJSON? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    package var text: String? { if case .text(let text) = self { text } else { nil } }
    package var number: Int? { if case .number(let number) = self { number } else { nil } }
    package var list: [PlainJSON]? { if case .list(let list) = self { list } else { nil } }

    private struct Reader {
        var bytes: ArraySlice<UInt8>

        var isAtEnd: Bool { bytes.allSatisfy { $0 <= 0x20 } }

        mutating func value() -> PlainJSON? {
            skip()
            switch bytes.first {
            case UInt8(ascii: "{"):
                var members: [String: PlainJSON] = [:]
                let isWhole = items(until: UInt8(ascii: "}")) { reader in
                    reader.skip()
                    guard case .text(let name)? = reader.string(), reader.take(UInt8(ascii: ":")),
                        let value = reader.value()
                    else { return false }
                    members[name] = value
                    return true
                }
                return isWhole ? .object(members) : nil
            case UInt8(ascii: "["):
                var list: [PlainJSON] = []
                let isWhole = items(until: UInt8(ascii: "]")) { reader in
                    guard let value = reader.value() else { return false }
                    list.append(value)
                    return true
                }
                return isWhole ? .list(list) : nil
            case UInt8(ascii: "\""): return string()
            default:
                let word = String(decoding: bytes.prefix { !",]} \n".utf8.contains($0) }, as: UTF8.self)
                bytes = bytes.dropFirst(word.utf8.count)
                if let number = Int(word) { return .number(number) }
                return ["true", "false", "null"].contains(word) ? .word(word) : nil
            }
        }

        private mutating func items(until end: UInt8, _ item: (inout Reader) -> Bool) -> Bool {
            bytes.removeFirst()
            if take(end) { return true }
            repeat {
                guard item(&self) else { return false }
            } while take(UInt8(ascii: ","))
            return take(end)
        }

        /// Without escapes but of quotes, slashes and backslashes: nobody sends it others.
        private mutating func string() -> PlainJSON? {
            guard take(UInt8(ascii: "\"")) else { return nil }
            var text: [UInt8] = []
            while let byte = bytes.popFirst() {
                if byte == UInt8(ascii: "\"") { return .text(String(decoding: text, as: UTF8.self)) }
                guard byte == UInt8(ascii: "\\") else {
                    text.append(byte)
                    continue
                }
                guard let escaped = bytes.popFirst(), "\"/\\".utf8.contains(escaped) else { return nil }
                text.append(escaped)
            }
            return nil
        }

        private mutating func skip() { bytes = bytes.drop { $0 <= 0x20 } }

        private mutating func take(_ byte: UInt8) -> Bool {
            skip()
            guard bytes.first == byte else { return false }
            bytes.removeFirst()
            return true
        }
    }
}
