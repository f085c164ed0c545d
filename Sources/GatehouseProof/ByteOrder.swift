// SPDX-License-Identifier: Apache-2.0

/// The few fixed forms that hashed bytes are made of: integers big-endian, texts with their length before
/// them, so that no two different values share their bytes.
extension [UInt8] {
    mutating func append(bigEndian value: Int64) {
        var rest = UInt64(bitPattern: value)
        for _ in 0..<8 {
            append(UInt8(truncatingIfNeeded: rest >> 56))
            rest <<= 8
        }
    }

    mutating func append(counted text: String) { append(counted: Array(text.utf8)) }

    mutating func append(counted bytes: [UInt8]) {
        let count = UInt32(truncatingIfNeeded: bytes.count)
        for shift in stride(from: UInt32(24), through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: count >> shift))
        }
        append(contentsOf: bytes)
    }
}

/// Reads those forms back; nil at the first byte that is not there.
struct ByteCursor {
    let bytes: [UInt8]
    private(set) var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { offset == bytes.count }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= bytes.count - offset else { return nil }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    mutating func bigEndian() -> Int64? {
        guard let taken = take(8) else { return nil }
        return Int64(bitPattern: taken.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    mutating func counted() -> ArraySlice<UInt8>? {
        guard let taken = take(4) else { return nil }
        let count = taken.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard let narrow = Int(exactly: count) else { return nil }
        return take(narrow)
    }
}
