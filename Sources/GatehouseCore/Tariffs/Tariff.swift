// SPDX-License-Identifier: Apache-2.0

/// What a stay costs: one version of the tariff form GTF-1 (`tariffs.md` §3). A version is never edited; a change is a
/// new one.
package struct Tariff: Hashable, Sendable {
    package var id: String
    package var version: Int
    /// ISO 4217.
    package var currency: String
    /// IANA name of the time zone in which bands, days and windows are meant.
    package var zone: String
    package var rules: TariffRules
    /// Classes that have whole keys of their own (`class_override`), with these in place.
    package var rulesOfClass: Table<String, TariffRules>

    package init(
        id: String, version: Int, currency: String, zone: String, rules: TariffRules,
        rulesOfClass: Table<String, TariffRules> = Table()
    ) {
        self.id = id
        self.version = version
        self.currency = currency
        self.zone = zone
        self.rules = rules
        self.rulesOfClass = rulesOfClass
    }
}

/// Everything that makes a price. Absent keys have the defaults of the form.
package struct TariffRules: Hashable, Sendable {
    package var clock: ClockRule = .second
    package var calendar = TariffCalendar()
    package var free: FreeMinutes?
    package var pricing: Pricing = .one(.free)
    package var bandEdge: UnitEdge = .restart
    package var stepsAnchor: StepsAnchor = .stay
    package var cycle = PriceCycle()
    package var stayCap: Money?
    package var multipliers: Table<String, Fraction> = Table()
    package var discounts: [Discount] = []
    package var coupons = CouponsPolicy()
    package var specials: [Special] = []
    package var choose: SpecialsChoice = .cheapest
    package var rounding = FeeRounding()
    package var payGrace: PayGrace?
    package var permit = PermitBilling()
    package var segments: SegmentJoin = .independent
    package var quota = QuotaRule()
    package var noEntry: NoEntryCharge = .manual
    /// A gap of up to so many minutes is no new stay.
    package var reentryWithinMinutes: Int?

    package init() {}
}

/// Which seconds count (§1.1).
package enum ClockRule: String, Hashable, Sendable, CaseIterable {
    case second
    case minuteFloorBoth = "minute_floor_both"
    case elapsedFloor = "elapsed_floor"
    case elapsedCeiling = "elapsed_ceil"
}

package struct FreeMinutes: Hashable, Sendable {
    package enum Boundary: String, Hashable, Sendable, CaseIterable { case inclusive, exclusive }
    package enum Scope: String, Hashable, Sendable, CaseIterable {
        case stay, cycle
        case firstOfDay = "day_first"
    }

    package var minutes: Int
    package var boundary: Boundary = .inclusive
    /// Once exceeded they are taken off; else the whole time is charged.
    package var isDeducted = false
    package var scope: Scope = .stay

    package init(minutes: Int) { self.minutes = minutes }
}

package enum Pricing: Hashable, Sendable {
    case one(Rate)
    case bands([Band])
}

package enum Rate: Hashable, Sendable {
    case steps(StepRate)
    case visit(Money, per: VisitScope)
    /// The first row that is long enough; the last has no limit.
    case table([TableRow])
    case free
}

package enum VisitScope: String, Hashable, Sendable, CaseIterable { case band, cycle, stay }

package struct StepRate: Hashable, Sendable {
    package enum Rounding: String, Hashable, Sendable, CaseIterable {
        /// A begun unit counts.
        case ceiling = "ceil"
        /// Only whole units count.
        case floor
    }

    package var rounding: Rounding = .ceiling
    /// A remainder of so many minutes is let off.
    package var toleranceMinutes = 0
    package var steps: [Step]

    package init(steps: [Step]) { self.steps = steps }
}

package struct Step: Hashable, Sendable {
    /// nil: without end.
    package var uptoMinutes: Int?
    package var unitMinutes: Int
    package var price: Money

    package init(uptoMinutes: Int? = nil, unitMinutes: Int, price: Money) {
        self.uptoMinutes = uptoMinutes
        self.unitMinutes = unitMinutes
        self.price = price
    }
}

package struct TableRow: Hashable, Sendable {
    /// nil: without end.
    package var uptoMinutes: Int?
    package var total: Money

    package init(uptoMinutes: Int? = nil, total: Money) {
        self.uptoMinutes = uptoMinutes
        self.total = total
    }
}

package struct Band: Hashable, Sendable {
    package var name: String
    package var span: DaySpan
    package var rate: Rate
    package var cap: Money?

    package init(name: String, span: DaySpan, rate: Rate, cap: Money? = nil) {
        self.name = name
        self.span = span
        self.rate = rate
        self.cap = cap
    }
}

/// What an edge of a band or cycle does to a unit that crosses it.
package enum UnitEdge: String, Hashable, Sendable, CaseIterable {
    /// It is cut there, and charged whole.
    case restart
    /// It is charged where it began.
    case unitStart = "unit_start"
}

/// From when "first hour" counts.
package enum StepsAnchor: String, Hashable, Sendable, CaseIterable { case stay, band, cycle }

