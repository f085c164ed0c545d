// SPDX-License-Identifier: Apache-2.0

/// What the fire contact of a lane has come to (lanes.md §8.1), the same for vehicles and people: latched until it is off
/// and somebody on site says so, or open for a silent input, without latch. What opens and how is the lane's.
struct FireLatch: Hashable, Sendable {
    enum Change: Hashable, Sendable {
        /// `isNew`: it was not open for fire before.
        case released(why: String, isNew: Bool)
        case ended(why: String)
    }

    private(set) var contact = LevelFilter(on: .milliseconds(100), off: .seconds(2))
    /// The contact was on: ends only by a reset on site.
    private(set) var isLatched = false
    /// The input is silent for too long: opens, without latch.
    private(set) var isSilent = false

    var isActive: Bool { isLatched || isSilent }

    /// Of the process before; what was heard since stands.
    mutating func resume(_ memory: LaneMemory) {
        isLatched = isLatched || memory.isFireLatched
        isSilent = memory.isFireSilent && !isLatched
    }

    mutating func take(_ level: Level, since: Uptime, at now: Uptime) -> Change? {
        contact.take(level, since: since, at: now)
        return settled()
    }

    mutating func settle(at now: Uptime) -> Change? {
        contact.settle(at: now)
        return settled()
    }

    private mutating func settled() -> Change? {
        switch contact.level {
        case .on where !isLatched:
            let isNew = !isActive
            isLatched = true
            isSilent = false
            return .released(why: "contact", isNew: isNew)
        case .off where isSilent:
            isSilent = false
            return isLatched ? nil : .ended(why: "input_returned")
        case .on, .off, .unknown: return nil
        }
    }

    /// Silent for `fire_unknown_after`.
    mutating func stayedUnknown() -> Change? {
        guard contact.raw == .unknown, !isActive else { return nil }
        isSilent = true
        return .released(why: "input_unknown", isNew: true)
    }

    /// On site, and only after the contact has been off for its two seconds (H-28). nil: there is nothing to end.
    mutating func reset() -> Change? {
        guard mayReset else { return nil }
        isLatched = false
        return isSilent ? nil : .ended(why: "reset")
    }

    var mayReset: Bool { isLatched && contact.level == .off && contact.raw == .off }
}
