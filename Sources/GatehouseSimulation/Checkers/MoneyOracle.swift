// SPDX-License-Identifier: Apache-2.0

/// What a stay of the estate costs, second by second and by nothing of the engine's.
enum MoneyOracle {
    static let freeMinutes = 30
    static let unitPrice: Int64 = 200
    static let dayCap: Int64 = 2000
    static let graceMinutes = 15

    /// Seconds since 1970.
    static func fee(entry: Int64, exit: Int64) -> Int64 {
        guard exit - entry > Int64(freeMinutes) * 60 else { return 0 }
        var sum: Int64 = 0
        var today: Int64 = 0
        var day: Int64 = 0
        for second in entry..<exit where (second - entry) % 1800 == 0 {
            let now = (second - entry) / 86_400
            if now != day { (day, today) = (now, 0) }
            let charged = min(unitPrice, dayCap - today)
            today += charged
            sum += charged
        }
        return sum
    }

    /// With what was paid before: whoever paid all that was due then has a quarter of an hour to leave.
    static func owed(entry: Int64, exit: Int64, payments: [(at: Int64, amount: Int64)]) -> Int64 {
        let paid = payments.reduce(0) { $0 + $1.amount }
        if let last = payments.map(\.at).max(), paid >= fee(entry: entry, exit: min(max(entry, last), exit)),
            exit <= last + Int64(graceMinutes) * 60
        {
            return 0
        }
        return max(0, fee(entry: entry, exit: exit) - paid)
    }
}
