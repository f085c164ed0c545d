// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// What one output should be doing, and what reading it back makes of that (`lanes.md` §5.4).
struct RelayChannel: Hashable, Sendable {
    /// A relay may read on this much longer than its pulse.
    static let margin = Duration.milliseconds(300)
    /// A relay that did not let go is written off again this often: it may let go one day, and nobody else would try.
    static let patience = Duration.seconds(10)

    struct Pulse: Hashable, Sendable {
        var ends: Uptime
        var isBoardTimed: Bool
    }

    enum Verdict: Hashable, Sendable {
        case asExpected
        /// Write the wanted level again.
        case rewrite
        /// The board forgot a level that it had.
        case forgotten
        /// On, and two times off did not help.
        case stuck
        /// Off at last.
        case free
    }

    /// Outside of pulses: hold, lamps.
    var isMaintained = false
    var pulse: Pulse?
    private(set) var isStuck = false
    private var wasSeenMaintained = false
    private var offWrites = 0
    private var nextTry = Uptime.zero

    /// What a command wants to stand from now on.
    mutating func note(_ action: OutputAction) {
        switch action {
        case .on: isMaintained = true
        case .off: isMaintained = false
        case .pulse: break
        }
    }

    /// The relay read on or off at an instant.
    mutating func readBack(isOn: Bool, at now: Uptime) -> Verdict {
        if isMaintained {
            defer { wasSeenMaintained = isOn }
            if isOn { return .asExpected }
            return wasSeenMaintained ? .forgotten : .rewrite
        }
        wasSeenMaintained = false
        if let pulse, now < pulse.ends + Self.margin { return .asExpected }
        pulse = nil
        guard isOn else {
            defer { isStuck = false }
            offWrites = 0
            return isStuck ? .free : .asExpected
        }
        if isStuck {
            guard now >= nextTry else { return .asExpected }
            nextTry = now + Self.patience
            return .rewrite
        }
        guard offWrites < 2 else {
            isStuck = true
            nextTry = now + Self.patience
            return .stuck
        }
        offWrites += 1
        return .rewrite
    }
}
