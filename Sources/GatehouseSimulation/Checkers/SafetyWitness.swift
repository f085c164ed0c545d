// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// What can be known of one lane's safety loop from the terminals of its board, its line and the life of the
/// process; nothing of what the process itself believes. In doubt it is the milder witness: what it calls
/// forbidden was forbidden for anybody who looked.
struct SafetyWitness {
    enum Doubt: String { case on, unknown, suspect, offTooShort = "off too short" }

    /// A poll and the exchange in progress.
    static let tolerance = Duration.milliseconds(250)
    /// A vehicle leaves within this long of being seen on the clear loop.
    private static let evidenceWindow = Duration.seconds(11)

    private let tuneOut: Duration
    private let staleAfter: Duration
    private var isOn = false
    private var onSince: Uptime?
    /// Beginning of the unbroken off; shorter interruptions than a poll are nobody's knowledge.
    private var offSince: Uptime?
    private var clearAt: Uptime?
    private var isClearOn = false
    private var unsoundSince: Uptime?
    /// Since when somebody is there to read the terminals; nil: nobody.
    private var readSince: Uptime?
    private var isSuspect = true
    /// An `on` that this process could read, and since when without interruption.
    private var readOnSince: Uptime?
    private var wasReadOn = false
    /// Whoever stood here reached the clear loop meanwhile, and has left when that falls.
    private var isSuspectUntilClear = false

    init(tuneOut: Duration, staleAfter: Duration) {
        self.tuneOut = tuneOut
        self.staleAfter = staleAfter
    }

    private func isRead(at now: Uptime) -> Bool { readSince != nil && unsoundSince == nil }

    mutating func started(at now: Uptime) { readSince = now }

    mutating func ended() {
        readSince = nil
        forgetCycle()
    }

    /// Power of the detectors, of their board or of the gateway was gone: loops re-tune to what stands on them.
    mutating func poweredUp() {
        isSuspect = true
        forgetCycle()
    }

    /// Somebody on site said so.
    mutating func seenEmpty() { isSuspect = false }

    private mutating func forgetCycle() {
        wasReadOn = false
        readOnSince = nil
        isSuspectUntilClear = false
    }

    mutating func senses(isOn now: Bool, isClearOn: Bool, isLineSound: Bool, at instant: Uptime) {
        line(isSound: isLineSound, at: instant)
        if isClearOn, !self.isClearOn { clearAt = instant }
        if !isClearOn, self.isClearOn, isSuspectUntilClear, isRead(at: instant),
            let clearAt, instant - clearAt <= tuneOut + .seconds(1)
        {
            isSuspect = false
        }
        self.isClearOn = isClearOn
        if now, !isOn { onSince = instant }
        if !now, isOn, let since = onSince, instant - since >= Self.tolerance { offSince = instant }
        if !now, offSince == nil { offSince = instant }
        isOn = now
        follow(at: instant)
    }

    private mutating func line(isSound: Bool, at now: Uptime) {
        if !isSound {
            unsoundSince = unsoundSince ?? now
        } else if let since = unsoundSince {
            unsoundSince = nil
            // Long enough for every sample to be too old: reading begins anew.
            if now - since > staleAfter, readSince != nil { readSince = now }
        }
    }

    /// One full cycle ends suspicion; one that lasted too long and left no trace of a vehicle begins it.
    private mutating func follow(at now: Uptime) {
        guard isRead(at: now) else {
            readOnSince = nil
            return
        }
        if isOn {
            wasReadOn = true
            readOnSince = readOnSince ?? now
        } else if wasReadOn {
            let lasted = readOnSince.map { now - $0 } ?? .zero
            let wasSeenLeaving = clearAt.map { now - $0 <= Self.evidenceWindow } ?? false
            let hasReachedClear = isClearOn && clearAt.map { $0 > readOnSince ?? now } ?? false
            isSuspect = lasted > tuneOut + .seconds(1) && !wasSeenLeaving
            forgetCycle()
            isSuspectUntilClear = isSuspect && hasReachedClear
        }
    }

    /// Why no close may be commanded at this instant.
    func doubt(clearDelay: Duration, at now: Uptime) -> Doubt? {
        if isOn, let onSince, now - onSince >= Self.tolerance { return .on }
        guard let readSince else { return .unknown }
        if let unsoundSince, now - unsoundSince > staleAfter + Self.tolerance { return .unknown }
        if isSuspect { return .suspect }
        guard let offSince else { return .on }
        let known = max(offSince, readSince)
        return now - known < clearDelay - Self.tolerance ? .offTooShort : nil
    }
}
