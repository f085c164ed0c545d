// SPDX-License-Identifier: Apache-2.0

/// A level that is believed only after it stood for a while; `unknown` is believed at once (lanes.md §2).
/// The delay counts from the first sample of an unbroken run, not from the moment that we heard of it.
package struct LevelFilter: Hashable, Sendable {
    private let onDelay: Duration
    private let offDelay: Duration
    /// As last reported.
    package private(set) var raw: Level = .unknown
    /// First sample of the unbroken run of `raw`.
    package private(set) var rawSince: Uptime = .zero
    /// As believed.
    package private(set) var level: Level = .unknown

    package init(on: Duration, off: Duration) {
        onDelay = on
        offDelay = off
    }

    /// When the raw level will be believed, if it stays; nil when it is believed already.
    package var due: Uptime? {
        switch raw {
        case level: nil
        case .on: rawSince + onDelay
        case .off: rawSince + offDelay
        case .unknown: rawSince
        }
    }

    /// Whether the believed level changed.
    @discardableResult
    package mutating func take(_ new: Level, since: Uptime, at now: Uptime) -> Bool {
        let since = min(since, now)
        if new == raw {
            // The same level with a later beginning was interrupted in between.
            rawSince = max(rawSince, since)
        } else {
            raw = new
            rawSince = since
        }
        return settle(at: now)
    }

    /// What was last reported is believed before its time.
    package mutating func believe() { level = raw }

    @discardableResult
    package mutating func settle(at now: Uptime) -> Bool {
        guard let due, due <= now else { return false }
        level = raw
        return true
    }
}
