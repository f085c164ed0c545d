// SPDX-License-Identifier: Apache-2.0

/// What boards say of money and of rights that end. Debts stand on the board and are never spoken: neighbours listen.
extension LaneText {
    /// Permits that end later are nobody's news (`lanes.md` §4.8).
    private static let daysTold = 7

    var welcome: LaneTextWords {
        let greeting = isResident ? "欢迎回家" : "欢迎光临"
        let chinese = quota?.words ?? (isResident ? [greeting] : [greeting, "请入场"])
        let added = [permitEnd, debts.map(\.owed)].compactMap(\.self)
        let spoken = (quota?.words ?? [greeting]) + (permitEnd.map { [$0.chinese] } ?? [])
        return words(
            chinese + added.map(\.chinese), english: (quota?.english ?? ["Welcome"]) + added.map(\.english),
            voice: spoken.joined(separator: ","))
    }

    var goodbye: LaneTextWords {
        let before = [charge?.zero?.words, charge?.unpaid].compactMap(\.self)
        let after = [debts.map(\.owed)].compactMap(\.self)
        return words(
            before.map(\.chinese) + ["一路平安"] + after.map(\.chinese),
            english: before.map(\.english) + ["Have a good trip"] + after.map(\.english), voice: "一路平安")
    }

    var paid: LaneTextWords {
        let after = [debts.map(\.owed)].compactMap(\.self)
        return words(
            ["缴费成功", "一路平安"] + after.map(\.chinese),
            english: ["Paid, have a good trip"] + after.map(\.english),
            voice: "缴费成功,一路平安")
    }

    var pay: LaneTextWords {
        guard let charge, charge.due > .zero else { return words(["请缴费"], "Please pay", voice: "请缴费") }
        if let collection = charge.collection { return taking(charge.asked, collection) }
        let (asked, time) = (charge.asked, charge.timeParked)
        let hints = ways.map(\.words)
        var parts = [asked]
        if !hints.isEmpty {
            parts.append(
                BilingualText(
                    hints.map(\.chinese).joined(separator: "/"),
                    hints.map(\.english).joined(separator: " or ")))
        }
        parts += [charge.paidBefore, BilingualText("停车\(time.chinese)", "parked \(time.english)")]
            .compactMap(\.self)
        parts += [charge.withDebts].compactMap(\.self)
        let spoken =
            [charge.paidBefore?.chinese ?? "停车\(time.chinese)", asked.chinese]
            + (hints.isEmpty ? [] : [hints.map(\.chinese).joined(separator: "或")])
        return words(
            parts.map(\.chinese), english: parts.map(\.english), voice: spoken.joined(separator: ","))
    }

    /// Nothing is due, and a guard looks at it before the arm opens.
    var waitAtNothing: LaneTextWords {
        let why = charge?.zero?.words
        return words(
            ["无需缴费"] + [why?.chinese, "请稍候"].compactMap(\.self),
            english: ["Nothing to pay"] + [why?.english, "please wait"].compactMap(\.self),
            voice: "无需缴费,请稍候")
    }

    /// A provider has an order for it: whoever pays by other means as well has one of the two given back.
    private func taking(_ asked: BilingualText, _ state: CollectionState) -> LaneTextWords {
        let next =
            switch state {
            case .asked: BilingualText("正在扣款请稍候", "taking it, please wait")
            case .confirming: BilingualText("请在手机上确认", "confirm on your phone")
            case .unknown, .reversing: BilingualText("结果未知请按铃", "no result yet: ring")
            }
        return words([asked.chinese, next.chinese], asked.english, next.english, voice: next.chinese)
    }

    private var permitEnd: BilingualText? {
        if isInGrace { return BilingualText("月卡已到期", "your permit has ended") }
        guard let daysLeft, daysLeft <= Self.daysTold else { return nil }
        if daysLeft <= 0 { return BilingualText("今日到期", "your permit ends today") }
        return BilingualText("剩余\(daysLeft)天", daysLeft == 1 ? "1 day left" : "\(daysLeft) days left")
    }
}

extension ShownCharge {
    fileprivate var timeParked: BilingualText {
        let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60)
        let chinese = (days > 0 ? "\(days)天" : "") + (days + hours > 0 ? "\(hours)小时" : "") + "\(rest)分"
        let english = (days > 0 ? "\(days) d " : "") + (days + hours > 0 ? "\(hours) h " : "") + "\(rest) min"
        return BilingualText(chinese, english)
    }

    /// `请缴费8.00元`; where a part came already, what is left of it.
    var asked: BilingualText {
        let amount = text(due)
        return paid > .zero
            ? BilingualText("还需缴费\(amount.chinese)", "\(amount.english) still to pay")
            : BilingualText("请缴费\(amount.chinese)", "Please pay \(amount.english)")
    }

    fileprivate var paidBefore: BilingualText? {
        guard paid > .zero else { return nil }
        let amount = text(paid)
        return BilingualText("已缴\(amount.chinese)", "\(amount.english) paid")
    }

    fileprivate var withDebts: BilingualText? {
        guard debts > .zero else { return nil }
        let amount = text(debts)
        return BilingualText("含欠费\(amount.chinese)", "with \(amount.english) owed")
    }

    /// Let go without paying for this stay: it is on record as a debt.
    fileprivate var unpaid: BilingualText? {
        guard dueOfStay > .zero else { return nil }
        let amount = text(dueOfStay)
        return BilingualText("未缴\(amount.chinese)请补缴", "\(amount.english) not paid yet")
    }

    private func text(_ amount: Money) -> BilingualText { MoneyWords(currency: currency).text(amount) }
}

extension ShownCharge.Zero {
    fileprivate var words: BilingualText {
        switch self {
        case .freeMinutes: BilingualText("免费时间内", "Within the free time")
        case .exempt: BilingualText("免费车辆", "Exempt vehicle")
        case .paidBefore: BilingualText("已缴费", "Paid already")
        case .permitGrace: BilingualText("月卡宽限期", "Permit in its days of grace")
        case .waived: BilingualText("免费放行", "Nothing to pay")
        case .coupon: BilingualText("优惠券已抵扣", "Paid by coupon")
        }
    }
}

extension ShownAmount {
    fileprivate var owed: BilingualText {
        let amount = MoneyWords(currency: currency).text(amount)
        return BilingualText("欠费\(amount.chinese)", "\(amount.english) owed")
    }
}
