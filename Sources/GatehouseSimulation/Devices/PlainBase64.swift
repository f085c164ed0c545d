// SPDX-License-Identifier: Apache-2.0

/// RFC 4648 §4 as a camera does it, strict: no line ends, no other alphabet. Not the driver's.
enum PlainBase64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value = group.reduce(0) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
            for place in 0..<4 {
                let index = Int(value >> UInt32(18 - 6 * place) & 63)
                text.append(place <= group.count ? alphabet[index] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func bytes(_ text: String) -> [UInt8]? {
        let symbols = Array(text.utf8)
        guard symbols.count % 4 == 0 else { return nil }
        let padding = symbols.suffix(2).count { $0 == UInt8(ascii: "=") }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: symbols.count, by: 4) {
            var value: UInt32 = 0
            for (place, symbol) in symbols[start..<start + 4].enumerated() {
                let isPadding = start + place >= symbols.count - padding
                guard let index = isPadding ? 0 : alphabet.firstIndex(of: symbol) else { return nil }
                value = value << 6 | UInt32(index)
            }
            bytes += [UInt8(value >> 16), UInt8(value >> 8 & 255), UInt8(value & 255)]
        }
        return bytes.dropLast(padding)
    }
}
