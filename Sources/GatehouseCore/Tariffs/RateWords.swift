// SPDX-License-Identifier: Apache-2.0

/// The parts of a tariff in words.
struct RateWords: Sendable {
    let money: MoneyWords

    func free(_ free: FreeMinutes) -> BilingualText {
        let limit =
            free.boundary == .inclusive
            ? BilingualText("\(free.minutes)分钟(含)以内免费", "free up to \(free.minutes) min (inclusive)")
            : BilingualText("不足\(free.minutes)分钟免费", "free below \(free.minutes) min")
        let scope: BilingualText =
            switch free.scope {
            case .stay: BilingualText("每次", "")
            case .cycle: BilingualText("每个计费周期", " in each period")
            case .firstOfDay: BilingualText("每日首次", ", first stay of the day")
            }
        let beyond =
            free.isDeducted
            ? BilingualText("超过的,免费时间不计费", "beyond it these minutes stay free")
            : BilingualText("超过的,自进场起计费", "beyond it the whole time is charged")
        return BilingualText(
            "\(scope.chinese)\(limit.chinese);\(beyond.chinese)",
            "\(limit.english)\(scope.english); \(beyond.english)")
    }

    func rate(_ rate: Rate) -> BilingualText {
        switch rate {
        case .free: return BilingualText("免费", "free")
        case .visit(let price, let scope):
            let amount = money.text(price)
            switch scope {
            case .stay: return BilingualText("每次\(amount.chinese)", "\(amount.english) a stay")
            case .band:
                return BilingualText("每个时段每次\(amount.chinese)", "\(amount.english) for each such period")
            case .cycle:
                return BilingualText("每个计费周期\(amount.chinese)", "\(amount.english) for each period")
            }
        case .table(let rows): return table(rows)
        case .steps(let steps): return self.steps(steps)
        }
    }

    private func table(_ rows: [TableRow]) -> BilingualText {
        let parts = rows.map { row in
            let amount = money.text(row.total)
            return row.uptoMinutes.map {
                BilingualText("\($0)分钟(含)以内共\(amount.chinese)", "up to \($0) min \(amount.english) in all")
            } ?? BilingualText("更长共\(amount.chinese)", "longer \(amount.english) in all")
        }
        return joined(parts)
    }

    private func steps(_ rate: StepRate) -> BilingualText {
        var parts: [BilingualText] = []
        var before = 0
        for step in rate.steps {
            let amount = money.text(step.price)
            let each = BilingualText(
                "每\(step.unitMinutes)分钟\(amount.chinese)",
                "\(amount.english) for each \(step.unitMinutes) min")
            switch (before, step.uptoMinutes) {
            case (0, nil): parts.append(each)
            case (0, let upto?):
                parts.append(
                    BilingualText("前\(upto)分钟\(each.chinese)", "the first \(upto) min: \(each.english)"))
            case (_, let upto?):
                parts.append(
                    BilingualText("至第\(upto)分钟\(each.chinese)", "up to minute \(upto): \(each.english)"))
            case (_, nil): parts.append(BilingualText("之后\(each.chinese)", "then \(each.english)"))
            }
            before = step.uptoMinutes ?? before
        }
        parts.append(
            rate.rounding == .ceiling
                ? BilingualText("不足一个计时单位的按一个计", "a begun unit counts whole")
                : BilingualText("不足一个计时单位的不收", "only full units are charged"))
        if rate.toleranceMinutes > 0, rate.rounding == .ceiling {
            parts.append(
                BilingualText(
                    "超出\(rate.toleranceMinutes)分钟(含)以内的不计",
                    "a remainder of up to \(rate.toleranceMinutes) min is let off"))
        }
        return joined(parts)
    }

    /// `stretch`: a band or a cycle.
    func edge(_ edge: UnitEdge, of stretch: BilingualText) -> BilingualText {
        edge == .restart
            ? BilingualText(
                "跨\(stretch.chinese)的,分别计费", "units begin anew where a \(stretch.english) begins")
            : BilingualText(
                "跨\(stretch.chinese)的计时单位按起始\(stretch.chinese)计费",
                "a unit is charged by the \(stretch.english) in which it begins")
    }

    func cycle(_ cycle: PriceCycle) -> BilingualText {
        let period: BilingualText
        if cycle.kind == .naturalDay {
            period = BilingualText("以自然日为计费周期", "each calendar day is a period")
        } else {
            let start =
                cycle.anchor == .entry
                ? BilingualText("进场", "the entry") : BilingualText("开始计费", "the first charged minute")
            let length =
                cycle.minutes % 60 == 0
                ? BilingualText("\(cycle.minutes / 60)小时", "\(cycle.minutes / 60) h")
                : BilingualText("\(cycle.minutes)分钟", "\(cycle.minutes) min")
            period = BilingualText(
                "自\(start.chinese)起每\(length.chinese)为一个计费周期",
                "each \(length.english) from \(start.english) are a period")
        }
        guard let cap = cycle.cap.map(money.text) else { return period }
        return BilingualText(
            "\(period.chinese),每个周期最高\(cap.chinese)", "\(period.english), at most \(cap.english) in each")
    }

