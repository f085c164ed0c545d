// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation
import GatehouseWire
import Testing

func hex(_ text: String) -> [UInt8] { text.split(separator: " ").map { UInt8($0, radix: 16) ?? 0 } }

/// The frames of `relays.md` §1 and §2.1 hold for the driver and for the board's model alike.
@Suite struct ModbusRelayWireTests {
    private let settings = RelayBench.settings

    @Test(arguments: [
        (1, 500, "01 05 02 00 00 05 0C 71"), (1, 700, "01 05 02 00 00 07 8D B0"),
        (1, 1000, "01 05 02 00 00 0A 4C 75"), (2, 800, "01 05 02 01 00 08 9C 74"),
        (3, 500, "01 05 02 02 00 05 AD B1"), (4, 3000, "01 05 02 03 00 1E BC 7A"),
        (3, 401, "01 05 02 02 00 05 AD B1"),
    ])
    func `pulses are counted by the board in tenths, rounded up`(
        channel: Int, milliseconds: Int, frame: String
    ) {
        let request = ModbusRelayWire.pulse(channel, for: .milliseconds(milliseconds), settings)
        #expect(request?.frame(to: 1) == hex(frame))
    }

    @Test func `levels, polls and the idle mask are the document's frames`() {
        #expect(ModbusRelayWire.level(1, isOn: true, settings).frame(to: 1) == hex("01 05 00 00 FF 00 8C 3A"))
        #expect(ModbusRelayWire.level(8, isOn: true, settings).frame(to: 1) == hex("01 05 00 07 FF 00 3D FB"))
        #expect(
            ModbusRelayWire.level(1, isOn: false, settings).frame(to: 1) == hex("01 05 00 00 00 00 CD CA"))
        #expect(ModbusRelayWire.inputs(settings).frame(to: 1) == hex("01 02 00 00 00 08 79 CC"))
        #expect(ModbusRelayWire.coils(settings).frame(to: 1) == hex("01 01 00 00 00 08 3D CC"))
        let idle = Array(repeating: false, count: 8)
        #expect(ModbusRelayWire.levels(idle, settings).frame(to: 1) == hex("01 0F 00 00 00 08 01 00 FE 95"))
    }

    @Test(arguments: [
        ("01 05 00 00 FF 00 8C 3A", "01 05 00 00 FF 00 8C 3A"),
        ("01 0F 00 00 00 08 01 55 3E AA", "01 0F 00 00 00 08 54 0D"),
        ("01 01 00 00 00 08 3D CC", "01 01 01 01 90 48"),
        ("01 02 00 00 00 08 79 CC", "01 02 01 05 61 8B"),
        ("01 05 02 00 00 07 8D B0", "01 05 02 00 00 07 8D B0"),
        ("01 05 00 FF 00 00 FD FA", "01 05 00 FF 00 00 FD FA"),
    ])
    func `the model answers the document's requests with the document's replies`(
        request: String, reply: String
    ) {
        var board = RelayBoardModel()
        board.inputs = [true, false, true, false, false, false, false, false]
        _ = board.receive(hex("01 05 00 00 FF 00 8C 3A"), at: .zero)
        let replies = board.receive(hex(request), at: .zero + .seconds(1))
        #expect(replies.map(\.bytes) == [hex(reply)])
    }

    @Test func `the model is silent to other addresses and to broken frames`() {
        var board = RelayBoardModel()
        #expect(board.receive(hex("02 05 00 00 FF 00 8C 09"), at: .zero) == [])
        #expect(board.receive(hex("01 05 00 00 FF 00 8C 3B"), at: .zero + .seconds(1)) == [])
        #expect(board.edges == [])
    }

    @Test func `the model ends a flash by itself`() {
        var board = RelayBoardModel()
        _ = board.receive(hex("01 05 02 00 00 05 0C 71"), at: .zero)
        board.advance(to: .zero + .milliseconds(499))
        #expect(board.isClosed(1))
        board.advance(to: .zero + .seconds(9))
        #expect(board.edges.map(\.at) == [.zero, .zero + .milliseconds(500)])
    }
}
