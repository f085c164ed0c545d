// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDiagnostics

/// Lines of the technician's socket. What can be read is the same after it was written again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    _ = try? DiagnosticProtocol.hello(bytes)
    guard let question = try? DiagnosticProtocol.question(bytes) else { return 0 }
    let again = try? DiagnosticProtocol.question(DiagnosticProtocol.line(question))
    precondition(again == question, "a request is not what was written")
    return 0
}
