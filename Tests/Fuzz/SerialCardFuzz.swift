// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers

/// Lines of a card reader, by the framer at once and through a session byte by byte; the first byte chooses the style.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let choice = bytes.first else { return 0 }
    var values = Table<String, String>()
    values["framing"] = choice % 4 == 0 ? "stx_etx" : "line"
    values["number"] = ["hex", "decimal", "facility", "hex"][Int(choice % 4)]
    values["checksum"] = choice % 4 == 0 ? "xor" : "none"
    values["bits"] = ["40", "32", "24"][Int(choice / 4) % 3]
    let settings = SerialCardSettings(values)
    var framer = SerialCardFramer(settings)
    for case .card(let card) in framer.receive(Array(bytes.dropFirst())) where Card(card.text) != card {
        fatalError("a card that its own text does not name")
    }
    var session = SerialCardSession(settings)
    var now = Uptime.zero
    for byte in bytes.dropFirst() {
        now = now + .milliseconds(Int(byte))
        _ = session.receive([byte], at: now)
        _ = session.timer(at: now)
    }
    return 0
}
