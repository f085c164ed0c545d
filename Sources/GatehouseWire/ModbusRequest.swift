// SPDX-License-Identifier: Apache-2.0

/// The requests of Modbus RTU that boards with relays and inputs understand. Addresses are those of the
/// frame, counted from zero.
package enum ModbusRequest: Hashable, Sendable {
    case readCoils(first: UInt16, count: UInt16)
    case readInputs(first: UInt16, count: UInt16)
    case readRegisters(first: UInt16, count: UInt16)
    /// `FF00` on, `0000` off; boards give other values a meaning of their own, so any is allowed here.
    case writeCoil(UInt16, value: UInt16)
    case writeCoils(first: UInt16, [Bool])

    package var function: UInt8 {
        switch self {
        case .readCoils: 0x01
        case .readInputs: 0x02
        case .readRegisters: 0x03
        case .writeCoil: 0x05
        case .writeCoils: 0x0F
        }
    }

    package func frame(to address: UInt8) -> [UInt8] {
        var bytes = [address, function]
        switch self {
        case .readCoils(let first, let count), .readInputs(let first, let count),
            .readRegisters(let first, let count):
            bytes += first.bigEndianBytes + count.bigEndianBytes
        case .writeCoil(let coil, let value):
            bytes += coil.bigEndianBytes + value.bigEndianBytes
        case .writeCoils(let first, let values):
            let packed = packBits(values)
            bytes += first.bigEndianBytes + UInt16(clamping: values.count).bigEndianBytes
            bytes += [UInt8(clamping: packed.count)] + packed
        }
        return ModbusCRC.sealed(bytes)
    }

    /// Bytes of the ordinary reply, checksum included; an exception always has five.
    package var replyLength: Int {
        switch self {
        case .readCoils(_, let count), .readInputs(_, let count): 5 + (Int(count) + 7) / 8
        case .readRegisters(_, let count): 5 + 2 * Int(count)
        case .writeCoil, .writeCoils: 8
        }
    }

    /// What the reply says, or nil when these bytes (whole, checksum already judged) do not answer this
    /// request.
    func reply(in frame: ArraySlice<UInt8>, sent: [UInt8]) -> ModbusReply? {
        let data = frame.dropFirst(2).dropLast(2)
        switch self {
        case .readCoils(_, let count), .readInputs(_, let count):
            guard data.first.map(Int.init) == data.count - 1 else { return nil }
            return .bits(unpackBits(data.dropFirst(), count: Int(count)))
        case .readRegisters:
            guard data.first.map(Int.init) == data.count - 1 else { return nil }
            let values = Array(data.dropFirst())
            return .registers(
                stride(from: 0, to: values.count - 1, by: 2).map { index in
                    UInt16(values[index]) << 8 | UInt16(values[index + 1])
                })
        case .writeCoil: return data.elementsEqual(sent.dropFirst(2).dropLast(2)) ? .written : nil
        case .writeCoils: return data.elementsEqual(sent[2..<6]) ? .written : nil
        }
    }
}

package enum ModbusReply: Hashable, Sendable {
    /// First coil or input first.
    case bits([Bool])
    case registers([UInt16])
    case written
    /// 1 illegal function, 2 illegal address, 3 illegal value, 4 device failure, 6 busy.
    case exception(UInt8)
}

extension UInt16 {
    var bigEndianBytes: [UInt8] { [UInt8(self >> 8), UInt8(truncatingIfNeeded: self)] }
}

/// First value in bit 0 of the first byte.
func packBits(_ values: [Bool]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (values.count + 7) / 8)
    for (index, isSet) in values.enumerated() where isSet { bytes[index / 8] |= 1 << UInt8(index % 8) }
    return bytes
}

func unpackBits(_ bytes: ArraySlice<UInt8>, count: Int) -> [Bool] {
    let bytes = Array(bytes)
    return (0..<count).map { $0 / 8 < bytes.count && bytes[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
}
