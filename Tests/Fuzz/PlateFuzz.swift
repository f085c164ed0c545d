// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Plate text of any camera. A plate that was read keeps its identity through its own text.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let first = bytes.first else { return 0 }
    let colors = PlateColor.allCases
    let kinds = PlateKind.allCases
    let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
    let reading = PlateGrammar.parse(
        text, color: colors[Int(first) % colors.count], declared: kinds[Int(first) / 16 % kinds.count])
    guard let plate = reading.plate else { return 0 }
    precondition(Plate(plate.text, allowingWildcards: true) == plate, "\(plate.text) is another plate")
    _ = PlateMatch(read: plate, color: reading.color, known: [plate]).ranked
    _ = Directory.empty.candidates(near: plate)
    _ = StayBook().stays(near: plate)
    return 0
}
