// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDiagnostics

/// Lines of the technician's socket. What can be read is the same after it was written again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    _ = try? DiagnosticProtocol.hello(bytes)
    guard let (id, request) = try? DiagnosticProtocol.request(bytes) else { return 0 }
    let again = try? DiagnosticProtocol.request(DiagnosticProtocol.line(id: id, request))
    precondition(again?.id == id && again?.request == request, "a request is not what was written")
    return 0
}
