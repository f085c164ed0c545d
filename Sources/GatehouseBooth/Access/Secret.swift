// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import GatehouseCore

enum Secret {
    /// From the kernel.
    static func bytes(_ count: Int) -> [UInt8] {
        var source = SystemRandomNumberGenerator()
        return (0..<count).map { _ in source.next() }
    }

    /// 256 bits in hexadecimal.
    static func token() -> String { bytes(32).hexadecimal }

    /// In a time that does not tell where they differ.
    static func isEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        SHA256.hash(data: a) == SHA256.hash(data: b)
    }

    static func isEqual(_ a: String, _ b: String) -> Bool { isEqual(Array(a.utf8), Array(b.utf8)) }
}
