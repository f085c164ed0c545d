// SPDX-License-Identifier: Apache-2.0

import GatehouseForm

/// Bodies of forms, from whoever reaches the guard's page.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let form = Form(bytes) else { return 0 }
    precondition(form == Form(bytes), "a form is not read alike twice")
    precondition(form["press"].utf8.count <= count && form.order.utf8.count <= 2 * count + 64, "it grew")
    return 0
}
