// SPDX-License-Identifier: Apache-2.0

import GatehouseWire
import Testing

/// Hexadecimal text to bytes: `01 05 FF`.
func hex(_ text: String) -> [UInt8] { text.split(separator: " ").map { UInt8($0, radix: 16) ?? 0 } }

@Suite struct ModbusTests {
    @Test func `the checksum of the standard's example is 8C 3A`() {
        #expect(ModbusCRC.of(hex("01 05 00 00 FF 00")) == 0x3A8C)
        #expect(ModbusCRC.isSealed(hex("01 05 00 00 FF 00 8C 3A")))
        #expect(!ModbusCRC.isSealed(hex("01 05 00 00 FF 00 8C 3B")))
        #expect(!ModbusCRC.isSealed([]))
    }

    @Test(arguments: [
        (ModbusRequest.writeCoil(0, value: 0xFF00), "01 05 00 00 FF 00 8C 3A"),
        (.writeCoil(0, value: 0), "01 05 00 00 00 00 CD CA"),
        (.writeCoil(7, value: 0xFF00), "01 05 00 07 FF 00 3D FB"),
        (.writeCoil(0x200, value: 7), "01 05 02 00 00 07 8D B0"),
        (.writeCoil(0x200, value: 5), "01 05 02 00 00 05 0C 71"),
        (.writeCoil(0x202, value: 5), "01 05 02 02 00 05 AD B1"),
        (.writeCoil(0x203, value: 0x1E), "01 05 02 03 00 1E BC 7A"),
        (.readCoils(first: 0, count: 8), "01 01 00 00 00 08 3D CC"),
        (.readInputs(first: 0, count: 8), "01 02 00 00 00 08 79 CC"),
        (.readRegisters(first: 0, count: 2), "01 03 00 00 00 02 C4 0B"),
        (
            .writeCoils(first: 0, [true, false, true, false, true, false, true, false]),
            "01 0F 00 00 00 08 01 55 3E AA"
        ),
        (.writeCoils(first: 0, Array(repeating: false, count: 8)), "01 0F 00 00 00 08 01 00 FE 95"),
    ])
    func `requests are the bytes of the protocol document`(request: ModbusRequest, bytes: String) {
        #expect(request.frame(to: 1) == hex(bytes))
    }

    @Test(arguments: [
        (ModbusRequest.writeCoil(0, value: 0xFF00), "01 05 00 00 FF 00 8C 3A", ModbusReply.written),
        (
            .readCoils(first: 0, count: 8), "01 01 01 55 91 B7",
            .bits([true, false, true, false, true, false, true, false])
        ),
        (
            .readInputs(first: 0, count: 8), "01 02 01 05 61 8B",
            .bits([true, false, true, false, false, false, false, false])
        ),
        (.readRegisters(first: 0, count: 2), "01 03 04 00 00 00 01 3B F3", .registers([0, 1])),
        (.writeCoils(first: 0, Array(repeating: true, count: 8)), "01 0F 00 00 00 08 54 0D", .written),
        (.writeCoil(0x200, value: 7), "01 85 02 C3 51", .exception(2)),
    ])
    func `replies of the protocol document are found whole, byte by byte and after noise`(
        request: ModbusRequest, bytes: String, expected: ModbusReply
    ) {
        for noise in ["", "00", "FF 00 FF", "01", "01 01"] {
            var framer = ModbusReplyFramer(request, to: 1, stripsEcho: false)
            var found: [ModbusReply] = []
            for byte in hex(noise) + hex(bytes) {
                if let reply = framer.receive([byte]) { found.append(reply) }
            }
            #expect(found == [expected], "after noise '\(noise)'")
        }
    }

    @Test func `an echo of a coil write is no reply once the adapter is known to echo`() {
        let request = ModbusRequest.writeCoil(0, value: 0xFF00)
        var framer = ModbusReplyFramer(request, to: 1, stripsEcho: true)
        #expect(framer.receive(request.frame(to: 1)) == nil)
        #expect(framer.sawEcho)
        #expect(framer.receive(request.frame(to: 1)) == .written)
    }

    @Test func `an echo before the reply of a read tells that the adapter echoes`() {
        let request = ModbusRequest.readCoils(first: 0, count: 8)
        var framer = ModbusReplyFramer(request, to: 1, stripsEcho: false)
        #expect(framer.receive(request.frame(to: 1) + hex("01 01 01 01 90 48")) != nil)
        #expect(framer.sawEcho)
    }

    @Test func `a frame with a flipped bit is never taken for a reply`() {
        let good = hex("01 01 01 55 91 B7")
        for bit in 0..<(good.count * 8) {
            var bytes = good
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            var framer = ModbusReplyFramer(.readCoils(first: 0, count: 8), to: 1, stripsEcho: false)
            #expect(framer.receive(bytes) == nil)
            #expect(framer.hasUnframedBytes)
        }
    }

    @Test func `endless noise does not grow the buffer or hide the reply behind it`() {
        var framer = ModbusReplyFramer(.readCoils(first: 0, count: 8), to: 1, stripsEcho: false)
        for _ in 0..<20 { #expect(framer.receive(Array(repeating: UInt8(1), count: 100)) == nil) }
        #expect(framer.receive(hex("01 01 01 55 91 B7")) != nil)
    }
}
