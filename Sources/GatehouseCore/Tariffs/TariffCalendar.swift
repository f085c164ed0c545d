// SPDX-License-Identifier: Apache-2.0

/// Which days are holidays, and which days of a weekend are worked (调休).
package struct TariffCalendar: Hashable, Sendable {
    /// Rising.
    package var holidays: [CivilDate]
    package var workdays: [CivilDate]

    package init(holidays: [CivilDate] = [], workdays: [CivilDate] = []) {
        self.holidays = holidays.sorted()
        self.workdays = workdays.sorted()
    }

    package func type(of date: CivilDate) -> DayType {
        if Self.holds(holidays, date) { return .holiday }
        if Self.holds(workdays, date) { return .workday }
        return date.weekday >= 6 ? .weekend : .workday
    }

    package func matches(_ date: CivilDate, _ days: [DaySelector]) -> Bool {
        days.match(type(of: date), weekday: date.weekday, date)
    }

    private static func holds(_ dates: [CivilDate], _ date: CivilDate) -> Bool {
        var low = 0
        var high = dates.count
        while low < high {
            let middle = (low + high) / 2
            if dates[middle] < date { low = middle + 1 } else { high = middle }
        }
        return low < dates.count && dates[low] == date
    }
}

package enum DayType: String, Hashable, Sendable, CaseIterable { case workday, weekend, holiday }

package enum DaySelector: Hashable, Sendable {
    case type(DayType)
    /// 1 Monday … 7 Sunday.
    case weekday(Int)
    /// The same, holiday or not: of the windows of the site's own permits, which know no holidays.
    case plainWeekday(Int)
    case date(CivilDate)
}

extension [DaySelector] {
    /// No selector means every day. A weekday's name does not mean a holiday on that day.
    func match(_ type: DayType, weekday: Int, _ date: CivilDate?) -> Bool {
        isEmpty
            || contains {
                switch $0 {
                case .type(let wanted): wanted == type
                case .weekday(let wanted): type != .holiday && wanted == weekday
                case .plainWeekday(let wanted): wanted == weekday
                case .date(let wanted): wanted == date
                }
            }
    }
}

/// A span of civil time on chosen days, half-open. One that ends at or before where it begins runs into the next day
/// and belongs to the day on which it starts.
package struct DaySpan: Hashable, Sendable {
    package let days: [DaySelector]
    /// 0..<1440.
    package let fromMinute: Int
    /// 1...2880, counted from the midnight of the day on which it starts.
    package let endMinute: Int

    /// `toMinute`: 0...1440. nil for an empty span; the whole day is 0 to 1440.
    package init?(days: [DaySelector] = [], fromMinute: Int, toMinute: Int) {
        guard (0..<1440).contains(fromMinute), (0...1440).contains(toMinute), fromMinute != toMinute else {
            return nil
        }
        self.days = days
        self.fromMinute = fromMinute
        endMinute = toMinute > fromMinute ? toMinute : toMinute + 1440
    }
}
