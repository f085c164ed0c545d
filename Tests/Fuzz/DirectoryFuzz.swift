// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig

/// The CSV of `gatehouse directory import`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let text = String(decoding: bytes, as: UTF8.self)
    let file = DirectoryFile.parse(text, file: "f.csv", areas: ["main"], maximumRows: 200)
    for issue in file.issues { _ = issue.text }
    precondition(file.rows.count <= 200)
    return 0
}
