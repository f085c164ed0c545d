// SPDX-License-Identifier: Apache-2.0

extension TariffCalendar {
    /// A kind of day, or one that a selector names.
    private struct Kind {
        var type: DayType
        var weekday: Int
        var date: CivilDate?

        func starts(_ span: DaySpan) -> Bool { span.days.match(type, weekday: weekday, date) }

        var name: String { date?.text ?? (type == .holiday ? "a holiday" : "a \(Self.names[weekday - 1])") }

        private static let names = [
            "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
        ]
    }

    /// Two spans that are in force at once on some kind of day, whether or not the calendar has one yet.
    package func firstOverlap(_ spans: [DaySpan]) -> (first: Int, second: Int, day: String)? {
        let kinds = kinds(spans)
        for second in spans.indices {
            for first in spans.indices where first < second {
                if let day = overlap(spans[first], spans[second], kinds) { return (first, second, day) }
            }
        }
        return nil
    }

    private func kinds(_ spans: [DaySpan]) -> [Kind] {
        var kinds: [Kind] = []
        for weekday in 1...7 {
            let ordinary: DayType = weekday >= 6 ? .weekend : .workday
            for type in [ordinary, .holiday] { kinds.append(Kind(type: type, weekday: weekday)) }
            if weekday >= 6 { kinds.append(Kind(type: .workday, weekday: weekday)) }
        }
        for case .date(let date) in spans.flatMap(\.days) {
            kinds.append(Kind(type: type(of: date), weekday: date.weekday, date: date))
        }
        return kinds
    }

    private func overlap(_ a: DaySpan, _ b: DaySpan, _ kinds: [Kind]) -> String? {
        for day in kinds {
            if day.starts(a), day.starts(b), a.fromMinute < b.endMinute, b.fromMinute < a.endMinute {
                return day.name
            }
            for next in kinds where Self.follows(next, day) {
                if day.starts(a), next.starts(b), a.endMinute > b.fromMinute + 1440 { return next.name }
                if day.starts(b), next.starts(a), b.endMinute > a.fromMinute + 1440 { return next.name }
            }
        }
        return nil
    }

    private static func follows(_ next: Kind, _ day: Kind) -> Bool {
        guard next.weekday == day.weekday % 7 + 1 else { return false }
        guard let date = day.date, let after = next.date else { return true }
        return after == date.next
    }
}
