// SPDX-License-Identifier: Apache-2.0

/// What drivers are billed by, term for term: always the same terms in the same order, so that those of two classes of
/// vehicle can be laid side by side.
struct TariffTerms: Sendable {
    struct Term: Sendable {
        var lines: [BilingualText]
        /// What is said of a class that alone has no such term; nil where another term says it already.
        var without: BilingualText?

        /// Where others have something here.
        var shown: [BilingualText] { lines.isEmpty ? without.map { [$0] } ?? [] : lines }
    }

    let words: RateWords

    func all(_ rules: TariffRules) -> [Term] {
        [
            free(rules), Term(lines: prices(rules)), bandEdge(rules), anchor(rules), cycle(rules),
            cycleEdge(rules), stayCap(rules), specials(rules), discounts(rules), rounding(rules),
            Term(lines: [clock(rules)]), Term(lines: [leaving(rules)]), segments(rules), reentry(rules),
        ]
    }

    private func free(_ rules: TariffRules) -> Term {
        let free = rules.free.flatMap { $0.minutes > 0 ? words.free($0) : nil }
        return Term(lines: free.map { [$0] } ?? [], without: BilingualText("无免费时间", "no free time"))
    }

    // MARK: Prices

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
            }
        }
    }

    private func bandEdge(_ rules: TariffRules) -> Term {
        guard case .bands = rules.pricing else { return Term(lines: []) }
        return Term(lines: [words.edge(rules.bandEdge, of: BilingualText("时段", "time band"))])
    }

    /// Where one stay can have several beginnings.
    private func anchor(_ rules: TariffRules) -> Term {
        let hasCycle = rules.cycle.kind != .none
        guard rules.stepRates.contains(where: { $0.steps.count > 1 }), rules.hasBands || hasCycle else {
            return Term(lines: [])
        }
        switch rules.stepsAnchor {
        case .band where rules.hasBands:
            return Term(lines: [
                BilingualText("首段时间每个时段重新计算", "the first minutes count anew in each time band")
            ])
        case .cycle where hasCycle:
            return Term(lines: [
                BilingualText("首段时间每个计费周期重新计算", "the first minutes count anew in each period")
            ])
        case .stay, .band, .cycle:
            return Term(lines: [BilingualText("首段时间每次停车只计一次", "the first minutes count once in a stay")])
        }
    }

    // MARK: Periods and caps

    private func cycle(_ rules: TariffRules) -> Term {
        Term(
            lines: rules.cycle.kind == .none ? [] : [words.cycle(rules.cycle)],
            without: BilingualText("无计费周期及其封顶", "no periods and no cap of a period"))
    }

    private func cycleEdge(_ rules: TariffRules) -> Term {
        guard rules.cycle.kind != .none, !rules.stepRates.isEmpty else { return Term(lines: []) }
        return Term(lines: [words.edge(rules.cycle.edge, of: BilingualText("计费周期", "period"))])
    }

    private func stayCap(_ rules: TariffRules) -> Term {
        let cap = rules.stayCap.map(words.money.text).map {
            BilingualText("单次停车最高\($0.chinese)", "at most \($0.english) for one stay")
        }
        return Term(
            lines: cap.map { [$0] } ?? [], without: BilingualText("单次停车不封顶", "no cap for one stay"))
    }

    // MARK: Reductions

    private func specials(_ rules: TariffRules) -> Term {
        let none = BilingualText("无一口价", "no flat price")
        guard !rules.specials.isEmpty else { return Term(lines: [], without: none) }
        let choice: BilingualText =
            switch rules.choose {
            case .cheapest: BilingualText("一口价与上列计费取较低者", "the lowest of these and of the charge above")
            case .firstMatch:
                BilingualText(
                    "符合一口价的按一口价,符合几项的按列在前的",
                    "whom a flat price fits pays it, even if it is dearer; of several the first")
            }
        return Term(lines: rules.specials.map(words.special) + [choice], without: none)
    }

    private func discounts(_ rules: TariffRules) -> Term {
        Term(lines: rules.discounts.map(words.discount), without: BilingualText("无减免", "no discounts"))
    }

    private func rounding(_ rules: TariffRules) -> Term {
        let none = BilingualText("收费金额不取整", "the sum is not rounded")
        guard rules.rounding.to > 1 else { return Term(lines: [], without: none) }
        let unit = words.money.text(Money(rules.rounding.to))
        let line =
            switch rules.rounding.mode {
            case .down:
                BilingualText("不足\(unit.chinese)的零头抹去", "the sum is rounded down to \(unit.english)")
            case .halfUp:
                BilingualText(
                    "收费金额四舍五入到\(unit.chinese)", "the sum is rounded to the nearest \(unit.english)")
            case .up:
                BilingualText(
                    "不足\(unit.chinese)的零头按\(unit.chinese)收", "the sum is rounded up to \(unit.english)")
            }
        return Term(lines: [line], without: none)
    }

    // MARK: Time

    private func clock(_ rules: TariffRules) -> BilingualText {
        switch rules.clock {
        case .second: BilingualText("按秒计时", "time counts to the second")
        case .minuteFloorBoth:
            BilingualText("进出场时间均取整到分", "entry and exit count by their full minute")
        case .elapsedFloor: BilingualText("不足一分钟不计", "less than a minute does not count")
        case .elapsedCeiling: BilingualText("不足一分钟按一分钟计", "a begun minute counts")
        }
    }

    private func leaving(_ rules: TariffRules) -> BilingualText {
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
        let again =
            grace.isFreeAgain && grace.overtime != .continue
            ? BilingualText(",重新享有免费时间", ", with free time again") : BilingualText("", "")
        return BilingualText(
            "缴费后\(grace.minutes)分钟(含)以内离场,\(late.chinese)\(again.chinese)",
            "leave within \(grace.minutes) min (inclusive) of paying; \(late.english)\(again.english)")
    }

    private func segments(_ rules: TariffRules) -> Term {
        Term(
            lines: rules.segments == .continue
                ? [BilingualText("许可时段外的各段合并计时", "time outside a permit's hours runs on as one")] : [],
            without: BilingualText(
                "许可时段外的各段分别计费", "each time outside a permit's hours is charged by itself"))
    }

    private func reentry(_ rules: TariffRules) -> Term {
        let line = rules.reentryWithinMinutes.map {
            BilingualText(
                "离场\($0)分钟(含)以内再次进场的,合并计费",
                "coming back within \($0) min (inclusive) goes on with the stay before")
        }
        return Term(
            lines: line.map { [$0] } ?? [],
            without: BilingualText("再次进场的,另行计费", "coming back is a new stay"))
    }
}

extension TariffRules {
    fileprivate var hasBands: Bool { if case .bands = pricing { true } else { false } }

    fileprivate var stepRates: [StepRate] {
        let rates: [Rate] =
            switch pricing {
            case .one(let rate): [rate]
            case .bands(let bands): bands.map(\.rate)
            }
        return rates.compactMap { if case .steps(let steps) = $0 { steps } else { nil } }
    }
}
