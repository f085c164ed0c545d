// SPDX-License-Identifier: Apache-2.0
import GatehouseCore

/// Fingerprints that were met, sixteen bytes each in one flat table: hundreds of bytes cheaper than the states
/// themselves, and two of 10^8 states share one by a chance of 10^-22.
struct FingerprintSet: Sendable {
    private var slots: [(high: UInt64, low: UInt64)]
    private(set) var count = 0

    init() { slots = Array(repeating: (0, 0), count: 1 << 12) }

    func contains(_ print: LaneFingerprint) -> Bool {
        let slot = slots[place(of: print.high, print.low, in: slots)]
        return slot.high == print.high && slot.low == print.low
    }

    /// Whether it is new.
    mutating func insert(_ print: LaneFingerprint) -> Bool {
        if count * 4 >= slots.count * 3 { grow() }
        let index = place(of: print.high, print.low, in: slots)
        if slots[index].high == print.high && slots[index].low == print.low { return false }
        slots[index] = (print.high, print.low)
        count += 1
        return true
    }

    /// Where it is or would be. A slot of two zeros is free.
    private func place(of high: UInt64, _ low: UInt64, in slots: [(high: UInt64, low: UInt64)]) -> Int {
        let mask = slots.count - 1
        var index = Int(truncatingIfNeeded: high) & mask
        while slots[index].high | slots[index].low != 0 {
            if slots[index].high == high && slots[index].low == low { return index }
            index = (index + 1) & mask
        }
        return index
    }

    private mutating func grow() {
        var larger = Array(repeating: (high: UInt64(0), low: UInt64(0)), count: slots.count * 2)
        for slot in slots where slot.high | slot.low != 0 {
            larger[place(of: slot.high, slot.low, in: larger)] = slot
        }
        slots = larger
    }
}
