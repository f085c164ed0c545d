// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseDrivers

/// Site files. Everything wrong with one has a line and a text.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let text = String(decoding: bytes, as: UTF8.self)
    let profiles = ProfileLibrary(folder: "hardware-profiles", drivers: DriverCatalog.descriptions)
    let result = SiteLoader.read(
        text, file: "site.yaml", profiles: profiles, drivers: DriverCatalog.descriptions)
    for issue in result.issues { _ = issue.text }
    precondition(result.plan != nil || !result.issues.isEmpty, "refused without a reason")
    return 0
}
