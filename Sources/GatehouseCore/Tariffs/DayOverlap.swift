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
        // What each pair would ask again is asked once.
        let starts = spans.map { span in kinds.map { $0.starts(span) } }
        let next = kinds.map { day in kinds.indices.filter { Self.follows(kinds[$0], day) } }
        for second in spans.indices {
            for first in spans.indices where first < second {
                let (a, b) = (spans[first], spans[second])
                let (onA, onB) = (starts[first], starts[second])
                for day in kinds.indices where onA[day] || onB[day] {
                    if onA[day], onB[day], a.fromMinute < b.endMinute, b.fromMinute < a.endMinute {
                        return (first, second, kinds[day].name)
                    }
                    let intoB = onA[day] && a.endMinute > b.fromMinute + 1440
                    let intoA = onB[day] && b.endMinute > a.fromMinute + 1440
                    guard intoA || intoB else { continue }
                    if let after = next[day].first(where: { intoB && onB[$0] || intoA && onA[$0] }) {
                        return (first, second, kinds[after].name)
                    }
                }
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
        let dates = spans.flatMap(\.days).compactMap { if case .date(let date) = $0 { date } else { nil } }
        var last: CivilDate?
        for date in dates.sorted() where date != last {
            last = date
            kinds.append(Kind(type: type(of: date), weekday: date.weekday, date: date))
        }
        return kinds
    }

    private static func follows(_ next: Kind, _ day: Kind) -> Bool {
        guard next.weekday == day.weekday % 7 + 1 else { return false }
        guard let date = day.date, let after = next.date else { return true }
        return after == date.next
    }
}
