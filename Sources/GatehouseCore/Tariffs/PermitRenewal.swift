// SPDX-License-Identifier: Apache-2.0

/// The arithmetic of a renewed permit (§6.1).
package struct PermitRenewal: Hashable, Sendable {
    package enum From: String, Hashable, Sendable, CaseIterable {
        case oldExpiry = "old_expiry"
        case todayIfExpired = "today_if_expired"
    }
    package enum Month: String, Hashable, Sendable, CaseIterable {
        case calendar
        case thirtyDays = "days30"
    }

    /// The last day of the old one.
    package var validTo: CivilDate
    /// 1...1200.
    package var months: Int
    package var today: CivilDate
    package var from: From = .oldExpiry
    package var month: Month = .calendar

    package init(validTo: CivilDate, months: Int, today: CivilDate) {
        self.validTo = validTo
        self.months = months
        self.today = today
    }

    /// First and last day; nil where the calendar ends.
    package var renewed: (from: CivilDate, to: CivilDate)? {
        let start = from == .todayIfExpired && validTo < today ? today : validTo.next
        guard (1...1200).contains(months) else { return nil }
        guard month == .calendar else { return (start, start.advanced(by: 30 * months - 1)) }
        let count = start.year * 12 + start.month - 1 + months
        let (year, number) = (count / 12, count % 12 + 1)
        if let same = CivilDate(year: year, month: number, day: start.day) { return (start, same.previous) }
        // The month is too short: its last day.
        return (28...30).reversed().lazy.compactMap { CivilDate(year: year, month: number, day: $0) }.first
            .map { (start, $0) }
    }
}
