// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseWire

/// Answers of display cards through a session, and the bytes as text in GBK both ways; the first byte chooses the
/// card.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let choice = bytes.first else { return 0 }
    let text = GBK.decode(bytes)
    let again = GBK.encode(text)
    precondition(text.unicodeScalars.contains("\u{FFFD}") || again == bytes)
    precondition(GBK.encode(text, .gb2312, limit: 32).count <= 32)
    let wire: any DisplayCard = choice % 2 == 0 ? Card64Wire() : CardAA55Wire()
    var session = DisplaySession(DisplaySettings(), wire: wire, zone: .utc)
    var now = Moment(uptime: .zero, wall: WallTime(milliseconds: 0))
    _ = session.connected(at: now)
    _ = session.show(DisplayContent([.init(text, .red), .init(text, .green)], voice: text), at: now)
    for byte in bytes.dropFirst() {
        now.uptime = now.uptime + .milliseconds(Int(byte) * 4)
        _ = session.receive([byte], at: now)
        _ = session.timer(at: now)
    }
    _ = session.receive(Array(bytes.dropFirst()), at: now)
    return 0
}
