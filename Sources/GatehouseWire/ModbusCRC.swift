// SPDX-License-Identifier: Apache-2.0

/// CRC-16 of Modbus RTU: reflected polynomial A001, initial FFFF, sent low byte first.
package enum ModbusCRC {
    private static let table: [UInt16] = (0..<256).map { index in
        var value = UInt16(index)
        for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xA001 : value >> 1 }
        return value
    }

    package static func of(_ bytes: some Sequence<UInt8>) -> UInt16 {
        var crc: UInt16 = 0xFFFF
        for byte in bytes { crc = crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
        return crc
    }

    /// The bytes with their checksum behind them.
    package static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        let crc = of(bytes)
        return bytes + [UInt8(truncatingIfNeeded: crc), UInt8(crc >> 8)]
    }

    package static func isSealed(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.count > 2 && of(bytes) == 0
    }
}
