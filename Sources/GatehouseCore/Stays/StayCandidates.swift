// SPDX-License-Identifier: Apache-2.0

/// Which stay might be meant (`plates.md` §7 rule 3): for the guard at an exit, and for the rules.
extension StayBook {
    /// Unfinished stays that a read may belong to, nearest first, at most `PlateMatch.shown`. Never chosen
    /// from silently: that is `PlateMatch`'s margin, or a person.
    package func candidates(for reading: PlateReading) -> [Decision.Candidate] {
        guard let read = reading.plate else { return [] }
        let near = stays(near: read).compactMap { stay -> Decision.Candidate? in
            // What was first seen at an exit was nobody's entry.
            guard let plate = stay.plate, !stay.opening.isAtExit else { return nil }
            let distance = PlateLookAlike.distance(read: read, color: reading.color, to: plate)
            guard distance <= 2 * PlateLookAlike.other else { return nil }
            return Decision.Candidate(
                plate: plate, distance: distance, source: "stay", reference: stay.id.number)
        }
        let ranked = near.sorted {
            ($0.distance, $0.plate, $0.reference) < ($1.distance, $1.plate, $1.reference)
        }
        return Array(ranked.prefix(PlateMatch.shown))
    }

    /// Of an exit that nobody could read those that came in unread, by their codes: time and picture tell a
    /// person more than any distance.
    package func candidates(for exit: UnmatchedExit) -> [Decision.Candidate] {
        if let reading = exit.exit.reading, reading.plate != nil { return candidates(for: reading) }
        let unread = unidentifiedStays(in: exit.area).filter { $0.opening.passedAt <= exit.exit.passedAt }
        return unread.prefix(PlateMatch.shown).compactMap { stay in
            stay.plate.map { plate in
                Decision.Candidate(
                    plate: plate, distance: PlateLookAlike.never, source: "stay", reference: stay.id.number)
            }
        }
    }

    /// Stays that nobody could read, oldest first.
    package func unidentifiedStays(in area: String) -> [Stay] {
        stays.inOrder.map(\.value).filter {
            $0.holder.vehicleClass == .unidentified && $0.opening.area == area && $0.isCountedInside
        }
    }
}

extension AccessSituation {
    /// Fills what the stay book knows: counts of the area, cars of households, stays of the plate (read, or
    /// confirmed by a person) and, unless that one is inside or known otherwise, of its look-alikes: exact
    /// knowledge ends the search (`LookAlikeSearch`).
    /// - Parameter permitCarsAlone: a household's car that came in as a temporary one takes none of its spaces.
    package mutating func consult(
        _ book: StayBook, about plate: Plate?, isKnown: Bool, area: String, permitCarsAlone: Bool = false
    ) {
        occupancy = book.occupancy(of: area)
        carsInside = permitCarsAlone ? book.permitCarsInside : book.carsInside
        openStays = []
        guard let plate else { return }
        openStays = book.stays(of: plate).compactMap(OpenStay.init)
        if openStays.isEmpty, !isKnown { openStays = book.stays(near: plate).compactMap(OpenStay.init) }
        for index in openStays.indices where permitCarsAlone && openStays[index].vehicleClass != .permit {
            openStays[index].takesSpace = false
        }
    }
}

extension AccessSituation.OpenStay {
    fileprivate init?(_ stay: Stay) {
        guard let plate = stay.plate else { return nil }
        self.init(
            id: stay.id, plate: plate, permit: stay.holder.permit, household: stay.holder.household,
            vehicleClass: stay.holder.vehicleClass, isCountedInside: stay.isCountedInside)
    }
}
