// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// S7, its part about balances that were put in beforehand: never below nothing, never spent twice, and what is
/// remembered of each is what came in less what went out.
struct BalancesOnRecord {
    /// By the key of its row.
    private(set) var balances: [String: Int64] = [:]

    var sum: Int64 { balances.values.reduce(0, +) }

    static func holder(_ fields: Fields?) -> String? {
        guard let fields else { return nil }
        if let household = fields.number("household") { return "household \(household)" }
        return fields.text("plate").map { "plate \($0)" }
    }

    mutating func change(_ holder: String?, by amount: Int64, _ record: Record) -> String? {
        let number = record.sequence.number
        guard let holder else { return "record \(number) changes nobody's balance" }
        let balance = balances[holder, default: 0] + amount
        guard balance >= 0 else {
            return "record \(number) takes \(-amount) out of \(balances[holder, default: 0]) of \(holder)"
        }
        balances[holder] = balance == 0 ? nil : balance
        let change = record.changes.last { $0.row == ProjectionKey(.stored, holder) }
        let row = change?.value.flatMap { try? Fields($0) }?.number("balance") ?? 0
        guard change != nil, row == balance else {
            let remembered = change == nil ? "nothing" : "\(row)"
            return "record \(number) leaves \(balance) to \(holder) and remembers \(remembered)"
        }
        return nil
    }
}
