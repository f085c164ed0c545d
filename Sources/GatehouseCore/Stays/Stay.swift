// SPDX-License-Identifier: Apache-2.0

/// One vehicle's time in an area, from entry to exit: the thing that is counted and billed.
package struct Stay: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, CaseIterable {
        case open
        case closed
        /// A vehicle left behind another without its own decision, presumably this one.
        case suspectedLeft = "suspected_left"
        /// Left during a fire release; a person settles it.
        case review
        /// Left by fob, button or a person's word.
        case releasedByHand = "released_by_hand"
        /// Its vehicle came in again without having been seen to leave.
        case missedExit = "missed_exit"
        case cancelled

        /// Nothing more happens to the stay; it leaves the book.
        package var isFinal: Bool {
            switch self {
            case .open, .suspectedLeft, .review: false
            case .closed, .releasedByHand, .missedExit, .cancelled: true
            }
        }
    }

    /// When and where the vehicle was seen to leave. Both instants are kept: a site bills by either.
    package struct Exit: Hashable, Sendable {
        /// nil: a person's word, no passage.
        package var lane: String?
        package var recognisedAt: WallTime
        package var passedAt: WallTime
        /// What was read there; may differ from what was read at the entry.
        package var reading: PlateReading?
        package var clock: ClockStamp

        package init(
            lane: String?, recognisedAt: WallTime, passedAt: WallTime, reading: PlateReading? = nil,
            clock: ClockStamp = .sound
        ) {
            self.clock = clock
            self.lane = lane
            self.recognisedAt = recognisedAt
            self.passedAt = passedAt
            self.reading = reading
        }
    }

    /// A person's change; the reading before stays beside the one after (`access-rules.md` §5.3).
    package struct Correction: Hashable, Sendable {
        package var by: Operator
        package var reason: String
        package var before: PlateReading
        package var after: PlateReading

        package init(by: Operator, reason: String, before: PlateReading, after: PlateReading) {
            self.by = by
            self.reason = reason
            self.before = before
            self.after = after
        }
    }

    /// The record that opened it.
    package var id: StayID
    package var opening: StayOpening
    /// What the stay is booked to now: the opening's plate until a person corrects it.
    package var plate: Plate?
    package var holder: StayHolder
    package var state: State = .open
    package var flags: [String]
    package var exit: Exit?
    package var corrections: [Correction] = []

    package init(id: StayID, opening: StayOpening) {
        self.id = id
        self.opening = opening
        plate = opening.plate
        holder = opening.holder
        flags = opening.flags
    }

    /// `open`, or in review without having been seen to leave (`lanes.md` §6.5).
    package var isCountedInside: Bool {
        !opening.isAtExit && (state == .open || state == .review && exit == nil)
    }

    package var row: ProjectionKey { Self.row(id) }
    package static func row(_ id: StayID) -> ProjectionKey { ProjectionKey(.stay, String(id.number)) }
}

/// By whose right a vehicle is inside.
package struct StayHolder: Hashable, Sendable {
    package var vehicleClass: VehicleClass
    package var permit: Int64?
    package var household: Int64?

    package init(_ vehicleClass: VehicleClass, permit: Int64? = nil, household: Int64? = nil) {
        self.vehicleClass = vehicleClass
        self.permit = permit
        self.household = household
    }
}

/// How a stay began.
package struct StayOpening: Hashable, Sendable {
    package var area: String
    /// nil: imported, not seen to enter.
    package var lane: String?
    /// Booked to: the plate decided on, which a look-alike read may differ from. A car without a plate has its
    /// code here.
    package var plate: Plate?
    package var reading: PlateReading?
    package var holder: StayHolder
    package var recognisedAt: WallTime
    package var passedAt: WallTime
    package var flags: [String]
    package var clock: ClockStamp
    /// Not seen to come in: first seen at an exit, where it is asked what the tariff has for that (`tariffs.md` §6.6). It
    /// is never counted as inside; that it left is an unmatched exit like any other.
    package var isAtExit: Bool

    package init(
        area: String, lane: String?, plate: Plate?, reading: PlateReading?, holder: StayHolder,
        recognisedAt: WallTime, passedAt: WallTime, flags: [String] = [], clock: ClockStamp = .sound,
        isAtExit: Bool = false
    ) {
        self.clock = clock
        self.isAtExit = isAtExit
        self.area = area
        self.lane = lane
        self.plate = plate
        self.reading = reading
        self.holder = holder
        self.recognisedAt = recognisedAt
        self.passedAt = passedAt
        self.flags = flags
    }

    package var code: Plate? { plate.flatMap { $0.isTemporaryCode ? $0 : nil } }
}

/// An exit that belongs to no stay yet.
package struct UnmatchedExit: Hashable, Sendable {
    /// A flag of one that was asked at the exit what the tariff has for a vehicle without an entry.
    package static let asked = "asked_at_exit"

    package var area: String
    package var plate: Plate?
    package var exit: Stay.Exit
    package var flags: [String]

    package init(area: String, plate: Plate?, exit: Stay.Exit, flags: [String] = []) {
        self.area = area
        self.plate = plate
        self.exit = exit
        self.flags = flags
    }
}
