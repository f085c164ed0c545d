// SPDX-License-Identifier: Apache-2.0

/// What the site knows at the instant of a decision besides plan and directory. Filled for one call and
/// dropped: the tables in it share their storage with the stay book.
package struct AccessSituation: Sendable {
    /// What somebody with the authority said about the vehicle that waits here.
    package enum OperatorCommand: Hashable, Sendable {
        case open
        case refuse
        /// The waiting vehicle may pass; with a plate: it is this one, judged as if read exactly.
        case confirm(as: Plate?)
    }

    /// What the tariffs say about the stay that wants to leave.
    package enum Payment: String, Hashable, Sendable {
        /// The site charges nothing, or nobody can say how much.
        case none
        /// There is a price, and it is zero.
        case free
        /// The same, and the site wants a guard to look at it first.
        case freeToConfirm = "free_to_confirm"
        case due
        /// Due, and a guard lets it pay later.
        case later
        /// Due, nobody can be asked for it, and the site lets it go and owe then.
        case trusted
        case settled
        /// A vehicle of this stay is being let out at another lane, and a stay is let out once (`tariffs.md` §10.3).
        case usedElsewhere = "used_elsewhere"
    }

    /// An open stay as far as a decision needs it.
    package struct OpenStay: Hashable, Sendable {
        package var id: StayID
        package var plate: Plate
        package var permit: Int64?
        package var household: Int64?
        package var vehicleClass: VehicleClass
        /// Counts as inside.
        package var isCountedInside: Bool
        /// Counts among its household's cars in `carsInside`.
        package var takesSpace: Bool

        package init(
            id: StayID, plate: Plate, permit: Int64? = nil, household: Int64? = nil,
            vehicleClass: VehicleClass = .temporary, isCountedInside: Bool = true
        ) {
            self.id = id
            self.plate = plate
            self.permit = permit
            self.household = household
            self.vehicleClass = vehicleClass
            self.isCountedInside = isCountedInside
            takesSpace = isCountedInside
        }
    }

    package var isFireActive = false
    package var isDrill = false
    /// A fault keeps this lane from being used; a technician's hold comes with the request.
    package var isLaneOutOfService = false
    /// Scheduled free passage (常开).
    package var isFreePassage = false
    package var operatorCommand: OperatorCommand?
    /// Another barrier of the interlock set is not confirmed down.
    package var isInterlockBusy = false
    /// The other direction of a two-way lane has the token.
    package var isOpposed = false
    /// Cars in the area, not clamped (`StayBook.occupancy`).
    package var occupancy = 0
    /// Stays that are not finished: those of the read plate and of its look-alikes.
    package var openStays: [OpenStay] = []
    /// Cars inside by household that take one of its spaces.
    package var carsInside: Table<Int64, Int> = Table()
    /// How often visitors came in.
    package var visits = VisitEntries()
    package var isStoreAvailable = true
    /// Of the stays above; absent is none.
    package var payments: Table<StayID, Payment> = Table()
    /// The site bars this temporary vehicle's entry for arrears; only ever set where its plan says so.
    package var isBarredForArrears = false

    package init() {}
}
