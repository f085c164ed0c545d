// SPDX-License-Identifier: Apache-2.0

/// A point on the monotonic clock, for timers, ages and lives of commands. Nanoseconds since an
/// arbitrary origin that holds for one boot of the process; never stored to be compared later.
package struct Uptime: Hashable, Comparable, Sendable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    package static let zero = Uptime(nanoseconds: 0)

    package static func < (a: Uptime, b: Uptime) -> Bool { a.nanoseconds < b.nanoseconds }

    package static func + (a: Uptime, b: Duration) -> Uptime {
        Uptime(nanoseconds: a.nanoseconds.addingSaturated(b.inNanoseconds))
    }

    package static func - (a: Uptime, b: Uptime) -> Duration {
        .nanoseconds(a.nanoseconds &- b.nanoseconds)
    }
}

/// A point on the civil clock: milliseconds since 1970-01-01T00:00:00Z. For records, validity and bills.
package struct WallTime: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Since 1970. Beyond what milliseconds can say it is the last time or the first.
    package init(seconds: Int64) {
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        self.milliseconds = overflow ? (seconds < 0 ? .min : .max) : milliseconds
    }

    package static func < (a: WallTime, b: WallTime) -> Bool { a.milliseconds < b.milliseconds }

    package static func + (a: WallTime, b: Duration) -> WallTime {
        WallTime(milliseconds: a.milliseconds.addingSaturated(b.inMilliseconds))
    }

    package static func - (a: WallTime, b: WallTime) -> Duration {
        .milliseconds(a.milliseconds &- b.milliseconds)
    }
}

/// How far the civil clock can be believed. Journaled with every record, because bills depend on it.
package enum ClockQuality: String, Hashable, Sendable, CaseIterable {
    /// The kernel says that a time source disciplines the clock.
    case synchronised
    /// Free-running since a battery clock or an earlier synchronisation.
    case holdover
    /// Cold boot without any source, or stepped since: validity windows get a tolerance.
    case doubtful
}

/// The two clocks of an event, read once when it arrived.
package struct Moment: Hashable, Sendable {
    package var uptime: Uptime
    package var wall: WallTime
    package var quality: ClockQuality

    package init(uptime: Uptime, wall: WallTime, quality: ClockQuality = .synchronised) {
        self.uptime = uptime
        self.wall = wall
        self.quality = quality
    }
}

extension Int64 {
    /// A time beyond the last one is the last one: wrapped around it would be long past, and due at once for ever.
    func addingSaturated(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}

extension Duration {
    /// Saturating: a configured span never overflows, a hostile one must not trap.
    package var inNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, carried) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return carried ? (seconds < 0 ? .min : .max) : sum
    }

    package var inMilliseconds: Int64 { inNanoseconds / 1_000_000 }
}
