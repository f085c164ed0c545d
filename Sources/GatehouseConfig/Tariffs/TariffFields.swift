// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Yams

extension MappingReader {
    /// A key that is there and not null: `free: null` says that there is none.
    func given(_ key: String) -> Field? {
        guard let field = optional(key) else { return nil }
        if let scalar = field.node.scalar, scalar.style == .plain || scalar.style == .any,
            ["", "~", "null"].contains(scalar.string)
        {
            return nil
        }
        return field
    }
}

extension Field {
    /// At most ten million yuan: what is more is a slip.
    static let amounts = 0...1_000_000_000

    func money() -> Money? { integer(in: Self.amounts).map { Money(Int64($0)) } }

    func minutes(_ range: ClosedRange<Int> = 1...525_600) -> Int? { integer(in: range) }

    func currency() -> String? {
        guard let text = raw(expecting: "three letters, as CNY") else { return nil }
        guard text.utf8.count == 3, text.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            error("use the three capital letters of ISO 4217, as CNY", found: text)
            return nil
        }
        return text
    }

    func zoneName() -> String? {
        guard let text = raw(expecting: "an IANA time zone, as Asia/Shanghai") else { return nil }
        guard ZoneRulesLoader.isName(text) else {
            error("use an IANA time zone, as Asia/Shanghai", found: text)
            return nil
        }
        return text
    }

    /// `07:00`, `24:00` where it is an end: minutes of the day.
    func clockTime(upTo limit: Int = 1439) -> Int? {
        guard let text = raw(expecting: "a time of day, \"07:00\"") else { return nil }
        guard let minute = ScalarForms.minuteOfDay(text), minute <= limit
        else {
            error("use a time of day as \"07:00\"\(limit > 1439 ? ", at most \"24:00\"" : "")", found: text)
            return nil
        }
        return minute
    }

    /// `2`, `1/2`, `1.5`: exact.
    func fraction() -> Fraction? {
        let expected = "a ratio as '2', '1/2' or '1.5', at most 100"
        guard let text = raw(expecting: expected) else { return nil }
        let value: Fraction?
        if text.contains("/") {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            let numbers = parts.compactMap(ScalarForms.integer)
            value =
                parts.count == 2 && numbers.count == 2 && numbers.allSatisfy { $0 <= 1_000_000 }
                ? Fraction(Int64(numbers[0]), over: Int64(numbers[1])) : nil
        } else {
            value = ScalarForms.thousandths(text).flatMap { Fraction($0, over: 1000) }
        }
        guard let value, value.numerator <= value.denominator * 100 else {
            error("use \(expected)", found: text)
            return nil
        }
        return value
    }

    /// `workday`, `sat`, `2026-10-01`; each once.
    func daySelectors() -> [DaySelector] {
        var times: [String: Int] = [:]
        return list(atMost: TariffLimits.dates, "days").compactMap { field in
            guard let text = field.raw(expecting: "a day") else { return nil }
            times[text, default: 0] += 1
            guard times[text] == 1 else {
                // Said once, however often it stands there.
                if times[text] == 2 {
                    field.error("this day is named twice in one list; keep one", found: text)
                }
                return nil
            }
            if let type = DayType(rawValue: text) { return .type(type) }
            if let index = Self.weekdays.firstIndex(of: text) { return .weekday(index + 1) }
            if let date = CivilDate(text: text) { return .date(date) }
            let near = nearest(to: text, among: DayType.allCases.map(\.rawValue) + Self.weekdays)
            field.error(
                "use workday, weekend, holiday, mon to sun, or a date", found: text,
                hint: near.map { "did you mean \($0)?" })
            return nil
        }
    }

    private static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
}
