// SPDX-License-Identifier: Apache-2.0

/// What a `stayCharged` record says of the facts that were priced and of the fee: the part of it that another tariff is
/// compared with.
struct ChargedStay: Hashable, Sendable {
    struct Price: Hashable, Sendable {
        var entry: Int64
        var exit: Int64
        var vehicleClass: String
        var energy: VehicleEnergy?
        var exemption: String?
        var currency: String
        /// Before payments, what people changed and debts, which the fee never holds (`tariffs.md` §9), and before
        /// coupons.
        var fee: Money
        /// A cap was shared with other visits of the plate.
        var sharesCaps: Bool
    }

    var stay: StayID
    /// nil: it had no price.
    var price: Price?

    init(from fields: Fields) throws(FieldError) {
        stay = StayID(try fields.integer("stay"))
        guard let charge = try fields.objectIfPresent("charge") else { return }
        var fee = try charge.integer("fee")
        for use in try fields.objects("coupons") { fee &+= try use.integer("used") }
        price = Price(
            entry: try fields.integer("entry_s"), exit: try fields.integer("exit_s"),
            vehicleClass: try fields.string("class"),
            energy: try fields.wordIfPresent("energy", as: VehicleEnergy.self),
            exemption: try fields.stringIfPresent("exempt"), currency: try fields.string("currency"),
            fee: Money(fee),
            sharesCaps: try fields.objectIfPresent("history")?.has("cap_charged") ?? false)
    }
}
