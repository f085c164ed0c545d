// SPDX-License-Identifier: Apache-2.0

/// What is known of a stay when its price is asked (`tariffs.md` §3.1). Instants are whole seconds since 1970, UTC.
package struct StayFacts: Hashable, Sendable {
    /// nil: no record of an entry.
    package var entry: Int64?
    /// The exit, or the instant of the quote while the vehicle is inside.
    package var exit: Int64
    package var vehicle = BilledVehicle()
    package var permits: [BilledPermit] = []
    package var coupons: [Coupon] = []
    /// Confirmed, for this stay only.
    package var payments: [StayPayment] = []
    /// Used earlier on the same local day by the same plate: discounts by id, and the free minutes.
    package var usedToday: [String] = []
    package var freeMinutesUsedToday = false
    package var carry: CapCarry?
    package var previous: PreviousStay?
    package var arrears: [Arrears] = []
    package var adjustments: [Adjustment] = []
    /// Of a household's vehicle: when it was a temporary one, by the household's rule. The rest is covered.
    package var temporary: [TimeSpan]?
    /// Time that somebody else pays for: never billed here, whatever a household's rule or permits say.
    package var paidByOthers: [TimeSpan] = []

    package init(entry: Int64?, exit: Int64) {
        self.entry = entry
        self.exit = exit
    }
}

package enum VehicleEnergy: String, Hashable, Sendable, CaseIterable {
    case combustion = "ice"
    case newEnergy = "nev"
}

package struct BilledVehicle: Hashable, Sendable {
    package var vehicleClass = "small"
    package var energy: VehicleEnergy?
    package var plateColour: String?
    /// Why it never pays: police, ambulance …
    package var exemption: String?

    package init() {}
}

package struct BilledPermit: Hashable, Sendable {
    package var validFrom: CivilDate
    /// Inclusive.
    package var validTo: CivilDate
    /// nil: always. None of them: never.
    package var windows: [DaySpan]?
    /// Of a visitor: this and nothing else is covered. A stay that goes on beyond it is billed from there, whatever the
    /// tariff says of permits that expire (§6.4).
    package var visit: TimeSpan?

    package init(
        validFrom: CivilDate, validTo: CivilDate, windows: [DaySpan]? = nil, visit: TimeSpan? = nil
    ) {
        self.validFrom = validFrom
        self.validTo = validTo
        self.windows = windows
        self.visit = visit
    }
}

package struct Coupon: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case minutes(Int)
        case amount(Money)
        /// Taken off.
        case percent(UInt8)
        case full
        /// The stay is priced under the tariff of this id (不同计价券). None of a tariff's own rules: who chooses the
        /// tariff knows it.
        case tariff(String)
        /// Free from `validFrom` to `validTo`, for as many stays as there are (长期免费券).
        case period
    }

    package var id: String
    package var kind: Kind
    package var validFrom: Int64?
    package var validTo: Int64?

    package init(id: String, kind: Kind, validFrom: Int64? = nil, validTo: Int64? = nil) {
        self.id = id
        self.kind = kind
        self.validFrom = validFrom
        self.validTo = validTo
    }
}

package struct StayPayment: Hashable, Sendable {
    package var at: Int64
    package var amount: Money

    package init(at: Int64, amount: Money) {
        self.at = at
        self.amount = amount
    }
}

/// What the same plate was charged before under the cap of the same cycle (§6.3).
package enum CapCarry: Hashable, Sendable {
    case day(CivilDate, charged: Money)
    /// The first visit of a rolling period.
    case anchor(Int64, charged: Money)
}

package struct PreviousStay: Hashable, Sendable {
    package var entry: Int64
    package var exit: Int64
    package var charged: Money

    package init(entry: Int64, exit: Int64, charged: Money) {
        self.entry = entry
        self.exit = exit
        self.charged = charged
    }
}

package struct Arrears: Hashable, Sendable {
    package var reference: String
    package var amount: Money

    package init(reference: String, amount: Money) {
        self.reference = reference
        self.amount = amount
    }
}

package struct Adjustment: Hashable, Sendable {
    package enum Change: Hashable, Sendable {
        case by(Money)
        case feeIs(Money)
    }

    package var reason: String
    package var change: Change

    package init(reason: String, change: Change) {
        self.reason = reason
        self.change = change
    }
}
