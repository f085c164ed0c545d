// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseWire

/// Replies of a Modbus board, by the framer alone and through a session; the first byte chooses the request.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let choice = bytes.first else { return 0 }
    let requests: [ModbusRequest] = [
        .writeCoil(0, value: 0xFF00), .readCoils(first: 0, count: 8), .writeCoils(first: 0, [true, false]),
        .readInputs(first: 0, count: 8), .readRegisters(first: 0, count: 2),
    ]
    let request = requests[Int(choice) % requests.count]
    var framer = ModbusReplyFramer(request, to: 1, stripsEcho: choice >= 128)
    for byte in bytes.dropFirst() { _ = framer.receive([byte]) }
    var session = ModbusRelaySession(ModbusRelaySettings())
    var now = Uptime.zero
    _ = session.connected(at: now)
    for byte in bytes.dropFirst() {
        now = now + .milliseconds(Int(byte))
        _ = session.receive([byte], at: now)
        _ = session.timer(at: now)
    }
    return 0
}
