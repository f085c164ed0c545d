// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Adds the books up from the records' own postings, without the fold that keeps the balances: each record's lines come
/// to nothing, and each account's row is what its lines come to. Over the whole journal: records of money are kept for
/// ever.
struct PostingsCheck {
    private var balances: [String: Int64] = [:]

    /// Whether the lines of a record come to nothing. A payload that nobody can read is another check's.
    mutating func take(_ record: StoredRecord) -> Bool {
        guard let payload = record.payload, let fields = try? Fields(payload) else { return true }
        guard let postings = try? fields.postings(), postings.isBalanced else { return false }
        for posting in postings {
            let (sum, overflow) = (balances[posting.account.name] ?? 0).addingReportingOverflow(
                posting.amount.minorUnits)
            guard !overflow else { return false }
            balances[posting.account.name] = sum
        }
        return true
    }

    /// Accounts whose row says something else.
    func differences(from rows: [ProjectionRow]) -> [ProjectionKey] {
        var rest = balances
        var differing: [ProjectionKey] = []
        for row in rows where row.key.table == .balance {
            let shown = (try? Fields(row.value))?.number("balance")
            if shown != rest.removeValue(forKey: row.key.key) ?? 0 { differing.append(row.key) }
        }
        differing += rest.filter { $0.value != 0 }.keys.sorted().map { ProjectionKey(.balance, $0) }
        return differing
    }
}
