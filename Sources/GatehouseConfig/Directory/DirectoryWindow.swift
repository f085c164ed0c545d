// SPDX-License-Identifier: Apache-2.0

/// A span of the day on some days of the week, half-open in local time; one that wraps past midnight belongs
/// to the day on which it starts.
package struct DirectoryWindow: Hashable, Sendable {
    /// 1 Monday … 7 Sunday, rising.
    package var days: [Int]
    /// Minutes after midnight, 0..<1440.
    package var fromMinute: Int
    /// 1...1440. At or below `fromMinute` the window ends on the next day.
    package var toMinute: Int

    package init(days: [Int], fromMinute: Int, toMinute: Int) {
        self.days = days
        self.fromMinute = fromMinute
        self.toMinute = toMinute
    }

    private static let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    /// `Mon-Fri 07:00-19:00; Sat 08:00-12:00`, `Mon,Wed 00:00-24:00`, `Fri-Mon 22:00-06:00`; nil when any
    /// part is something else.
    package static func parse(_ text: String) -> [DirectoryWindow]? {
        var windows: [DirectoryWindow] = []
        for part in text.split(separator: ";", omittingEmptySubsequences: false) {
            let words = part.split(separator: " ")
            guard words.count == 2, let days = days(words[0]) else { return nil }
            let times = words[1].split(separator: "-", omittingEmptySubsequences: false)
                .map(ScalarForms.minuteOfDay)
            guard times.count == 2, let from = times[0], let to = times[1], from < 1440, to > 0 || from > 0
            else {
                return nil
            }
            guard from != to else { return nil }
            windows.append(DirectoryWindow(days: days, fromMinute: from, toMinute: to == 0 ? 1440 : to))
        }
        return windows.isEmpty || windows.count > 16 ? nil : windows
    }

    private static func days(_ text: Substring) -> [Int]? {
        var days: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map {
                names.firstIndex(of: String($0))
            }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] else {
                return nil
            }
            for step in 0...((last - first + 7) % 7) { days.insert((first + step) % 7 + 1) }
        }
        return days.sorted()
    }
}
