// SPDX-License-Identifier: Apache-2.0

import GatehouseWire

/// XML documents.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    _ = try? XMLReader.document(bytes)
    return 0
}
