// SPDX-License-Identifier: Apache-2.0

/// A stay that is over, as another tariff is asked to price it. Without coupons, without what people changed and without
/// earlier debts, on both sides: none of them says anything about a tariff.
package struct RehearsedStay: Hashable, Sendable {
    package var id: StayID
    package var facts: StayFacts
    /// nil: nothing was charged.
    package var oldFee: Money?
    package var holder: HolderKind

    package init(id: StayID, facts: StayFacts, oldFee: Money?, holder: HolderKind) {
        self.id = id
        self.facts = facts
        self.oldFee = oldFee
        self.holder = holder
    }
}

/// Whose stay it was, as those who vote on a tariff tell them apart.
package enum HolderKind: String, Hashable, Comparable, Sendable, CaseIterable {
    /// By a permit.
    case resident
    /// A household's car beyond its spaces (`tariffs.md` §6.2).
    case surplus
    case temporary, visitor, allowlist, emergency, unidentified

    package init(_ holder: StayHolder) {
        switch holder.vehicleClass {
        case .permit: self = .resident
        case .temporary: self = holder.household == nil ? .temporary : .surplus
        case .visitor: self = .visitor
        case .allowlist: self = .allowlist
        case .emergency: self = .emergency
        case .unidentified: self = .unidentified
        }
    }

    package static func < (a: HolderKind, b: HolderKind) -> Bool { a.place < b.place }

    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Why a stay has nothing to compare. Each is counted: a missing fact is never a silent guess (`tariffs.md` §1, 6).
package enum RehearsalGap: String, Hashable, Comparable, Sendable, CaseIterable {
    /// An exit that belongs to no stay, or a stay whose beginning is not in this journal.
    case noEntry = "no_entry"
    case missedExit = "missed_exit"
    case cancelled
    /// Inside, or waiting for a person's word.
    case unfinished
    /// The tariff leaves it to a person: the clock was stepped back.
    case needsPerson = "needs_person"
    /// Beyond what the form can price.
    case noPrice = "no_price"
    /// Was charged in another currency.
    case otherCurrency = "other_currency"
    /// Was charged, and the record that says how much is deleted or not readable.
    case chargeUnreadable = "charge_unreadable"

    package static func < (a: RehearsalGap, b: RehearsalGap) -> Bool { a.place < b.place }

    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
