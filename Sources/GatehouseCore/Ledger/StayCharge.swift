// SPDX-License-Identifier: Apache-2.0

/// What was asked of a vehicle that waits, kept so that it can be shown, paid and explained later (`tariffs.md` §10.1).
/// Its record's number is the quote's identity.
package struct QuoteFact: Hashable, Sendable {
    package var stay: StayID
    /// nil: asked for from afar.
    package var lane: String?
    package var priced: StayBilling.Priced
    /// Seconds since 1970.
    package var computedAt: Int64
    /// Until then the same is due.
    package var validUntil: Int64
    /// The one that it stands in place of.
    package var supersedes: Sequence?
    /// Entries of other vehicles that may have been this one's.
    package var entries: [EntryOption] = []

    package var due: Money { priced.charge.due ?? .zero }

    /// Kept for this stay from now on.
    package var coupons: [String] { priced.charge.coupons.map(\.coupon) }
}

/// The end of a stay in money: what it cost, what was paid for it, and what became of the difference.
package struct StayCharge: Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// Nothing was to be paid.
        case free
        case paid
        /// Let out, by the rules or by a person, with the debt on record.
        case owed
        /// Left behind another vehicle, or by an arm that nobody of ours opened.
        case escaped
        /// Nobody knows what it cost: the exit was missed, or there is no price.
        case unknown
        case cancelled
    }

    package var stay: StayID
    package var plate: Plate?
    package var household: Int64?
    package var category: IncomeCategory
    package var outcome: Outcome
    /// nil where it has no price.
    package var priced: StayBilling.Priced?
    /// Taken from what was paid for it.
    package var paid: Money
    /// Left to pay for this stay.
    package var owed: Money
    /// Earlier debts that the payment reached.
    package var collected: [Arrears]
    /// Paid too much.
    package var excess: Money
    /// What coupons took off, and who bears it.
    package var coupons: [CouponUse] = []
    package var postings: [Posting]
    /// What is owed is contested.
    package var isDisputed = false
    /// The exit without an entry that turned out to be this stay's: its vehicle was charged there.
    package var askedAtExit: Sequence?
    /// What the plate's next stay has to know of this one and those before.
    package var history: PlateHistory?
}

extension StayBilling.Priced {
    /// What a bill is recomputed from, and the bill.
    func write(to fields: inout FieldWriter) {
        fields.put("tariff", edition.tariff.id)
        fields.put("version", edition.tariff.version)
        fields.put("tariff_hash", edition.hash)
        fields.put("currency", edition.tariff.currency)
        fields.put("entry_s", entry)
        fields.put("exit_s", exit)
        fields.put("class", vehicle.vehicleClass)
        fields.put("class_by", classRule)
        fields.put("energy", ifPresent: vehicle.energy?.rawValue)
        fields.put("exempt", ifPresent: vehicle.exemption)
        fields.put("tariff_by", ifPresent: tariffBy)
        fields.put("free_by", ifAny: freeBy)
        let zone = edition.zone
        fields.put("charge", object: { charge.write(to: &$0, in: zone) })
        if let doubt { fields.put("doubt", object: doubt.write) }
    }
}

extension QuoteFact {
    func write(to fields: inout FieldWriter) {
        fields.put("stay", stay.number)
        fields.put("lane", ifPresent: lane)
        priced.write(to: &fields)
        fields.put("computed_s", computedAt)
        fields.put("valid_until_s", validUntil)
        fields.put("coupons", ifAny: coupons)
        fields.put("supersedes", ifPresent: supersedes?.number)
        fields.put(entries)
    }
}

extension StayCharge {
    func write(to fields: inout FieldWriter) {
        fields.put("stay", stay.number)
        fields.put("plate", ifPresent: plate?.text)
        fields.put("household", ifPresent: household)
        fields.put("category", category.rawValue)
        fields.put("outcome", outcome.rawValue)
        priced?.write(to: &fields)
        fields.put("paid", paid.minorUnits)
        fields.put("owed", owed.minorUnits)
        fields.put(collected: collected)
        fields.put("excess", excess.minorUnits)
        if !coupons.isEmpty { fields.put("coupons", objects: coupons) { $0.write(to: &$1) } }
        fields.put("disputed", ifTrue: isDisputed)
        fields.put("asked_at_exit", ifPresent: askedAtExit?.number)
        if let history { fields.put("history", object: history.write) }
        fields.put(postings: postings)
    }
}
