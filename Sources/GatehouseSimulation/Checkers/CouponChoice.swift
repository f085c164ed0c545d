// SPDX-License-Identifier: Apache-2.0

/// Which coupons of a stay count together (`tariffs.md` §5, 4 and 5), read as a merchant's customer reads it.
struct CouponChoice {
    /// That take something off and hold at the end of the stay, in the order in which they were given.
    let held: [MoneyOracle.Coupon]
    let stacking: PriceBoard.Stacking

    /// - Parameter fee: what the stay costs with this one alone, as it would be asked.
    func used(fee: (MoneyOracle.Coupon) -> Int64) -> [MoneyOracle.Coupon] {
        // Free is free: nothing else is used then.
        if let full { return [full] }
        switch stacking {
        case .all: return held
        case .bestOne:
            let alone = held.map { (coupon: $0, fee: fee($0)) }
            let best = alone.min { ($0.fee, $0.coupon.id) < ($1.fee, $1.coupon.id) }
            return best.map { [$0.coupon] } ?? []
        case .onePerKind:
            var largest: [String: MoneyOracle.Coupon] = [:]
            for one in held.sorted(by: { $0.id < $1.id }) {
                guard one.kind.value > largest[one.kind.name]?.kind.value ?? 0 else { continue }
                largest[one.kind.name] = one
            }
            return held.filter { largest[$0.kind.name] == $0 }
        }
    }

    /// `COUPON_NOT_STACKABLE`: some were left out, and not only because one makes all of it free.
    func isFlagged(using used: [MoneyOracle.Coupon]) -> Bool {
        used.count < held.count && (full == nil || stacking == .bestOne)
    }

    private var full: MoneyOracle.Coupon? { held.first { $0.kind == .full } }
}

extension MoneyOracle.Coupon.Kind {
    var comesOffPrice: Bool {
        switch self {
        case .minutes, .amount, .percent, .full: true
        case .tariff, .period: false
        }
    }

    fileprivate var name: String {
        switch self {
        case .minutes: "minutes"
        case .amount: "amount"
        case .percent: "percent"
        case .full: "full"
        case .tariff: "tariff"
        case .period: "period"
        }
    }

    fileprivate var value: Int64 {
        switch self {
        case .minutes(let value), .amount(let value), .percent(let value): value
        case .full, .tariff, .period: 0
        }
    }
}
