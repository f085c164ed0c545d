// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore

/// Tariff files in the form GTF-1, and prices under whatever was read.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    guard let tariff = TariffReader.read(text, file: "tariff.yaml").tariff else { return 0 }
    for length in [-1, 0, 3_601, 90_000, 2_600_000] as [Int64] {
        let entry: Int64 = 1_777_996_800
        guard let charge = try? tariff.price(StayFacts(entry: entry, exit: entry + length), in: .utc),
            let due = charge.due
        else { continue }
        precondition(charge.lines.reduce(Int64(0)) { $0 + $1.amount.minorUnits } == due.minorUnits)
    }
    _ = try? tariff.price(StayFacts(entry: nil, exit: 0), in: .utc)
    return 0
}
