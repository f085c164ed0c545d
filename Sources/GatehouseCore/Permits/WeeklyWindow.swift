// SPDX-License-Identifier: Apache-2.0

/// A weekly span of civil time, half-open; one that wraps past midnight belongs to the day it starts on
/// (`access-rules.md` §1.3).
package struct WeeklyWindow: Hashable, Sendable {
    /// Bit 0 Monday … bit 6 Sunday.
    package let days: UInt8
    /// 0..<1440.
    package let fromMinute: Int
    /// 0...1440; not after `fromMinute` means: on the next day.
    package let toMinute: Int

    /// `days` are 1 Monday … 7 Sunday in any order. nil for no day, minutes out of range, or an empty span;
    /// the whole day is 0 to 1440.
    package init?(days: [Int], fromMinute: Int, toMinute: Int) {
        guard !days.isEmpty, days.allSatisfy((1...7).contains), (0..<1440).contains(fromMinute),
            (0...1440).contains(toMinute), fromMinute != toMinute
        else { return nil }
        self.days = days.reduce(0) { $0 | 1 << UInt8($1 - 1) }
        self.fromMinute = fromMinute
        self.toMinute = toMinute
    }

    package func contains(_ time: CivilTime) -> Bool {
        let minute = time.minuteOfDay
        let today = has(weekday: time.date.weekday)
        guard toMinute <= fromMinute else { return today && fromMinute <= minute && minute < toMinute }
        let yesterday = has(weekday: (time.date.weekday + 5) % 7 + 1)
        return today && minute >= fromMinute || yesterday && minute < toMinute
    }

    private func has(weekday: Int) -> Bool { days & (1 << UInt8(weekday - 1)) != 0 }

    package var dayList: [Int] { (1...7).filter { has(weekday: $0) } }

    /// `1-5 08:00-18:30`, for explanations.
    package var text: String {
        let days = dayList.map(String.init).joined(separator: ",")
        return "\(days) \(clockText(minute: fromMinute))-\(clockText(minute: toMinute))"
    }
}

extension WeeklyWindow: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("days", dayList.map(String.init).joined())
        fields.put("from", fromMinute)
        fields.put("to", toMinute)
    }

    package init(from fields: Fields) throws(FieldError) {
        let days = try fields.string("days")
        let window = WeeklyWindow(
            days: days.map { $0.wholeNumberValue ?? 0 }, fromMinute: try fields.int("from"),
            toMinute: try fields.int("to"))
        guard let window else { throw .unknownValue(key: "days", value: days) }
        self = window
    }
}
