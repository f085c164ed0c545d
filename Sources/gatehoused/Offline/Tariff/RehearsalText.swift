// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// A rehearsal as it is read out at a meeting: Chinese first, English beside it, and no plates.
struct RehearsalText {
    private let result: RehearsalResult
    private let money: MoneyWords

    init(_ result: RehearsalResult) {
        self.result = result
        money = MoneyWords(currency: result.currency)
    }

    var lines: [BilingualText] {
        head + groups + spread + named("涨幅最大", "rises most", result.rises)
            + named("降幅最大", "falls most", result.falls) + leftOut + [Self.terms]
    }

    private var head: [BilingualText] {
        let all = result.all
        let change = Money(all.after.minorUnits &- all.before.minorUnits)
        let (before, after, by) = (money.text(all.before), money.text(all.after), money.text(change))
        let sign = change > .zero ? "+" : ""
        return [
            BilingualText(
                "方案 \(result.tariff) 第\(result.version)版：重算停车\(all.stays)次，其中原先未收费\(result.uncharged)次",
                "tariff \(result.tariff) \(result.version): \(all.stays) stays priced anew, "
                    + "\(result.uncharged) of them not charged before"),
            BilingualText(
                "收入 \(before.chinese) → \(after.chinese)（\(sign)\(by.chinese)）",
                "income \(before.english) → \(after.english) (\(sign)\(by.english))"),
            BilingualText(
                "多付\(all.more.stays)次，共\(money.text(all.more.amount).chinese)",
                "\(all.more.stays) pay more, \(money.text(all.more.amount).english) in all"),
            BilingualText(
                "少付\(all.less.stays)次，共\(money.text(all.less.amount).chinese)",
                "\(all.less.stays) pay less, \(money.text(all.less.amount).english) in all"),
            BilingualText("不变\(all.same)次", "\(all.same) pay the same"),
        ]
    }

    private var groups: [BilingualText] {
        result.ofClass.inOrder.map { group("车型 \($0.key)", "class \($0.key)", $0.value) }
            + result.ofHolder.inOrder.map { group($0.key.words.chinese, $0.key.words.english, $0.value) }
    }

    private func group(_ chinese: String, _ english: String, _ sums: RehearsalSums) -> BilingualText {
        let (before, after) = (money.text(sums.before), money.text(sums.after))
        let counts = (sums.more.stays, sums.less.stays, sums.same)
        return BilingualText(
            "\(chinese)：多付\(counts.0)次，少付\(counts.1)次，不变\(counts.2)次，\(before.chinese) → \(after.chinese)",
            "\(english): \(counts.0) more, \(counts.1) less, \(counts.2) the same, "
                + "\(before.english) → \(after.english)")
    }

    /// Each stay stands in one row.
    private var spread: [BilingualText] {
        var last: Money?
        return result.spread.rows.map { row in
            defer { last = row.upTo }
            let over = last.map { money.text($0) }
            let upTo = row.upTo.map { money.text($0) }
            let chinese = [over.map { "超过\($0.chinese)" }, upTo.map { "不超过\($0.chinese)" }]
            let english = [over.map { "more than \($0.english)" }, upTo.map { "at most \($0.english)" }]
            return BilingualText(
                "差额\(chinese.compactMap { $0 }.joined(separator: "、"))：多付\(row.more)次，少付\(row.less)次",
                "differs by \(english.compactMap { $0 }.joined(separator: ", ")): "
                    + "\(row.more) more, \(row.less) less")
        }
    }

    private func named(
        _ chinese: String, _ english: String, _ changes: [RehearsalChange]
    ) -> [BilingualText] {
        changes.map { change in
            let (before, after) = (money.text(change.before), money.text(change.after))
            return BilingualText(
                "\(chinese)：停车 \(change.stay.number)，\(before.chinese) → \(after.chinese)",
                "\(english): stay \(change.stay.number), \(before.english) → \(after.english)")
        }
    }

    private var leftOut: [BilingualText] {
        var lines = result.leftOut.inOrder.filter { $0.value != 0 }.map { gap, count in
            BilingualText("未计入\(count)次：\(gap.words.chinese)", "\(count) left out: \(gap.words.english)")
        }
        if result.unreadableRecords > 0 {
            lines.append(
                BilingualText(
                    "另有\(result.unreadableRecords)条记录内容已删除或无法读取",
                    "and \(result.unreadableRecords) records are deleted or cannot be read"))
        }
        return lines
    }

    private static let terms = BilingualText(
        "两边均不含优惠券、人工调价和欠费；假定车主出入时间不变",
        "both without coupons, changes by people and debts; people are taken to drive as they did")
}

extension HolderKind {
    fileprivate var words: BilingualText {
        switch self {
        case .resident: BilingualText("固定车", "permit")
        case .surplus: BilingualText("住户超出车位的车", "household's car beyond its spaces")
        case .temporary: BilingualText("临停车", "temporary")
        case .visitor: BilingualText("访客", "visitor")
        case .allowlist: BilingualText("白名单", "allow list")
        case .emergency: BilingualText("应急车辆", "emergency")
        case .unidentified: BilingualText("未识别", "unidentified")
        }
    }
}

extension RehearsalGap {
    fileprivate var words: BilingualText {
        switch self {
        case .noEntry: BilingualText("无入场记录", "no record of the entry")
        case .missedExit: BilingualText("漏记出场", "the exit was missed")
        case .cancelled: BilingualText("已作废", "cancelled")
        case .unfinished: BilingualText("尚未结束", "not finished")
        case .needsPerson: BilingualText("需人工判断", "a person decides")
        case .noPrice: BilingualText("无法计价", "cannot be priced")
        case .otherCurrency: BilingualText("原先以其他币种收费", "charged in another currency")
        case .chargeUnreadable: BilingualText("原收费记录无法读取", "the record of its charge cannot be read")
        }
    }
}
