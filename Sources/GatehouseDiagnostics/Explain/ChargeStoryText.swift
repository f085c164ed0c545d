// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A charge for whoever doubts it: interval by interval and rule by rule, out of the record and nothing else. No price is
/// reckoned again; that the lines add up is looked at, and said loudly if they do not.
package struct ChargeStoryText {
    private let story: ChargeStory
    private let zone: ZoneRules
    private let words: ChargeWords
    private let bill: Fields
    private let charge: Charge?
    private var lines: [BilingualText] = []

    package static func lines(_ story: ChargeStory, zone: ZoneRules) -> [BilingualText] {
        var text = ChargeStoryText(story: story, zone: zone)
        text.build()
        return text.lines
    }

    private init(story: ChargeStory, zone: ZoneRules) {
        self.story = story
        self.zone = zone
        bill = story.bill?.fields ?? Fields(members: [])
        words = ChargeWords(currency: bill.text("currency") ?? "CNY", zone: zone)
        charge = (try? bill.objectIfPresent("charge")).flatMap { $0 }.flatMap { try? Charge(from: $0) }
    }

    private mutating func build() {
        headline()
        if let charge {
            facts()
            add("逐步计算", "Step by step")
            steps(charge)
            add("决定因素", "What decided")
            reasons(charge)
        } else if story.bill != nil {
            add(QuoteText.noBill(bill))
        }
        add("经过", "What happened")
        for event in story.events { lines.append(ChargeEventText.line(event, zone: zone)) }
    }

    private mutating func add(_ chinese: String, _ english: String) {
        lines.append(BilingualText(chinese, english))
    }

    private mutating func add(_ text: BilingualText) { add("  \(text.chinese)", "  \(text.english)") }

    // MARK: What was known

    private mutating func headline() {
        let plate = story.events.compactMap { $0.fields.text("plate") }.first
        let (zh, en) = (plate.map { ",\($0)" } ?? "", plate.map { ", \($0)" } ?? "")
        guard let bill = story.bill else {
            return add("停车\(story.stay)号\(zh):尚未计费", "Stay \(story.stay)\(en): nothing was asked for it yet")
        }
        let isFinal = bill.kind == "stayCharged"
        let due = (charge?.due).map(words.amount)
        add(
            "停车\(story.stay)号\(zh):应付 \(due?.chinese ?? "?") "
                + "(\(isFinal ? "离场结算" : "报价"),记录\(bill.sequence))",
            "Stay \(story.stay)\(en): due \(due?.english ?? "?") "
                + "(\(isFinal ? "at the end of the stay" : "as asked"), record \(bill.sequence))")
    }

    private mutating func facts() {
        if let entry = bill.number("entry_s"), let exit = bill.number("exit_s") {
            let minutes = TimeSpan(entry, exit).length / 60
            if charge?.flags.contains(.noEntryRecord) == true {
                add("  出场 \(zone.stamp(exit)),无入场记录", "  out \(zone.stamp(exit)), no record of the entry")
            } else {
                add(
                    "  入场 \(zone.stamp(entry)),出场 \(zone.stamp(exit)),停车\(minutes)分钟",
                    "  in \(zone.stamp(entry)), out \(zone.stamp(exit)): \(minutes) minutes")
            }
        }
        if let tariff = bill.text("tariff"), let version = bill.number("version") {
            let hash = bill.text("tariff_hash") ?? "?"
            add(
                "  收费标准 \(tariff) 第\(version)版,文本SHA-256 \(hash)",
                "  tariff \(tariff), version \(version), SHA-256 of its text \(hash)")
        }
        if let coupon = bill.text("tariff_by") {
            add("  收费标准由优惠券 \(coupon) 指定", "  the tariff is that of coupon \(coupon)")
        }
        for coupon in (try? bill.strings("free_by")) ?? [] {
            add("  优惠券 \(coupon) 期间免费", "  coupon \(coupon): its time is free")
        }
        let kind = BilingualText.vehicleClass(bill.text("class") ?? "small")
        let rule = classRule(bill.text("class_by") ?? "?")
        let energy = bill.text("energy") == "nev" ? BilingualText(",新能源", ", new energy") : nil
        add(
            "  车型 \(kind.chinese)\(energy?.chinese ?? ""):\(rule.chinese)",
            "  class \(kind.english)\(energy?.english ?? ""): \(rule.english)")
        if let reason = bill.text("exempt") { add("  免费原因 \(reason)", "  exempt: \(reason)") }
    }

    /// `usual 5`, `site 1`, `person li`, or the list it stands on.
    private func classRule(_ name: String) -> BilingualText {
        let parts = name.split(separator: " ", maxSplits: 1).map(String.init)
        switch (parts.first, parts.dropFirst().first) {
        case ("usual", let number?):
            return BilingualText("按号牌(通用规则\(number))", "by its plate (usual rule \(number))")
        case ("site", let number?): return BilingualText("按本小区规则\(number)", "by the site's rule \(number)")
        case ("person", let who?): return BilingualText("由 \(who) 认定", "as \(who) said")
        case ("allowlist", _): return BilingualText("白名单", "on the allow list")
        case ("emergency", _): return BilingualText("特种车辆", "on duty")
        default: return BilingualText(name, name)
        }
    }

    // MARK: Step by step

    private mutating func steps(_ charge: Charge) {
        var sum: Int64 = 0
        var part = ChargeLine.Part.time
        let free = uncharged(charge)
        var left = free[...]
        func total(_ chinese: String, _ english: String) -> BilingualText {
            let amount = words.amount(Money(sum))
            return BilingualText("= \(chinese) \(amount.chinese)", "= \(english) \(amount.english)")
        }
        for line in charge.lines {
            if line.part == .reductions, part == .time {
                part = .reductions
                while let next = left.popFirst() { add(next.text(words)) }
                add(total("计时费用", "for the time"))
            }
            if line.part == .account, part != .account {
                while let next = left.popFirst() { add(next.text(words)) }
                part = .account
                add(total("停车费", "fee"))
            }
            if case .units(let units) = line {
                while let next = left.first, next.span.start < units.span.start {
                    add(next.text(words))
                    left = left.dropFirst()
                }
            }
            sum &+= line.amount.minorUnits
            add(words.text(line))
        }
        while let next = left.popFirst() { add(next.text(words)) }
        if part != .account { add(total("停车费", "fee")) }
        add(total("应付", "due"))
        if let due = charge.due, due.minorUnits != sum {
            let recorded = words.amount(due)
            add(
                "  各行之和与记录不符:记录为 \(recorded.chinese)",
                "  THE LINES DO NOT ADD UP: recorded is \(recorded.english)")
        }
    }

    private struct Uncharged {
        var span: TimeSpan

        func text(_ words: ChargeWords) -> BilingualText {
            let span = words.span(span)
            return BilingualText("\(span) 不计费", "\(span): not charged")
        }
    }

    /// Time inside without a unit: free minutes, hours of a permit, free periods, rests that are let off.
    private func uncharged(_ charge: Charge) -> [Uncharged] {
        guard let entry = bill.number("entry_s"), let exit = bill.number("exit_s") else { return [] }
        var spans: [TimeSpan] = []
        for line in charge.lines {
            switch line {
            case .units(let units): spans.append(units.span)
            // The price is of the whole, or stands before the time that is charged.
            case .special, .freeMinutes, .exempt, .noEntryRecord, .paidEarlier: return []
            default: break
            }
        }
        var free: [Uncharged] = []
        var reached = entry
        for span in spans.sorted(by: { $0.start < $1.start }) {
            if span.start > reached { free.append(Uncharged(span: TimeSpan(reached, span.start))) }
            reached = max(reached, span.end)
        }
        if exit > reached { free.append(Uncharged(span: TimeSpan(reached, exit))) }
        return free
    }

    // MARK: Why

    private mutating func reasons(_ charge: Charge) {
        let isCharged = charge.lines.contains { if case .units = $0 { true } else { false } }
        if isCharged, !charge.flags.contains(.freeMinutes) {
            add("  不在免费时间内,或没有免费时间", "  not within a free time, or there is none")
        }
        for flag in charge.flags {
            add("  \(flag.words.chinese) (\(flag.rawValue))", "  \(flag.words.english) (\(flag.rawValue))")
        }
        if let object = try? bill.objectIfPresent("doubt"), let doubt = try? ChargeDoubt(from: object) {
            add(doubt.text(words, in: zone))
        }
        if charge.flags.isEmpty, !isCharged {
            add("  没有需要收费的时间", "  there was no time to charge for")
        }
    }
}

extension ChargeLine {
    /// In the order of the reckoning (`tariffs.md` §4): the price of the time, what is taken off it, the account.
    enum Part: Hashable { case time, reductions, account }

    var part: Part {
        switch self {
        case .units, .special, .freeMinutes, .exempt, .capBand, .capCycle, .capStay, .noEntryRecord,
            .paidEarlier:
            .time
        case .minutesOff, .discountPercent, .couponPercent, .couponAmount, .couponFull, .rounding: .reductions
        case .prepaid, .adjusted, .arrears: .account
        }
    }
}