    func span(_ span: DaySpan) -> BilingualText {
        let hours =
            "\(clockText(minute: span.fromMinute))–\(clockText(minute: span.endMinute > 1440 ? span.endMinute - 1440 : span.endMinute))"
        guard !span.days.isEmpty else { return BilingualText(hours, hours) }
        let days = span.days.map(day)
        return BilingualText(
            "\(days.map(\.chinese).joined(separator: "、")) \(hours)",
            "\(days.map(\.english).joined(separator: ", ")) \(hours)")
    }

    func special(_ special: Special) -> BilingualText {
        let amount = money.text(special.price)
        var parts = special.days.isEmpty ? [] : [joined(special.days.map(day), ", ", "、")]
        parts += [
            bound(special.entryFrom, "进场不早于", "in from"), bound(special.entryBy, "进场不晚于", "in by"),
            bound(special.exitFrom, "离场不早于", "out from"), bound(special.exitBy, "离场不晚于", "out by"),
        ].compactMap { $0 }
        if special.exitDay > 0 {
            parts.append(BilingualText("离场按第\(special.exitDay)日计", "out on day \(special.exitDay) after"))
        }
        if let minutes = special.maximumMinutes {
            parts.append(BilingualText("不超过\(minutes)分钟", "at most \(minutes) min"))
        }
        let flat = BilingualText(
            "一口价 \(special.id) \(amount.chinese)", "flat price \(special.id), \(amount.english)")
        guard !parts.isEmpty else { return flat }
        let terms = joined(parts, ", ", ",")
        return BilingualText(
            "\(flat.chinese) (\(terms.chinese))", "\(flat.english) (\(terms.english))")
    }

    private func bound(_ minute: Int?, _ chinese: String, _ english: String) -> BilingualText? {
        minute.map {
            BilingualText("\(chinese)\(clockText(minute: $0))", "\(english) \(clockText(minute: $0))")
        }
    }

    func discount(_ discount: Discount) -> BilingualText {
        var who: [BilingualText] = []
        switch discount.when.energy {
        case .newEnergy?: who.append(BilingualText("新能源车", "new-energy vehicles"))
        case .combustion?: who.append(BilingualText("燃油车", "vehicles with a combustion engine"))
        case nil: break
        }
        if let name = discount.when.vehicleClass { who.append(vehicleClass(name)) }
        if let colour = discount.when.plateColour {
            who.append(BilingualText("号牌 \(colour)", "plates \(colour)"))
        }
        let all = who.isEmpty ? BilingualText("所有车辆", "all vehicles") : joined(who, ", ", "、")
        let once = discount.isOnceADay ? BilingualText("每日首次", ", once a day") : BilingualText("", "")
        switch discount.kind {
        case .minutes(let minutes, .feeOfHead):
            return BilingualText(
                "\(all.chinese)\(once.chinese)减免前\(minutes)分钟的费用",
                "\(all.english): the price of the first \(minutes) min off\(once.english)")
        case .minutes(let minutes, _):
            return BilingualText(
                "\(all.chinese)\(once.chinese)前\(minutes)分钟不计时",
                "\(all.english): the first \(minutes) min do not count\(once.english)")
        case .percent(let percentage):
            return BilingualText(
                "\(all.chinese)\(once.chinese)减\(percentage)%",
                "\(all.english): \(percentage) % off\(once.english)")
        }
    }

    func vehicleClass(_ name: String) -> BilingualText { .vehicleClass(name) }

    func ratio(_ ratio: Fraction) -> String {
        let common = Self.commonDivisor(ratio.numerator, ratio.denominator)
        let (top, bottom) = (ratio.numerator / common, ratio.denominator / common)
        return bottom == 1 ? "\(top)" : "\(top)/\(bottom)"
    }

    private static func commonDivisor(_ a: Int64, _ b: Int64) -> Int64 {
        b == 0 ? max(a, 1) : commonDivisor(b, a % b)
    }

    private func day(_ day: DaySelector) -> BilingualText {
        switch day {
        case .type(.workday): BilingualText("工作日", "workdays")
        case .type(.weekend): BilingualText("休息日", "weekends")
        case .type(.holiday): BilingualText("节假日", "holidays")
        case .weekday(let number), .plainWeekday(let number):
            BilingualText(
                "周" + ["一", "二", "三", "四", "五", "六", "日"][number - 1],
                ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][number - 1])
        case .date(let date): BilingualText(date.text, date.text)
        }
    }

    private func joined(
        _ parts: [BilingualText], _ english: String = "; ", _ chinese: String = ";"
    ) -> BilingualText {
        BilingualText(
            parts.map(\.chinese).joined(separator: chinese), parts.map(\.english).joined(separator: english))
    }
}
