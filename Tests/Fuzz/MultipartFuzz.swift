// SPDX-License-Identifier: Apache-2.0

import GatehouseWire

/// Multipart bodies with the boundary that they show themselves.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let boundary = Multipart.boundary(ofBody: bytes) else { return 0 }
    for part in (try? Multipart.parts(of: bytes, boundary: boundary)) ?? [] {
        precondition(part.body.lowerBound >= 0 && part.body.upperBound <= bytes.count)
        _ = (part.name, part.fileName, part.contentType)
    }
    return 0
}
