// SPDX-License-Identifier: Apache-2.0

import GatehouseWire

/// Captured requests.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    _ = try? HTTPRequest(bytes)
    return 0
}
