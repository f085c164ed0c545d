// SPDX-License-Identifier: Apache-2.0

import GatehouseDrivers

/// Whole requests, bodies and documents of Hikvision cameras.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    _ = try? PlateDecoding.jsonLines(driver: "hikvision-isapi", bytes: bytes)
    return 0
}
