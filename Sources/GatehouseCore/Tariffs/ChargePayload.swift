// SPDX-License-Identifier: Apache-2.0

/// A charge as JSON: codes and numbers, times of the site with their offsets (§9).
extension Charge {
    package func write(to fields: inout FieldWriter, in zone: ZoneRules) {
        fields.put("status", status.rawValue)
        put("gross", gross, &fields)
        for (key, sum) in reductions where sum != .zero { fields.put(key, sum.minorUnits) }
        put("fee", fee, &fields)
        put("due", due, &fields)
        fields.put("flags", strings: flags.map(\.rawValue))
        fields.put("lines", objects: lines) { $0.write(to: &$1, in: zone) }
    }

    private func put(_ key: String, _ amount: Money?, _ fields: inout FieldWriter) {
        if let amount { fields.put(key, amount.minorUnits) } else { fields.putNull(key) }
    }

    /// Sums that stand beside the fee: what minutes, percentages and coupons took off as positive amounts, then what
    /// rounding did and what is owed from before.
    package var reductions: [(key: String, sum: Money)] {
        var sums: [(key: String, sum: Int64)] = [
            ("minutes_off", 0), ("percent_off", 0), ("amount_off", 0), ("rounding", 0), ("arrears", 0),
        ]
        for line in lines {
            let amount = line.amount.minorUnits
            switch line {
            case .minutesOff: sums[0].sum &-= amount
            case .discountPercent, .couponPercent: sums[1].sum &-= amount
            case .couponAmount, .couponFull: sums[2].sum &-= amount
            case .rounding: sums[3].sum &+= amount
            case .arrears: sums[4].sum &+= amount
            default: break
            }
        }
        return sums.map { ($0.key, Money($0.sum)) }
    }
}

extension ChargeLine {
    package func write(to fields: inout FieldWriter, in zone: ZoneRules) {
        fields.put("code", code)
        switch self {
        case .units(let line):
            fields.put("band", line.band)
            fields.put("from", zone.stamp(line.span.start))
            fields.put("to", zone.stamp(line.span.end))
            fields.put("units", line.units)
            fields.put("price", line.price.minorUnits)
        case .special(let id, _), .couponAmount(let id, _), .couponFull(let id, _): fields.put("id", id)
        case .discountPercent(let id, let percentage, _), .couponPercent(let id, let percentage, _):
            fields.put("id", id)
            fields.put("percent", Int(percentage))
        case .capBand(let band, let date, _): fields.put("key", "\(band) \(date.text)")
        case .capCycle(let name, _): fields.put("key", name.text)
        case .minutesOff(let minutes, _): fields.put("minutes", minutes)
        case .exempt(let reason), .adjusted(let reason, _): fields.put("reason", reason)
        case .arrears(let reference, _): fields.put("ref", reference)
        case .freeMinutes, .capStay, .rounding, .noEntryRecord, .paidEarlier, .prepaid: break
        }
        fields.put("amount", amount.minorUnits)
    }
}

extension ZoneRules {
    /// `2026-05-06T08:30+08:00`, with seconds where there are some.
    package func stamp(_ second: Int64) -> String {
        let instant = WallTime(seconds: second)
        let time = civil(instant)
        let seconds = time.secondOfDay % 60
        let clock =
            clockText(minute: time.minuteOfDay) + (seconds == 0 ? "" : ":\(padded(seconds, 2))")
        let offset = self.offset(at: instant)
        let (sign, minutes) = (offset < 0 ? "-" : "+", abs(offset) / 60)
        return "\(time.date.text)T\(clock)\(sign)\(clockText(minute: minutes))"
    }
}
