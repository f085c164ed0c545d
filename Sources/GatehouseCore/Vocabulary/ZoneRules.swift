// SPDX-License-Identifier: Apache-2.0

/// Offsets of one time zone as a list of transitions, loaded once and passed in, so that civil time is the
/// same on every machine. `GatehouseConfig` makes it from TZif (RFC 9636).
package struct ZoneRules: Hashable, Sendable {
    package struct Transition: Hashable, Sendable {
        /// From this instant on, seconds since 1970.
        package var at: Int64
        /// Seconds east of UTC.
        package var offset: Int

        package init(at: Int64, offset: Int) {
            self.at = at
            self.offset = offset
        }
    }

    package var name: String
    /// Before the first transition.
    package var initialOffset: Int
    /// By rising instant.
    package var transitions: [Transition]

    package init(name: String, initialOffset: Int, transitions: [Transition] = []) {
        self.name = name
        self.initialOffset = initialOffset
        self.transitions = transitions
    }

    package static let utc = ZoneRules(name: "UTC", initialOffset: 0)

    /// Seconds east of UTC in force at an instant.
    package func offset(at instant: WallTime) -> Int {
        let second = instant.milliseconds.floorDivided(by: 1000)
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].at <= second { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? initialOffset : transitions[low - 1].offset
    }

    /// The instant at which clocks show a civil time, both as seconds since 1970. One that exists twice is the first; one
    /// that is skipped is read with the offset in force before the gap (RFC 5545, 3.3.5).
    package func instant(localSecond: Int64) -> Int64 {
        // No offset is as large as a day: transitions before that are long over.
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].at <= localSecond - 86_400 { low = middle + 1 } else { high = middle }
        }
        var offset = Int64(low == 0 ? initialOffset : transitions[low - 1].offset)
        while low < transitions.count {
            let transition = transitions[low]
            let isBefore = localSecond - offset < transition.at
            if isBefore || localSecond - Int64(transition.offset) < transition.at { break }
            offset = Int64(transition.offset)
            low += 1
        }
        return localSecond - offset
    }

    /// Civil date and time of day at an instant.
    package func civil(_ instant: WallTime) -> CivilTime {
        let local = instant.milliseconds.floorDivided(by: 1000) + Int64(offset(at: instant))
        return CivilTime(localSeconds: local)
    }
}

/// A civil date and time of day in some zone (proleptic Gregorian).
package struct CivilTime: Hashable, Sendable {
    package var date: CivilDate
    /// 0..<86 400.
    package var secondOfDay: Int

    package init(localSeconds: Int64) {
        let day = localSeconds.floorDivided(by: 86_400)
        date = CivilDate(daysSince1970: Int(clamping: day))
        secondOfDay = Int(localSeconds &- day &* 86_400)
    }

    package var minuteOfDay: Int { secondOfDay / 60 }
}

/// A civil date, counted in days since 1970-01-01.
package struct CivilDate: Hashable, Comparable, Sendable {
    package var daysSince1970: Int

    package init(daysSince1970: Int) { self.daysSince1970 = daysSince1970 }

    package static func < (a: CivilDate, b: CivilDate) -> Bool { a.daysSince1970 < b.daysSince1970 }

    /// Days from the civil calendar by eras of 400 years, each starting on 1 March.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        daysSince1970 = era * 146_097 + dayOfEra - 719_468
        guard self.day == day, self.month == month else { return nil }
    }

    package var next: CivilDate { advanced(by: 1) }
    package var previous: CivilDate { advanced(by: -1) }

    package func advanced(by days: Int) -> CivilDate { CivilDate(daysSince1970: daysSince1970 + days) }

    package var year: Int { parts.year }
    package var month: Int { parts.month }
    package var day: Int { parts.day }

    /// 1 Monday … 7 Sunday (ISO 8601).
    package var weekday: Int { (daysSince1970 + 3).floorModulo(7) + 1 }

    /// `2026-03-02`.
    package var text: String {
        let (year, month, day) = parts
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    private var parts: (year: Int, month: Int, day: Int) {
        let z = daysSince1970 + 719_468
        let era = Int(Int64(z).floorDivided(by: 146_097))
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}

/// Decimal digits with leading zeros.
package func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// `07:30`, of a minute of the day.
package func clockText(minute: Int) -> String { "\(padded(minute / 60, 2)):\(padded(minute % 60, 2))" }

extension WallTime {
    /// RFC 3339 in UTC with milliseconds, as records and machine-readable output say it.
    package var rfc3339: String {
        let day = milliseconds.floorDivided(by: 86_400_000)
        // The day that has the first millisecond of all begins before it.
        let rest = Int(milliseconds &- day &* 86_400_000)
        let date = CivilDate(daysSince1970: Int(clamping: day))
        let (second, milli) = (rest / 1000, rest % 1000)
        return "\(date.text)T\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):"
            + "\(padded(second % 60, 2)).\(padded(milli, 3))Z"
    }
}

extension Int64 {
    package func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

extension Int {
    package func floorModulo(_ modulus: Int) -> Int {
        let remainder = self % modulus
        return remainder < 0 ? remainder + modulus : remainder
    }
}
