// SPDX-License-Identifier: Apache-2.0

/// The lines of a charge as a driver reads them (§9). The record keeps codes and numbers; this is made anew each time.
package struct ChargeWords: Sendable {
    private let money: MoneyWords
    private let zone: ZoneRules

    package init(currency: String, zone: ZoneRules) {
        money = MoneyWords(currency: currency)
        self.zone = zone
    }

    package func text(_ line: ChargeLine) -> BilingualText {
        let (zh, en) = words(line)
        let amount = money.text(line.amount)
        return BilingualText("\(zh) \(amount.chinese)", "\(en): \(amount.english)")
    }

    package func amount(_ amount: Money) -> BilingualText { money.text(amount) }

    private func words(_ line: ChargeLine) -> (String, String) {
        switch line {
        case .units(let units): return self.units(units)
        case .special(let id, _): return ("一口价 \(id)", "flat price \(id)")
        case .freeMinutes: return ("免费时间内", "within the free time")
        case .exempt(let reason): return ("免费车辆 \(reason)", "exempt (\(reason))")
        case .capBand(let band, let date, _):
            return ("\(band) \(date.text) 封顶", "cap of \(band), \(date.text)")
        case .capCycle(let name, _): return cycle(name)
        case .capStay: return ("单次封顶", "cap of the stay")
        case .minutesOff(let minutes, _): return ("减免\(minutes)分钟", "\(minutes) minutes off")
        case .discountPercent(let id, let percentage, _):
            return ("优惠 \(id) 减\(percentage)%", "\(percentage) % off by \(id)")
        case .couponPercent(let id, let percentage, _):
            return ("优惠券 \(id) 减\(percentage)%", "\(percentage) % off by coupon \(id)")
        case .couponAmount(let id, _): return ("优惠券 \(id)", "coupon \(id)")
        case .couponFull(let id, _): return ("全免券 \(id)", "coupon \(id), everything")
        case .rounding(let amount): return amount > .zero ? ("进位", "rounded up") : ("抹零", "rounding")
        case .noEntryRecord: return ("无入场记录", "no record of the entry")
        case .paidEarlier: return ("已缴部分的停车费", "the time paid for before")
        case .prepaid: return ("已缴", "paid already")
        case .adjusted(let reason, _): return ("人工调整 \(reason)", "changed by a person (\(reason))")
        case .arrears(let reference, _): return ("欠费 \(reference)", "owed since \(reference)")
        }
    }

    private func units(_ line: UnitsLine) -> (String, String) {
        let span = span(line.span)
        let band = line.band == BandSchedule.always ? "" : "\(line.band) "
        let price = money.text(line.price)
        return (
            "\(band)\(span) \(line.units)个计时单位 × \(price.chinese) =",
            "\(band)\(span), \(line.units) × \(price.english)"
        )
    }

    private func cycle(_ name: CycleName) -> (String, String) {
        switch name {
        case .whole: ("周期封顶", "cap")
        case .number(let number):
            // What is read out of a record may be any number.
            ("第\(number.addingSaturated(1))个周期封顶", "cap of period \(number.addingSaturated(1))")
        case .day(let date): ("\(date.text) 当日封顶", "cap of \(date.text)")
        }
    }

    /// `05-06 08:00–05-06 09:30`.
    package func span(_ span: TimeSpan) -> String { "\(clock(span.start))–\(clock(span.end))" }

    /// `05-06 08:00`.
    private func clock(_ second: Int64) -> String {
        let time = zone.civil(WallTime(seconds: second))
        let rest = time.secondOfDay % 60
        return "\(padded(time.date.month, 2))-\(padded(time.date.day, 2)) "
            + clockText(minute: time.minuteOfDay) + (rest == 0 ? "" : ":\(padded(rest, 2))")
    }
}
