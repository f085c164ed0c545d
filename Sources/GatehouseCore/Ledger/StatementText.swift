// SPDX-License-Identifier: Apache-2.0

/// A statement as it hangs on the notice board: Chinese with English beside it, amounts as whole minor units and in
/// yuan or another currency, in an order that depends on nothing but the statement. `docs/statement.py` writes the same bytes.
extension Statement {
    package struct Row: Hashable, Sendable {
        package var chinese: String
        package var english: String
        /// What the row is about, where that is no word of ours: an account, a tariff, a reason.
        package var key: String?
        package var count: Int64?
        /// Minor units.
        package var amount: Int64?

        func text(_ words: MoneyWords) -> String {
            var cells = [chinese, english]
            if let key { cells.append(key) }
            if let count { cells.append(String(count)) }
            if let amount {
                cells.append(String(amount))
                cells.append(words.text(Money(amount)).chinese)
            }
            return cells.joined(separator: "  |  ")
        }
    }

    package struct Section: Hashable, Sendable {
        package var chinese: String
        package var english: String
        package var rows: [Row]
    }

    var words: MoneyWords { MoneyWords(currency: currency) }

    package var text: String {
        let words = words
        var lines: [String] = []
        for section in sections {
            if !lines.isEmpty { lines.append("") }
            lines.append("\(section.chinese)  |  \(section.english)")
            lines += section.rows.map { $0.text(words) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    package var sections: [Section] {
        [
            Section(chinese: "公共收益公示", english: "Public income statement", rows: heading),
            Section(chinese: "收入类别", english: "Income by category", rows: categoryRows),
            Section(
                chinese: "收费标准", english: "Income by tariff",
                rows: Self.rows("收费标准", "tariff", tariffs)),
            Section(
                chinese: "车型", english: "Income by vehicle class", rows: Self.rows("车型", "class", classes)),
            Section(chinese: "减免", english: "Reductions", rows: reductionRows),
            Section(
                chinese: "优惠券承担方", english: "Coupons by who bears them",
                rows: Self.rows("商户抵扣", "due from merchant", coupons)
                    + [Self.row("本处承担", "borne by the site", ownCoupons)]),
            Section(
                chinese: "免费放行", english: "Free releases by reason",
                rows: Self.sorted(releases).map { Row(chinese: "原因", english: "reason", key: $0, count: $1) }),
            Section(chinese: "停车结果", english: "Outcomes of stays", rows: outcomeRows),
            Section(chinese: "其他", english: "Further", rows: furtherRows),
        ]
    }

    private var heading: [Row] {
        var rows = [
            Row(chinese: "月份", english: "month", key: month.text),
            Row(chinese: "时区", english: "time zone", key: zone.name),
            Row(chinese: "记录", english: "records", count: records),
            Row(chinese: "首条记录", english: "first record", count: first),
            Row(chinese: "末条记录", english: "last record", count: last),
        ]
        if unreadable > 0 {
            rows.append(Row(chinese: "无法读取", english: "cannot be read", count: unreadable))
        }
        return rows
    }

    private static let categories: [(IncomeCategory, String, String)] = [
        (.temporaryParking, "临停收入(公共)", "temporary parking, common ground"),
        (.commonPermit, "公共车位月租", "permits, common spaces"),
        (.garageLease, "产权车位租金", "rent of owned spaces"),
        (.garageService, "车位管理服务费", "service fee of owned spaces"),
    ]

    private var categoryRows: [Row] {
        var rows = Self.categories.map { category, chinese, english in
            Row(
                chinese: chinese, english: english, key: category.rawValue,
                amount: income[category.rawValue] ?? 0)
        }
        let known = Self.categories.map(\.0.rawValue)
        for (key, amount) in Self.sorted(income) where !known.contains(key) {
            rows.append(Row(chinese: "其他收入", english: "other income", key: key, amount: amount))
        }
        let sum = rows.reduce(Int64(0)) { $0.addingSaturated($1.amount ?? 0) }
        return rows + [Row(chinese: "合计", english: "total", amount: sum)]
    }

    private static let kindsOfReduction = [
        ("minutes", "减免时长", "minutes taken off"), ("percent", "折扣", "discounts"),
        ("coupons", "优惠券", "coupons"), ("rounding", "取整", "rounding"),
    ]
    private static let waiver = "adjust.waiver."

    private var reductionRows: [Row] {
        var rows = Self.kindsOfReduction.map { key, chinese, english in
            Row(chinese: chinese, english: english, key: key, amount: reductions[key] ?? 0)
        }
        let known = Self.kindsOfReduction.map(\.0)
        for (key, amount) in Self.sorted(reductions) where !known.contains(key) {
            let isWaiver = key.utf8.starts(with: Self.waiver.utf8)
            rows.append(
                Row(
                    chinese: isWaiver ? "人工减免" : "其他减免",
                    english: isWaiver ? "waived by a person" : "other reduction", key: key, amount: amount))
        }
        return rows
    }

    private static let endings: [(StayCharge.Outcome, String, String)] = [
        (.free, "免费", "free"), (.paid, "已付", "paid"), (.owed, "欠费离场", "left owing"),
        (.escaped, "逃费", "escaped"), (.unknown, "无法计费", "cost unknown"),
        (.cancelled, "作废", "cancelled"),
    ]

    private var outcomeRows: [Row] {
        Self.endings.map { outcome, chinese, english in
            Row(chinese: chinese, english: english, count: outcomes[outcome.rawValue] ?? 0)
        }
    }

    private var furtherRows: [Row] {
        [
            Row(chinese: "人工开闸", english: "manual openings", count: manualOpenings),
            Self.row("新增欠费", "arrears opened", arrearsOpened),
            Self.row("欠费追缴", "arrears collected", arrearsCollected),
            Self.row("欠费更正", "arrears corrected", arrearsCorrected),
            Self.row("退款", "refunds", refunds),
            Self.row("收入更正", "income corrected", corrections),
            Self.row("交班现金差额", "cash differences of shifts", cashDifferences),
        ]
    }

    private static func row(_ chinese: String, _ english: String, _ tally: Tally) -> Row {
        Row(chinese: chinese, english: english, count: tally.count, amount: tally.amount)
    }

    private static func rows(_ chinese: String, _ english: String, _ table: Table<String, Tally>) -> [Row] {
        sorted(table).map { key, tally in
            Row(chinese: chinese, english: english, key: key, count: tally.count, amount: tally.amount)
        }
    }

    /// By bytes: the same order in every language.
    private static func sorted<Value>(_ table: Table<String, Value>) -> [(key: String, value: Value)] {
        table.inOrder.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}
