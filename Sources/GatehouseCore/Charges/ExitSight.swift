// SPDX-License-Identifier: Apache-2.0

/// What was read of a vehicle that leaves, beside the stay that it was taken for.
package struct ExitSight: Hashable, Sendable {
    /// Another plate was read than the stay has.
    package var isMisread = false
    /// Entries of other vehicles that may have been this one's.
    package var entries: [EntryOption] = []

    package init() {}
}

extension StayBook {
    /// Another plate than the stay's was read, or a person has put it right: other stays that the read may have meant are
    /// then as good as this one, up to one character or another province (`tariffs.md` §6.6).
    func sight(of stay: Stay, leavingAs reading: PlateReading?) -> ExitSight {
        var sight = ExitSight()
        guard let reading, let read = reading.plate else { return sight }
        sight.isMisread = read != stay.plate
        guard sight.isMisread || !stay.corrections.isEmpty else { return sight }
        sight.entries = candidates(for: reading).filter {
            $0.reference != stay.id.number && $0.distance <= PlateLookAlike.other
        }.compactMap { self.stay(StayID($0.reference)) }.filter { $0.opening.area == stay.opening.area }
            .map(EntryOption.init)
        return sight
    }
}

extension Charge {
    /// What was paid too much is given back, so it is the fee that counts; of equal ones what is left to pay.
    func costsLess(than other: Charge) -> Bool {
        (fee ?? .zero, due ?? .zero) < (other.fee ?? .zero, other.due ?? .zero)
    }
}
