// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Coupons and balances as tables for people.
package enum CouponText {
    package static func text(_ result: CouponListResult, zone: ZoneRules) -> String {
        guard !result.coupons.isEmpty else { return "no coupon waits" }
        return result.coupons.map { line in
            let coupon = line.grant.coupon
            let parts: [String?] = [
                coupon.id, face(coupon.kind),
                line.grant.merchant.map { "by \(line.merchantName ?? $0)" } ?? "by the site",
                line.grant.plate.map { "plate \($0.text)" }, line.grant.stay.map { "stay \($0.number)" },
                coupon.validFrom.map { "from \(zone.stamp($0))" },
                coupon.validTo.map { "to \(zone.stamp($0))" },
                line.isPaid ? "used with a payment" : line.reservedFor.map { "reserved for stay \($0)" },
            ]
            return parts.compactMap(\.self).joined(separator: ", ")
        }.joined(separator: "\n")
    }

    /// `120 minutes`, `5.00`, `20 % off`, `everything`, `tariff hotel`, `free for a while`.
    package static func face(_ kind: Coupon.Kind) -> String {
        switch kind {
        case .minutes(let minutes): "\(minutes) minutes"
        case .amount(let amount): MoneyWords(currency: "CNY").number(amount)
        case .percent(let percentage): "\(percentage) % off"
        case .full: "everything"
        case .tariff(let id): "tariff \(id)"
        case .period: "free for a while"
        }
    }

    package static func text(_ result: StoredResult) -> String {
        guard !result.balances.isEmpty else { return "no balances" }
        let words = MoneyWords(currency: "CNY")
        return result.balances.map { line in
            "\(name(line.holder, line.name)): \(words.number(Money(line.balance)))"
        }.joined(separator: "\n")
    }

    private static func name(_ holder: StoredHolder, _ name: String?) -> String {
        switch holder {
        case .household(let id): "household \(name ?? String(id))"
        case .plate(let plate): plate.text
        }
    }
}