package struct PriceCycle: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case none, rolling
        case naturalDay = "natural_day"
    }
    package enum Anchor: String, Hashable, Sendable, CaseIterable {
        case entry
        case billingStart = "billing_start"
    }

    package var kind: Kind = .none
    /// Of a rolling one.
    package var minutes = 1440
    package var cap: Money?
    package var edge: UnitEdge = .restart
    package var anchor: Anchor = .entry

    package init() {}
}

package struct Discount: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case minutes(Int, MinutesMode)
        /// Taken off.
        case percent(UInt8)
    }

    package var id: String
    package var when: VehicleMatch
    package var kind: Kind
    package var isOnceADay: Bool

    package init(id: String, when: VehicleMatch, kind: Kind, isOnceADay: Bool = false) {
        self.id = id
        self.when = when
        self.kind = kind
        self.isOnceADay = isOnceADay
    }
}

/// Facts of a vehicle that must hold; absent ones do not matter.
package struct VehicleMatch: Hashable, Sendable {
    package var energy: VehicleEnergy?
    package var vehicleClass: String?
    package var plateColour: String?

    package init() {}

    package func fits(_ vehicle: BilledVehicle) -> Bool {
        (energy == nil || energy == vehicle.energy)
            && (vehicleClass == nil || vehicleClass == vehicle.vehicleClass)
            && (plateColour == nil || plateColour == vehicle.plateColour)
    }
}

/// Where free minutes are taken off (§5).
package enum MinutesMode: String, Hashable, Sendable, CaseIterable {
    /// The time begins so much later.
    case head
    /// The time ends so much earlier.
    case tail
    /// What the first minutes cost is taken off; the rest keeps its later price.
    case feeOfHead = "fee_of_head"
}

package struct CouponsPolicy: Hashable, Sendable {
    package enum Stack: String, Hashable, Sendable, CaseIterable {
        case all
        case bestOne = "best_one"
        case onePerKind = "one_per_kind"
    }

    package var stack: Stack = .all
    package var minutesMode: MinutesMode = .head
    package var isPercentFirst = true

    package init() {}
}

/// A flat price for whoever comes and goes at certain times.
package struct Special: Hashable, Sendable {
    package var id: String
    /// Of the entry.
    package var days: [DaySelector] = []
    /// Minutes of the day, inclusive to the second.
    package var entryFrom: Int?
    package var entryBy: Int?
    package var exitFrom: Int?
    package var exitBy: Int?
    /// Days after the entry's on which the exit's bounds are meant.
    package var exitDay = 0
    package var maximumMinutes: Int?
    package var price: Money

    package init(id: String, price: Money) {
        self.id = id
        self.price = price
    }
}

package enum SpecialsChoice: String, Hashable, Sendable, CaseIterable {
    case cheapest
    case firstMatch = "first_match"
}

package struct FeeRounding: Hashable, Sendable {
    package enum Mode: String, Hashable, Sendable, CaseIterable {
        case down
        case halfUp = "half_up"
        case up
    }

    /// Minor units.
    package var to: Int64 = 1
    package var mode: Mode = .down

    package init() {}
}

package struct PayGrace: Hashable, Sendable {
    package enum Overtime: String, Hashable, Sendable, CaseIterable {
        case `continue`
        case newFromPayment = "new_from_payment"
        case newFromGraceEnd = "new_from_grace_end"
    }

    package var minutes: Int
    package var overtime: Overtime = .continue
    package var isFreeAgain = false

    package init(minutes: Int) { self.minutes = minutes }
}

package struct PermitBilling: Hashable, Sendable {
    package enum MidStayExpiry: String, Hashable, Sendable, CaseIterable {
        case afterExpiry = "after_expiry"
        case wholeStay = "whole_stay"
        case freeThisStay = "free_this_stay"
    }
    package enum OutOfWindow: String, Hashable, Sendable, CaseIterable {
        case portion = "bill_portion"
        case wholeStay = "bill_whole_stay"
    }

    package var midStayExpiry: MidStayExpiry = .afterExpiry
    package var graceDays = 0
    package var outOfWindow: OutOfWindow = .portion
    package var edgeToleranceMinutes = 0

    package init() {}
}

/// Several billed portions of one stay are each a small stay, or one running time.
package enum SegmentJoin: String, Hashable, Sendable, CaseIterable { case independent, `continue` }

package struct QuotaRule: Hashable, Sendable {
    package enum Decide: String, Hashable, Sendable, CaseIterable {
        case atEntry = "at_entry"
        case atExit = "at_exit"
    }
    package enum Convert: String, Hashable, Sendable, CaseIterable {
        case fromMoment = "from_moment"
        case whole, none
    }

    package var decide: Decide = .atEntry
    package var convert: Convert = .fromMoment

    package init() {}
}

/// What a stay without an entry costs (§6.6).
package enum NoEntryCharge: Hashable, Sendable {
    case manual
    case fixed(Money)
    case firstStep
    case cycleCap
}
