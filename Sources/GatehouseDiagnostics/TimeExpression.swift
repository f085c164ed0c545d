// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Points in time as people type them: `10m`, `2h`, `3d` (a span from now), `07:30` (today),
/// `2026-03-02`, `2026-03-02 07:30`, `2026-03-02T07:30:00` (in the zone given), or RFC 3339 with `Z` or an
/// offset.
package enum TimeExpression {
    package enum Sense: Sendable { case past, future }

    /// A span counts back from now in the past sense, forward in the future one. nil: not understood.
    package static func parse(_ text: String, now: WallTime, zone: ZoneRules, sense: Sense) -> WallTime? {
        if let span = span(text) { return now + (sense == .past ? .zero - span : span) }
        let parts = text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "T" || $0 == " " })
        if parts.count == 1, let clock = clock(parts[0]) {
            return local(zone.civil(now).date, clock, zone)
        }
        guard (1...2).contains(parts.count), let date = date(parts[0]) else { return nil }
        guard parts.count == 2 else { return local(date, 0, zone) }
        let (time, offset) = split(parts[1])
        guard let milliseconds = clock(time) else { return nil }
        guard let offset else { return local(date, milliseconds, zone) }
        guard let seconds = seconds(offset) else { return nil }
        return WallTime(milliseconds: Int64(date.daysSince1970) * 86_400_000 + milliseconds - seconds * 1000)
    }

    private static func span(_ text: String) -> Duration? {
        guard let unit = text.last, text.count <= 8, let count = Int64(text.dropLast()), count >= 0 else {
            return nil
        }
        switch unit {
        case "s": return .seconds(count)
        case "m": return .seconds(count * 60)
        case "h": return .seconds(count * 3600)
        case "d": return .seconds(count * 86_400)
        default: return nil
        }
    }

    package static func date(_ text: Substring) -> CivilDate? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            let year = digits(parts[0]), let month = digits(parts[1]), let day = digits(parts[2])
        else { return nil }
        return CivilDate(year: Int(year), month: Int(month), day: Int(day))
    }

    /// Milliseconds of the day.
    private static func clock(_ text: Substring) -> Int64? {
        let halves = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(halves.count) else { return nil }
        let parts = halves[0].split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), parts.allSatisfy({ $0.count == 2 }), let hour = digits(parts[0]),
            let minute = digits(parts[1]), let second = parts.count == 3 ? digits(parts[2]) : 0,
            hour < 24, minute < 60, second < 60
        else { return nil }
        var fraction: Int64 = 0
        if halves.count == 2 {
            guard parts.count == 3, (1...9).contains(halves[1].count), digits(halves[1]) != nil else {
                return nil
            }
            fraction = digits((halves[1] + "00").prefix(3)) ?? 0
        }
        return ((hour * 60 + minute) * 60 + second) * 1000 + fraction
    }

    /// The clock and what follows it: `Z`, `+08:00`; nil when nothing does.
    private static func split(_ text: Substring) -> (Substring, Substring?) {
        guard let index = text.firstIndex(where: { "Zz+-".contains($0) }) else { return (text, nil) }
        return (text[..<index], text[index...])
    }

    /// Seconds east of UTC.
    private static func seconds(_ offset: Substring) -> Int64? {
        if offset == "Z" || offset == "z" { return 0 }
        guard let sign = offset.first, let milliseconds = clock(offset.dropFirst()) else { return nil }
        return (sign == "-" ? -1 : 1) * milliseconds / 1000
    }

    private static func digits(_ text: Substring) -> Int64? {
        text.allSatisfy(\.isASCII) && text.allSatisfy(\.isNumber) ? Int64(text) : nil
    }

    private static func local(_ date: CivilDate, _ milliseconds: Int64, _ zone: ZoneRules) -> WallTime {
        let second = Int64(date.daysSince1970) * 86_400 + milliseconds / 1000
        return WallTime(milliseconds: zone.instant(localSecond: second) * 1000 + milliseconds % 1000)
    }
}
