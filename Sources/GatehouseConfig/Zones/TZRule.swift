// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// The footer of a compiled zone: a POSIX TZ string with the extensions of RFC 9636 §3.3.1 (hours of a rule
/// from −167 to 167).
struct TZRule: Equatable {
    /// A day of each year.
    enum Day: Equatable {
        /// 1–365, never 29 February.
        case julian(Int)
        /// 0–365, counting 29 February.
        case ordinal(Int)
        /// Month, week 1–5 (5 is the last), weekday 0 Sunday … 6.
        case month(Int, week: Int, weekday: Int)
    }

    struct Change: Equatable {
        var day: Day
        /// Seconds after local midnight.
        var time: Int
    }

    struct Summer: Equatable {
        var offset: Int
        var start: Change
        var end: Change
    }

    var standardOffset: Int
    var summer: Summer?

    init?(_ text: String) {
        var scanner = Scanner(Array(text.utf8))
        guard scanner.name(), let west = scanner.time(hours: 24) else { return nil }
        standardOffset = -west
        guard !scanner.isAtEnd else { return }
        guard scanner.name() else { return nil }
        var offset = standardOffset + 3600
        if !scanner.isNext(",") {
            guard let west = scanner.time(hours: 24) else { return nil }
            offset = -west
        }
        guard let start = scanner.change(), let end = scanner.change(), scanner.isAtEnd else { return nil }
        summer = Summer(offset: offset, start: start, end: end)
    }

    /// The two changes of a year in the order of their instants; none without summer time.
    func transitions(in year: Int) -> [ZoneRules.Transition] {
        guard let summer else {
            guard let newYear = CivilDate(year: year, month: 1, day: 1) else { return [] }
            return [ZoneRules.Transition(at: Int64(newYear.daysSince1970) * 86_400, offset: standardOffset)]
        }
        let pairs = [
            (summer.start, standardOffset, summer.offset), (summer.end, summer.offset, standardOffset),
        ]
        return pairs.compactMap { change, before, after in
            guard let day = Self.day(change.day, in: year) else { return nil }
            return ZoneRules.Transition(at: Int64(day * 86_400 + change.time - before), offset: after)
        }.sorted { $0.at < $1.at }
    }

    /// Days since 1970.
    private static func day(_ day: Day, in year: Int) -> Int? {
        guard let newYear = CivilDate(year: year, month: 1, day: 1)?.daysSince1970 else { return nil }
        switch day {
        case .ordinal(let number): return newYear + number
        case .julian(let number):
            let isLeap = CivilDate(year: year, month: 2, day: 29) != nil
            return newYear + number - 1 + (isLeap && number >= 60 ? 1 : 0)
        case .month(let month, let week, let weekday):
            guard let first = CivilDate(year: year, month: month, day: 1) else { return nil }
            let ahead = (weekday - first.weekday % 7 + 7) % 7
            let candidate = first.daysSince1970 + ahead + (week - 1) * 7
            return CivilDate(daysSince1970: candidate).month == month ? candidate : candidate - 7
        }
    }

    private struct Scanner {
        private let bytes: [UInt8]
        private var position = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { position == bytes.count }

        func isNext(_ character: Unicode.Scalar) -> Bool {
            position < bytes.count && bytes[position] == UInt8(ascii: character)
        }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard isNext(character) else { return false }
            position += 1
            return true
        }

        /// `CST` or `<+0330>`.
        mutating func name() -> Bool {
            let start = position
            if skip("<") {
                while position < bytes.count, !isNext(">") { position += 1 }
                return skip(">")
            }
            while position < bytes.count, (bytes[position] | 0x20) >= 0x61, (bytes[position] | 0x20) <= 0x7A {
                position += 1
            }
            return position - start >= 3
        }

        mutating func number(_ range: ClosedRange<Int>) -> Int? {
            var value: Int?
            while position < bytes.count, ScalarForms.isDigit(bytes[position]), value ?? 0 < 1000 {
                value = (value ?? 0) * 10 + Int(bytes[position] - UInt8(ascii: "0"))
                position += 1
            }
            return value.flatMap { range.contains($0) ? $0 : nil }
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func time(hours: Int) -> Int? {
            let sign = skip("-") ? -1 : 1
            if sign == 1 { _ = skip("+") }
            guard var seconds = number(0...hours).map({ $0 * 3600 }) else { return nil }
            for unit in [60, 1] where skip(":") {
                guard let part = number(0...59) else { return nil }
                seconds += part * unit
            }
            return sign * seconds
        }

        /// `,M3.2.0/2`
        mutating func change() -> Change? {
            guard skip(","), let day = day() else { return nil }
            guard skip("/") else { return Change(day: day, time: 7200) }
            return time(hours: 167).map { Change(day: day, time: $0) }
        }

        private mutating func day() -> Day? {
            if skip("J") { return number(1...365).map(Day.julian) }
            guard skip("M") else { return number(0...365).map(Day.ordinal) }
            guard let month = number(1...12), skip("."), let week = number(1...5), skip("."),
                let weekday = number(0...6)
            else { return nil }
            return .month(month, week: week, weekday: weekday)
        }
    }
}
