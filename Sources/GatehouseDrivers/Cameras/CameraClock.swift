// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// How far a camera's clock is off, learned from its stamps (`lpr-cameras.md` §1.1, §7.1). A stamp is a few
/// seconds behind receipt on a healthy camera, a whole number of quarter hours off when only the zone label
/// is wrong, anything when the clock is. What is asked: how old is this event?
struct CameraClock: Hashable, Sendable {
    enum Health: Hashable, Sendable {
        case good
        /// The digits are right, the offset label is wrong by this much.
        case wrongZone(Duration)
        case wrong(Duration)
    }

    struct Reading: Hashable, Sendable {
        /// By the corrected clock; never negative.
        var age: Duration
        /// Changed by this reading.
        var newHealth: Health?
    }

    /// Older than this is not fresh.
    static let freshness = Duration.seconds(10)
    /// A stamp may be this far ahead of us: both clocks are disciplined loosely.
    static let ahead = Duration.seconds(5)
    private static let quarter = Duration.seconds(900)
    /// A past stamp may be a late event and not a wrong clock: two that agree must be this far apart.
    private static let agreement = Duration.seconds(30)

    private(set) var health: Health?
    /// Camera minus us, as adopted.
    private var correction = Duration.zero
    private var candidate: Candidate?
    private var lastMoment: Moment?

    private struct Candidate: Hashable, Sendable {
        var offset: Duration
        var since: Uptime
    }

    /// What it says of our clock. Not `health`, which stays when ours is stepped: this follows.
    var opinion: ClockOpinion? {
        guard health != nil else { return nil }
        switch Self.interpretation(of: correction).health {
        case .good: return .agrees
        case .wrongZone(let offset): return offset == .zero ? .agrees : .otherZone(offset)
        case .wrong(let offset): return .differs(offset)
        }
    }

    /// `isPrompt`: a heartbeat, which is never queued.
    mutating func read(_ stamp: WallTime, at now: Moment, isPrompt: Bool) -> Reading {
        followOurClock(now)
        let offset = stamp - now.wall
        if let age = age(of: offset, correction: correction), health != nil {
            candidate = nil
            return Reading(age: age, newHealth: becomeGoodIfCorrected())
        }
        guard let adopted = adoptable(offset, at: now, isPrompt: isPrompt) else {
            return Reading(age: .zero - (offset - correction), newHealth: nil)
        }
        candidate = nil
        correction = adopted.correction
        let isNew = health != adopted.health
        health = adopted.health
        return Reading(
            age: age(of: offset, correction: correction) ?? .zero, newHealth: isNew ? adopted.health : nil)
    }

    /// nil when the stamp does not fit this correction.
    private func age(of offset: Duration, correction: Duration) -> Duration? {
        let behind = correction - offset
        guard behind >= .zero - Self.ahead, behind <= Self.freshness else { return nil }
        return max(.zero, behind)
    }

    private mutating func adoptable(
        _ offset: Duration, at now: Moment, isPrompt: Bool
    ) -> (correction: Duration, health: Health)? {
        let isNearOurs = age(of: offset, correction: .zero) != nil
        let proposed: (correction: Duration, health: Health) =
            isNearOurs ? (.zero, .good) : Self.interpretation(of: offset)
        // Nothing arrives before it happened: what lies ahead disproves the correction at once.
        if isPrompt || offset - correction > Self.ahead { return proposed }
        if health == nil {
            switch proposed.health {
            case .good, .wrongZone: return proposed
            case .wrong: break
            }
        }
        if let candidate, candidate.offset - offset <= .seconds(5), offset - candidate.offset <= .seconds(5) {
            return now.uptime - candidate.since >= Self.agreement ? proposed : nil
        }
        candidate = Candidate(offset: offset, since: now.uptime)
        return nil
    }

    /// Our own clock was the wrong one and has been set right.
    private mutating func becomeGoodIfCorrected() -> Health? {
        guard health != .good, correction <= .seconds(1), correction >= .seconds(-1) else { return nil }
        correction = .zero
        health = .good
        return .good
    }

    private static func interpretation(of offset: Duration) -> (correction: Duration, health: Health) {
        let quarterMilliseconds = quarter.inMilliseconds
        let milliseconds = offset.inMilliseconds
        // Stamps lag: the multiple is sought within the window that a good clock has.
        let shifted = milliseconds &+ freshness.inMilliseconds
        let floored = shifted / quarterMilliseconds - (shifted % quarterMilliseconds < 0 ? 1 : 0)
        let whole = floored * quarterMilliseconds
        let isMultiple = milliseconds - whole <= ahead.inMilliseconds && abs(floored) <= 104
        guard isMultiple else { return (offset, .wrong(offset)) }
        return (.milliseconds(whole), .wrongZone(.milliseconds(whole)))
    }

    /// When our own civil clock is stepped, what we know of the camera's stays true (H-24).
    private mutating func followOurClock(_ now: Moment) {
        defer { lastMoment = now }
        guard let lastMoment else { return }
        let step = (now.wall - lastMoment.wall) - (now.uptime - lastMoment.uptime)
        guard step > .seconds(1) || step < .seconds(-1) else { return }
        correction -= step
        candidate = nil
    }
}
