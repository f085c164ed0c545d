// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Payloads of records. What can be read must be read the same after it was written again, and every sentence
/// about it is total.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let fields = try? Fields(bytes) else { return 0 }
    for kind in ["plateRead", "accessGranted", "barrierCommanded", "passageCompleted", "stayOpened", "other"]
    {
        _ = RecordText.sentence(kind, fields)
    }
    if let permit = try? Permit(from: fields) {
        let again = try? Permit(from: Fields(FieldWriter.object(permit.write)))
        precondition(again == permit, "a permit is not what was written")
    }
    if let entry = try? ListEntry(from: fields) {
        let again = try? ListEntry(from: Fields(FieldWriter.object(entry.write)))
        precondition(again == entry, "a list entry is not what was written")
    }
    for kind in DirectoryChange.kinds { _ = try? DirectoryChange(kind: kind, from: fields) }
    for table in ProjectionTable.allCases {
        for key in ["1", "lane"] {
            _ = try? SiteMemory(rows: [ProjectionRow(ProjectionKey(table, key), bytes)])
        }
    }
    return 0
}
