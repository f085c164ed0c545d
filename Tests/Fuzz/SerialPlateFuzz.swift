// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers

/// Bytes of a serial line with plates, byte by byte through a session of each framing and charset, and as a capture.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    _ = try? PlateDecoding.jsonLines(driver: "serial-plate", bytes: bytes)
    for framing in SerialPlateSettings.Framing.allCases {
        for charset in SerialPlateSettings.Charset.allCases {
            var settings = SerialPlateSettings()
            (settings.framing, settings.charset) = (framing, charset)
            (settings.colorField, settings.confidenceField) = (2, 3)
            var session = SerialPlateSession(settings, at: .zero)
            var now = Moment(uptime: .zero, wall: WallTime(milliseconds: 0))
            for byte in bytes {
                now.uptime = now.uptime + .milliseconds(Int(byte))
                for case .observed(_, let plate) in session.receive([byte], at: now) {
                    _ = PlateGrammar.parse(plate.observation.raw)
                }
            }
        }
    }
    return 0
}
