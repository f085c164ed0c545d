// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// S7, by the month: what the public statement says is what the records add up to, reckoned here a second time.
struct StatementOracle {
    struct Month: Hashable {
        /// Minor units, and how often.
        struct Sum: Hashable {
            var count: Int64 = 0
            var amount: Int64 = 0

            mutating func add(_ more: Int64) {
                count += 1
                amount += more
            }
        }

        var income: Int64 = 0
        var outcomes: [String: Int64] = [:]
        var opened = Sum()
        var collected = Sum()
        var refunds = Sum()
        var differences = Sum()
    }

    private let zone: ZoneRules
    /// By `2026-03`.
    private(set) var months: [String: Month] = [:]

    init(zone: ZoneRules) { self.zone = zone }

    mutating func durable(_ record: Record, _ fields: Fields) {
        guard MoneyFact.kinds.contains(record.kind) else { return }
        let local = record.at.wall + .seconds(zone.initialOffset)
        let name = String(local.rfc3339.prefix(7))
        var month = months[name] ?? Month()
        for line in (try? fields.objects("postings")) ?? []
        where line.text("account")?.hasPrefix("income.") == true {
            month.income -= line.number("amount") ?? 0
        }
        switch record.kind {
        case "paymentSettled" where fields.text("use") == "arrears":
            month.collected.add((fields.number("amount") ?? 0) - (fields.number("rest") ?? 0))
        case "stayCharged":
            month.outcomes[fields.text("outcome") ?? "", default: 0] += 1
            if let owed = fields.number("owed"), owed != 0 { month.opened.add(owed) }
            for line in (try? fields.objects("collected")) ?? [] {
                month.collected.add(line.number("amount") ?? 0)
            }
        case "paymentRefunded": month.refunds.add(fields.number("amount") ?? 0)
        case "shiftClosed": month.differences.add(fields.number("difference") ?? 0)
        default: break
        }
        months[name] = month
    }

    /// Every month's statement made from all records.
    func finish(_ records: some Swift.Sequence<Record>) -> (String, String)? {
        for (name, mine) in months.sorted(by: { $0.key < $1.key }) {
            guard let month = CivilMonth(name) else { return ("S7", "\(name) is no month") }
            var statement = Statement(month: month, zone: zone)
            for record in records where Statement.kinds.contains(record.kind) {
                statement.take(
                    record.kind, try? Fields(record.payload), record: record.sequence, at: record.at.wall)
            }
            if let wrong = Self.compare(statement, mine) {
                return ("S7", "the statement of \(name) says \(wrong)")
            }
        }
        return nil
    }

    private static let endings = [
        "free": "free", "paid": "paid", "left owing": "owed", "escaped": "escaped", "cost unknown": "unknown",
        "cancelled": "cancelled",
    ]

    /// The first row that says something else.
    static func compare(_ statement: Statement, _ mine: Month) -> String? {
        for row in statement.sections.flatMap(\.rows) {
            let expected: (count: Int64?, amount: Int64?)
            switch row.english {
            case "total": expected = (nil, mine.income)
            case "arrears opened": expected = (mine.opened.count, mine.opened.amount)
            case "arrears collected": expected = (mine.collected.count, mine.collected.amount)
            case "refunds": expected = (mine.refunds.count, mine.refunds.amount)
            case "cash differences of shifts": expected = (mine.differences.count, mine.differences.amount)
            case let ending:
                guard let outcome = endings[ending] else { continue }
                expected = (mine.outcomes[outcome, default: 0], nil)
            }
            guard (row.count, row.amount) != (expected.count, expected.amount) else { continue }
            return "\(row.english) \(row.count ?? 0) \(row.amount ?? 0), the records "
                + "\(expected.count ?? 0) \(expected.amount ?? 0)"
        }
        return nil
    }
}
