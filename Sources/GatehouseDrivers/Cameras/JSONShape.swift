// SPDX-License-Identifier: Apache-2.0

import GatehouseWire

/// How a JSON text nests, looked at before a library reads it: the depth is bounded, and a text that ends too
/// early is told from one that is wrong.
struct JSONShape: Hashable, Sendable {
    static let maximumDepth = 32

    /// The brackets that would close it, in order; empty: nothing is open.
    let missing: [UInt8]
    /// It ends within a string.
    let endsInString: Bool

    init(_ bytes: [UInt8]) throws(WireError) {
        var missing: [UInt8] = []
        var isInString = false
        var isEscaped = false
        for (offset, byte) in bytes.enumerated() {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"): missing.append(UInt8(ascii: "}"))
            case UInt8(ascii: "["): missing.append(UInt8(ascii: "]"))
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard missing.popLast() == byte else {
                    throw WireError(expected: "JSON", found: "\(describe(byte)) too many", offset: offset)
                }
            default: continue
            }
            guard missing.count <= Self.maximumDepth else {
                throw WireError(
                    expected: "JSON at most \(Self.maximumDepth) levels deep", found: "more", offset: offset)
            }
        }
        self.missing = missing.reversed()
        endsInString = isInString
    }
}
