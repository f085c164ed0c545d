// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Under which plates cars are inside, as anybody could see who stood at the gates. A second car under a plate
/// that is inside looks like one car that left unseen and is back: the books close its old stay as a missed exit
/// (access-rules.md §4.1) and are one short from then on, with no way to know.
struct ShownPlates {
    /// The car that came in under the plate, until somebody leaves under it or the car itself leaves unread.
    private var inside: [Plate: Int] = [:]

    /// Whoever came in under this car's plate has not been seen to leave.
    func isTaken(by car: Car) -> Bool {
        guard car.direction == .in, let plate = car.shows else { return false }
        return inside[plate] != nil
    }

    /// How often each car came in, and at which time as what it was misread.
    private var entries: [Int: Int] = [:]
    private var misreads: [Int: [String: Int]] = [:]

    /// The stay under the misread plate is of an earlier visit.
    mutating func isMisreadAgain(_ car: Car, as text: String, hasStay: Bool) -> Bool {
        let visit = entries[car.number, default: 0]
        if car.direction == .in {
            misreads[car.number, default: [:]][text] = visit + 1
            return false
        }
        guard hasStay, let before = misreads[car.number]?[text] else { return false }
        return before < visit
    }

    mutating func crossed(_ car: Car) {
        if car.direction == .in { entries[car.number, default: 0] += 1 }
        switch (car.direction, car.shows) {
        case (.in, let plate?): inside[plate] = car.number
        case (.out, let plate?): inside[plate] = nil
        // An exit that nobody could read is matched when the car is back: nothing is short then.
        case (.out, nil): inside = inside.filter { $0.value != car.number }
        case (.in, nil): break
        }
    }
}
