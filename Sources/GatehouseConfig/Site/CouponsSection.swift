// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// `charging.coupons:` who bears coupons, and when one may be used.
enum CouponsSection {
    /// - Parameter tariffs: reads a list of tariff files.
    static func read(_ reader: MappingReader, tariffs: (Field) -> [TariffEdition]) -> CouponPlan {
        var plan = CouponPlan()
        if let merchants = reader.section("merchants") { plan.merchants = names(merchants) }
        if let value = reader.optional("after_payment")?.choice(CouponPlan.AfterPayment.allCases) {
            plan.afterPayment = value
        }
        if let value = reader.optional("valid_for")?.duration(in: .seconds(60)...(.seconds(366 * 86_400))) {
            plan.life = value
        }
        if let field = reader.optional("tariffs") { plan.tariffs = tariffs(field) }
        reader.finish()
        return plan
    }

    /// Words that accounts are named by, with names for people.
    private static func names(_ reader: MappingReader) -> Table<String, String> {
        var names = Table<String, String>()
        for entry in reader.entries {
            _ = reader.optional(entry.key)
            guard ScalarForms.isName(entry.key) else {
                entry.field.error(
                    "name a merchant by lower-case letters, digits and hyphens, a letter first, at most 32",
                    found: entry.key, hint: "tea-house: 茶馆")
                continue
            }
            if let name = entry.field.text() { names[entry.key] = name }
        }
        reader.finish()
        return names
    }
}

/// `charging.stored_value:` balances that pay at the exit by themselves.
enum StoredValueSection {
    static func read(_ reader: MappingReader) -> StoredValuePlan {
        var plan = StoredValuePlan()
        if let value = reader.optional("short")?.choice(StoredValuePlan.Short.allCases) { plan.short = value }
        reader.finish()
        return plan
    }
}
