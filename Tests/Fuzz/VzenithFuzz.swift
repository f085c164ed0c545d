// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers

/// Whole requests and bodies of Vzenith cameras and their copies, and the session that answers them.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    _ = try? PlateDecoding.jsonLines(driver: "vzenith-http", bytes: bytes)
    let settings = VzenithSettings(
        dialect: VzenithDialect(repairsTruncation: true), cometHold: .seconds(20), outputs: [1])
    var session = VzenithSession(settings, at: .zero)
    let now = Moment(uptime: .zero, wall: WallTime(milliseconds: 1_772_411_415_482))
    for number in 1...2 as ClosedRange<UInt64> {
        let push = CameraPush(
            id: PushID(number), peer: "192.0.2.21", target: "/", contentType: nil, body: bytes)
        _ = session.receive(push, at: now)
    }
    _ = session.settled(PushID(1), isDurable: true, at: .zero)
    _ = session.timer(at: .zero + .seconds(60))
    return 0
}
