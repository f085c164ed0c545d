// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore

/// Compiled time zones.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let zone = try? TZif.decode(bytes, name: "Fuzz/Zone") else { return 0 }
    for at in [Int64.min, -1, 0, 1_772_000_000_000, 4_102_444_800_000, Int64.max] {
        _ = zone.offset(at: WallTime(milliseconds: at))
    }
    return 0
}
