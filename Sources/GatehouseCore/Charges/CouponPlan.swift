// SPDX-License-Identifier: Apache-2.0

/// Coupons that a site takes: `charging.coupons` of `site.yaml`.
package struct CouponPlan: Hashable, Sendable {
    /// What a coupon does for a stay that is paid for.
    package enum AfterPayment: String, Hashable, Sendable, CaseIterable {
        /// `COUPON_AFTER_PAYMENT`: it stays unused.
        case refuse
        case allow
    }

    /// Who bears coupons, by the word that accounts and records name them by, with the name that people read.
    package var merchants: Table<String, String> = Table()
    package var afterPayment = AfterPayment.refuse
    /// How long one is good for that is granted without an end.
    package var life: Duration = .seconds(86_400)
    /// Tariffs that a coupon may put in the place of the site's, by rising `from`.
    package var tariffs: [TariffEdition] = []

    package init() {}

    /// nil: no tariff of this id is in force.
    func edition(_ id: String, _ rule: PricingPlan.VersionRule, entry: Int64, exit: Int64) -> TariffEdition? {
        let at = rule == .atEntry ? entry : exit
        return tariffs.last { $0.tariff.id == id && $0.from <= at }
    }
}

/// Balances that pay at the exit by themselves (储值): `charging.stored_value`. nil in the plan: none are taken.
package struct StoredValuePlan: Hashable, Sendable {
    /// What an exit does when there is too little (`tariffs.md` §10.2). None of them keeps a vehicle longer than the
    /// charge itself may (architecture §14).
    package enum Short: String, Hashable, Sendable, CaseIterable {
        /// Takes nothing and calls the guard, who tops up: the exit then settles by itself.
        case refuse
        /// Takes nothing: it pays like any other vehicle.
        case treatAsTemporary = "treat_as_temporary"
        /// Takes what there is and asks for the rest.
        case drainThenRest = "drain_then_rest"
    }

    package var short = Short.treatAsTemporary

    package init() {}
}
