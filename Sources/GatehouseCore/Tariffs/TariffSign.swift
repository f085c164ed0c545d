// SPDX-License-Identifier: Apache-2.0

/// The sign that must hang at the gate (明码标价, §11), made from the tariff itself, so that board and bill cannot differ.
package struct TariffSign: Sendable {
    private let tariff: Tariff
    private let words: RateWords

    package init(_ tariff: Tariff) {
        self.tariff = tariff
        words = RateWords(money: MoneyWords(currency: tariff.currency))
    }

    private var rules: TariffRules { tariff.rules }

    /// `contact`: the operator's name and telephone, which no tariff holds.
    package func lines(contact: String?) -> [BilingualText] {
        var lines = [
            BilingualText("停车收费公示", "Parking charges"),
            BilingualText(
                "方案 \(tariff.id) 第\(tariff.version)版 (\(tariff.zone))",
                "tariff \(tariff.id), version \(tariff.version) (\(tariff.zone))"),
        ]
        if let free = rules.free { lines.append(words.free(free)) }
        lines += prices(rules)
        lines += caps(rules)
        lines += classes
        lines += reductions
        lines += [clock, leaving]
        if rules.segments == .continue {
            lines.append(BilingualText("许可时段外的各段合并计时", "time outside a permit's hours runs on as one"))
        }
        if let minutes = rules.reentryWithinMinutes {
            lines.append(
                BilingualText(
                    "离场\(minutes)分钟(含)以内再次进场的,合并计费",
                    "coming back within \(minutes) min (inclusive) goes on with the stay before"))
        }
        lines.append(
            BilingualText(
                "法定免费: 军车、警车、消防车、救护车、抢险救灾车",
                "free by law: military, police, fire, ambulance and rescue vehicles"))
        lines.append(
            BilingualText(
                "咨询投诉: \(contact ?? "请填写经营者与电话")  价格举报: 12315",
                "questions and complaints: \(contact ?? "operator and telephone to be filled in"); price hotline: 12315"
            ))
        return lines
    }

    private func prices(_ rules: TariffRules) -> [BilingualText] {
        switch rules.pricing {
        case .one(let rate): return [words.rate(rate)]
        case .bands(let bands):
            return bands.map { band in
                let rate = words.rate(band.rate)
                let span = words.span(band.span)
                let cap = band.cap.map(words.money.text)
                return BilingualText(
                    "\(band.name) \(span.chinese): \(rate.chinese)" + (cap.map { ",最高\($0.chinese)" } ?? ""),
                    "\(band.name) \(span.english): \(rate.english)"
                        + (cap.map { ", at most \($0.english)" } ?? ""))
            } + [words.edge(rules.bandEdge)]
        }
    }

    private func caps(_ rules: TariffRules) -> [BilingualText] {
        var lines: [BilingualText] = []
        if rules.cycle.kind != .none { lines.append(words.cycle(rules.cycle)) }
        if let cap = rules.stayCap.map(words.money.text) {
            lines.append(
                BilingualText("单次停车最高\(cap.chinese)", "at most \(cap.english) for one stay"))
        }
        return lines
    }

    private var classes: [BilingualText] {
        let multiplied = rules.multipliers.inOrder.map { entry in
            let name = words.vehicleClass(entry.key)
            let ratio = words.ratio(entry.value)
            return BilingualText(
                "\(name.chinese): 各项价格与封顶的\(ratio)倍", "\(name.english): \(ratio) times each price and cap")
        }
        let own = tariff.rulesOfClass.inOrder.flatMap { entry -> [BilingualText] in
            let name = words.vehicleClass(entry.key)
            return (prices(entry.value) + caps(entry.value)).map {
                BilingualText("\(name.chinese): \($0.chinese)", "\(name.english): \($0.english)")
            }
        }
        return multiplied + own
    }

    private var reductions: [BilingualText] {
        let specials = rules.specials.map(words.special)
        return specials + rules.discounts.map(words.discount)
    }

    private var clock: BilingualText {
        switch rules.clock {
        case .second: BilingualText("按秒计时", "time counts to the second")
        case .minuteFloorBoth:
            BilingualText("进出场时间均取整到分", "entry and exit count by their full minute")
        case .elapsedFloor: BilingualText("不足一分钟不计", "less than a minute does not count")
        case .elapsedCeiling: BilingualText("不足一分钟按一分钟计", "a begun minute counts")
        }
    }

    private var leaving: BilingualText {
        guard let grace = rules.payGrace else {
            return BilingualText("缴费后请立即离场", "leave at once after paying")
        }
        let late: BilingualText =
            switch grace.overtime {
            case .continue: BilingualText("超时补缴", "afterwards the time goes on")
            case .newFromPayment:
                BilingualText("超时自缴费时起重新计费", "afterwards a new stay counts from the payment")
            case .newFromGraceEnd:
                BilingualText("超时自期满时起重新计费", "afterwards a new stay counts from then")
            }
        return BilingualText(
            "缴费后\(grace.minutes)分钟(含)以内离场,\(late.chinese)",
            "leave within \(grace.minutes) min (inclusive) of paying; \(late.english)")
    }
}
