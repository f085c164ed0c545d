// SPDX-License-Identifier: Apache-2.0

import GatehouseProof
import Glibc

/// Salts from the kernel's generator, sixteen to a call: asking for each alone was a tenth of the time of a
/// full batch.
struct SaltSource {
    private static let stock = 16

    private var bytes: [UInt8] = []
    private var used = 0

    mutating func next() -> [UInt8] {
        if used == bytes.count { refill() }
        defer { used += RecordHash.saltSize }
        return Array(bytes[used..<used + RecordHash.saltSize])
    }

    private mutating func refill() {
        // 256 bytes, the most that getentropy(3) gives, come whole or not at all.
        let size = Self.stock * RecordHash.saltSize
        var fresh = [UInt8](repeating: 0, count: size)
        let isFilled = unsafe fresh.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { return false }
            return unsafe getentropy(start, buffer.count) == 0
        }
        if !isFilled {
            var random = SystemRandomNumberGenerator()
            for index in fresh.indices { fresh[index] = UInt8.random(in: 0...255, using: &random) }
        }
        bytes = fresh
        used = 0
    }
}
