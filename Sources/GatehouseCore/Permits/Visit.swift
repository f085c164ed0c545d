// SPDX-License-Identifier: Apache-2.0

/// A resident's visitor: when the vehicle may come, and for how long it is a guest (访客, `tariffs.md` §6.4). Beyond that
/// it is a temporary one.
package struct Visit: Hashable, Sendable {
    /// May come from then on, and a little before.
    package var from: WallTime
    /// May come no more.
    package var to: WallTime
    /// A guest for so long from its entry, but not from before `from`; nil: until `to`.
    package var minutes: Int?
    /// So many times it may come in on it, passages and not attempts (`access-rules.md` §1.4); nil: as often as it likes.
    package var entries: Int?

    /// Guests come early (`access-rules.md` §1.4).
    static let early: Duration = .seconds(1800)
    package static let longestMinutes = 10_080
    /// More often is a permit's.
    package static let mostEntries = 99
    /// The end of the year 9999, which civil time can be told of.
    private static let latest = WallTime(milliseconds: 253_402_300_799_000)

    package init(from: WallTime, to: WallTime, minutes: Int? = nil, entries: Int? = nil) {
        self.from = from
        self.to = to
        self.minutes = minutes
        self.entries = entries
    }

    func admits(at instant: WallTime) -> Bool { from + (.zero - Self.early) <= instant && instant < to }

    /// What it covers of a stay that began then, in seconds since 1970; nil: whoever comes too late is no guest.
    func cover(entry: Int64) -> TimeSpan? {
        guard entry < to.second else { return nil }
        let start = max(from.second, entry)
        let span = TimeSpan(start, minutes.map { start + Int64($0) * 60 } ?? to.second)
        return span.isEmpty ? nil : span
    }

    /// `visit 2026-05-06T14:00+08:00 to 2026-05-06T18:00+08:00, 120 minutes, entries 0 of 1`, for explanations.
    /// - Parameter used: entries that are used.
    package func text(_ zone: ZoneRules, used: Int) -> String {
        "visit \(zone.stamp(from.second)) to \(zone.stamp(to.second))"
            + (minutes.map { ", \($0) minutes" } ?? "") + (entries.map { ", entries \(used) of \($0)" } ?? "")
    }
}

extension Visit: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("from_ms", from.milliseconds)
        fields.put("to_ms", to.milliseconds)
        fields.put("minutes", ifPresent: minutes)
        fields.put("entries", ifPresent: entries)
    }

    package init(from fields: Fields) throws(FieldError) {
        from = try fields.wallTime("from_ms")
        to = try fields.wallTime("to_ms")
        minutes = try fields.integerIfPresent("minutes").map { Int(clamping: $0) }
        entries = try fields.integerIfPresent("entries").map { Int(clamping: $0) }
        guard from.milliseconds >= 0 else { throw .wrongType(key: "from_ms") }
        guard from < to, to <= Self.latest else { throw .wrongType(key: "to_ms") }
        if let minutes, !(1...Self.longestMinutes).contains(minutes) { throw .wrongType(key: "minutes") }
        if let entries, !(1...Self.mostEntries).contains(entries) { throw .wrongType(key: "entries") }
    }
}
