// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseTwins
import Testing

/// pymodbus as master: what neither our driver nor our twin wrote agrees with the board.
struct ForeignMasterTests {
    private static let python = ProcessInfo.processInfo.environment["GATEHOUSE_PEERS"].map {
        $0 + "/bin/python"
    }

    private static let script = """
        import sys
        from pymodbus import FramerType
        from pymodbus.client import ModbusSerialClient
        line = ModbusSerialClient(sys.argv[1], framer=FramerType.RTU, baudrate=9600, timeout=3)
        assert line.connect()
        print("inputs", *[int(b) for b in line.read_discrete_inputs(0, count=8, device_id=1).bits[:8]])
        print("version", *line.read_holding_registers(0x8000, count=1, device_id=1).registers)
        print("wrote", not line.write_coil(0, True, device_id=1).isError())
        print("coils", *[int(b) for b in line.read_coils(0, count=8, device_id=1).bits[:8]])
        print("wrote", not line.write_coils(0, [False, True], device_id=1).isError())
        print("coils", *[int(b) for b in line.read_coils(0, count=8, device_id=1).bits[:8]])
        print("beyond", line.read_coils(6, count=8, device_id=1).isError())
        """

    @Test(.enabled(if: python != nil, "GATEHOUSE_PEERS names no Python"))
    func `a foreign master reads and writes the board`() throws {
        let twin = try RelayTwin()
        defer { twin.stop() }
        twin.start()
        let scratch = FileManager.default.temporaryDirectory.path
        let answer = try ChildProgram.run(
            try #require(Self.python), ["-c", Self.script, twin.path], scratch: scratch)
        #expect(answer.isSuccess, "\(answer.errors)")
        #expect(
            answer.output.split(separator: "\n") == [
                "inputs 0 1 0 0 1 0 0 0", "version 200", "wrote True", "coils 1 0 0 0 0 0 0 0", "wrote True",
                "coils 0 1 0 0 0 0 0 0", "beyond True",
            ])
        #expect(twin.with { $0.openClosings.count } == 1)
    }
}
