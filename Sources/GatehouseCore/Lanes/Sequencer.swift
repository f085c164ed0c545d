// SPDX-License-Identifier: Apache-2.0

/// Counts vehicles by the order of the loops' edges (lanes.md §6). Runs in every phase of the lane, knows
/// nothing of arms, grants or plates, and says when a vehicle came onto the safety sensors and what became
/// of it. Levels are the counting copies: on after 60 ms, off after 100 ms.
package struct Sequencer: Hashable, Sendable {
    package enum Signal: Hashable, Sendable {
        /// A vehicle is on the safety sensors: whose grant it has is decided now.
        case began
        case ended(Crossing.Verdict, Crossing)
    }

    private let hasPresence: Bool
    private let hasClear: Bool
    private let mergeGap: Duration
    private let minCross: Duration
    /// A vehicle that left presence this long ago may be the one that comes onto safety.
    private let recent: Duration
    /// A clear loop may end this long before safety does, or begin this long after.
    private static let clearSlack: Duration = .seconds(1)

    package private(set) var presence: Level = .unknown
    package private(set) var safety: Level = .unknown
    package private(set) var clear: Level = .unknown
    package private(set) var crossing: Crossing?
    private var presenceFellAt: Uptime?
    private var clearFellAt: Uptime?
    /// The clear loop is on for a vehicle that goes out.
    private var clearIsOwned = false
    /// The vehicle of an abandoned crossing was counted by time.
    private enum Rest: Hashable {
        case gone
        /// It may still be on the loops.
        case stays
        /// The clear loop has seen it: it goes when that falls.
        case onClear
    }

    private var rest = Rest.gone
    /// The clear loop rose while safety was empty.
    private var loneClear: Moment?

    package init(plan: LanePlan) {
        hasPresence = plan.presence != nil
        hasClear = plan.clear != nil
        mergeGap = plan.timers.mergeGap
        minCross = plan.timers.minCross
        recent = plan.timers.vanishDelay
    }

    /// The clear loop is on for the vehicle that has just gone.
    package var clearIsOfPassage: Bool { clear == .on && clearIsOwned }

    /// Whoever is on the clear loop is not the vehicle that has gone.
    mutating func disownClear() { clearIsOwned = false }

    /// The vehicle on safety has not left the presence loop since it came.
    package var hasFrontOnSafety: Bool {
        crossing.map { $0.hadPresence && $0.presenceFalls == 0 && $0.safetyFellAt == nil } ?? false
    }

    private var usesPresence: Bool { hasPresence && presence != .unknown }
    private var usesClear: Bool { hasClear && clear != .unknown }

    /// When `tick` has something to judge.
    package var due: Uptime? {
        guard let crossing else { return nil }
        if let fell = crossing.safetyFellAt {
            let mayStillClear =
                usesClear && crossing.clearRises == 0 && !crossing.isFromClear && presence != .on
            return fell + (mayStillClear ? max(mergeGap, Sequencer.clearSlack) : mergeGap)
        }
        return clearCycleEnd(crossing).map { $0 + mergeGap }
    }

    package mutating func tick(at now: Moment) -> [Signal] {
        guard let due, due <= now.uptime, let crossing else { return [] }
        if crossing.safetyFellAt != nil { return finish(crossing) }
        // The clear loop saw it leave while safety stays on: the rest belongs to the next one.
        return handOver(crossing, at: now)
    }

    package mutating func presence(_ level: Level, at now: Moment) -> [Signal] {
        let before = presence
        presence = level
        guard level != before else { return [] }
        if level == .off { presenceFellAt = now.uptime }
        if level == .on { rest = .gone }
        guard crossing?.safetyFellAt == nil else { return [] }
        if level == .off && before == .on { crossing?.presenceFalls += 1 }
        if level == .on && before == .off { crossing?.presenceRises += 1 }
        return []
    }

    package mutating func safety(_ level: Level, since: Uptime, at now: Moment) -> [Signal] {
        guard level != safety else { return [] }
        safety = level
        switch level {
        case .on:
            guard let open = crossing else { return begin(at: now) }
            guard open.safetyFellAt != nil else { return [] }
            if open.sawSecondAtPresence || open.sawOtherPlate || clearCycleEnded(open) {
                return finish(open) + begin(at: now)
            }
            crossing?.safetyFellAt = nil
            return []
        case .off:
            if crossing == nil { rest = .gone }
            if crossing?.safetyFellAt == nil { crossing?.safetyFellAt = since }
            return []
        case .unknown:
            return []
        }
    }

    package mutating func clear(_ level: Level, at now: Moment) -> [Signal] {
        let before = clear
        clear = level
        guard level != before else { return [] }
        switch level {
        case .on: return clearRose(at: now)
        case .off: return before == .on ? clearFell(at: now) : []
        case .unknown:
            loneClear = nil
            return []
        }
    }

    /// A plate was read that is not the plate of the vehicle on the safety sensors.
    package mutating func sawOtherPlate() { crossing?.sawOtherPlate = true }

    /// Nobody will say what became of this one: the lane judged it by time.
    package mutating func abandon() -> Crossing? {
        defer { crossing = nil }
        guard let crossing else {
            rest = .gone
            return nil
        }
        rest = clear == .on && crossing.clearRises > 0 ? .onClear : .stays
        if clear == .on { clearIsOwned = true }
        return crossing
    }

    /// A two-way lane turned round: what was presence is clear.
    package mutating func turnRound(at now: Moment) -> [Signal] {
        swap(&presence, &clear)
        presenceFellAt = nil
        clearFellAt = nil
        loneClear = nil
        rest = .gone
        clearIsOwned = false
        guard let open = crossing else { return [] }
        // What stays on safety has no direction any more.
        var rest = Crossing(
            startedAt: now, hadPresence: presence == .on, hadRecentPresence: false, isFromClear: false)
        rest.isRest = true
        crossing = rest
        return [.ended(.noise, open), .began]
    }

    private mutating func begin(at now: Moment) -> [Signal] {
        let left = presenceFellAt.map { now.uptime - $0 <= recent } ?? false
        crossing = Crossing(
            startedAt: now, hadPresence: presence == .on, hadRecentPresence: left,
            isFromClear: usesClear && clear == .on && !clearIsOwned)
        crossing?.isCounted = rest != .gone
        rest = .gone
        loneClear = nil
        return [.began]
    }

    private mutating func clearRose(at now: Moment) -> [Signal] {
        guard let open = crossing else {
            let isSameVehicle = clearFellAt.map { now.uptime - $0 <= mergeGap } ?? false
            if rest != .gone {
                clearIsOwned = true
                rest = .onClear
            } else if !(clearIsOwned && isSameVehicle) {
                clearIsOwned = false
                loneClear = now
            }
            return []
        }
        clearIsOwned = !open.isFromClear
        crossing?.clearRises += 1
        let isSecondCycle = open.clearFellAt != nil && open.clearRises > 0
        if isSecondCycle && open.safetyFellAt == nil && open.sawSecondAtPresence {
            let signals = handOver(open, at: now)
            crossing?.clearRises = 1
            return signals
        }
        crossing?.clearFellAt = nil
        return []
    }

    private mutating func clearFell(at now: Moment) -> [Signal] {
        clearFellAt = now.uptime
        if rest == .onClear { rest = .gone }
        if crossing != nil {
            crossing?.clearFellAt = now.uptime
            return []
        }
        guard let rose = loneClear else { return [] }
        loneClear = nil
        let leftPresence = presenceFellAt.map { $0 <= now.uptime && rose.uptime - $0 <= recent } ?? false
        guard leftPresence || !usesPresence else { return [] }
        var missed = Crossing(
            startedAt: rose, hadPresence: false, hadRecentPresence: leftPresence, isFromClear: false)
        missed.clearRises = 1
        let flags = safety == .off ? ["safety_missed"] : []
        return [.began, .ended(.crossed(.confirmed, flags: flags), missed)]
    }

    /// The first is through; safety is still on for another.
    private mutating func handOver(_ open: Crossing, at now: Moment) -> [Signal] {
        let ended = Signal.ended(open.isCounted ? .noise : .crossed(.confirmed, flags: []), open)
        guard safety == .on else {
            crossing = nil
            return [ended]
        }
        var rest = Crossing(
            startedAt: now, hadPresence: presence == .on, hadRecentPresence: true, isFromClear: false)
        rest.isRest = true
        crossing = rest
        return [ended, .began]
    }

    /// When a forward crossing's clear cycle ended while safety stayed on.
    private func clearCycleEnd(_ open: Crossing) -> Uptime? {
        guard usesClear, open.clearRises > 0, !open.isFromClear, clear == .off else { return nil }
        guard open.presenceFalls > 0 || !open.hadPresence || !usesPresence else { return nil }
        return open.clearFellAt
    }

    private func clearCycleEnded(_ open: Crossing) -> Bool { clearCycleEnd(open) != nil }

    private mutating func finish(_ open: Crossing) -> [Signal] {
        crossing = nil
        let first = Signal.ended(verdict(of: open), open)
        // Two plates and two presences within one safety: two vehicles, though no clear loop counts them.
        guard !usesClear, usesPresence, open.sawOtherPlate, open.presenceFalls >= 2 else { return [first] }
        var second = open
        second.isRest = true
        return [first, .began, .ended(.crossed(.confirmed, flags: []), second)]
    }

    private func verdict(of open: Crossing) -> Crossing.Verdict {
        if open.isCounted { return .noise }
        let fell = open.safetyFellAt ?? open.startedAt.uptime
        let isLongEnough = fell - open.startedAt.uptime >= minCross
        let wentForward = open.hadPresence && open.presenceFalls > 0 && open.clearRises > 0
        if open.isFromClear && !wentForward {
            let reachedPresence = !usesPresence || open.presenceRises > 0 || presence == .on
            return clear != .on && reachedPresence ? .reverse : .wrongWayReturned
        }
        if usesClear { return verdictByClear(of: open, fell: fell, isLongEnough) }
        if open.isRest { return .noise }
        guard usesPresence else {
            return isLongEnough ? .crossed(.single, flags: []) : .noise
        }
        if !open.hadPresence && !open.hadRecentPresence {
            return open.presenceRises > 0 && presence == .on ? .reverse : .noise
        }
        guard open.presenceFalls > 0 || !open.hadPresence else { return .undetermined }
        return isLongEnough ? .crossed(.confirmed, flags: []) : .noise
    }

    private func verdictByClear(
        of open: Crossing, fell: Uptime, _ isLongEnough: Bool
    ) -> Crossing.Verdict {
        if open.clearRises > 0 {
            let endedLate = open.clearFellAt.map { fell - $0 <= Sequencer.clearSlack } ?? true
            if clear == .on || endedLate { return .crossed(.confirmed, flags: []) }
            return presence == .on ? .returned : .crossed(.assumed, flags: ["review"])
        }
        if open.isRest || !isLongEnough { return .noise }
        guard usesPresence, presence != .on, open.hadPresence || open.hadRecentPresence else {
            return .returned
        }
        // It left presence for good and went off safety: only the clear loop did not see it.
        return .crossed(.assumed, flags: ["review"])
    }
}

extension Sequencer {
    func mix(into print: inout LaneFingerprint, at now: Moment) {
        print.mix(presence)
        print.mix(safety)
        print.mix(clear)
        print.mix(rest != .gone)
        print.mix(rest == .onClear)
        if hasPresence { print.mix(presenceFellAt.map { now.uptime - $0 <= recent } ?? false) }
        if hasClear { mixClear(into: &print, at: now) }
        print.mix(crossing != nil)
        guard let crossing else { return }
        for flag in [
            crossing.hadPresence, crossing.hadRecentPresence, crossing.isFromClear, crossing.isRest,
            crossing.isCounted, crossing.sawOtherPlate, crossing.safetyFellAt != nil,
            (crossing.safetyFellAt ?? now.uptime) - crossing.startedAt.uptime >= minCross,
        ] {
            print.mix(flag)
        }
        print.mix(min(crossing.presenceFalls, 2), bits: 2)
        print.mix(min(crossing.presenceRises, 1), bits: 1)
        print.mix(min(crossing.clearRises, 2), bits: 2)
        print.mix(crossing.clearFellAt != nil)
        if let fell = crossing.clearFellAt {
            print.mix((crossing.safetyFellAt ?? now.uptime) - fell <= Sequencer.clearSlack)
        }
    }

    private func mixClear(into print: inout LaneFingerprint, at now: Moment) {
        print.mix(clearIsOwned)
        print.mix(crossing == nil && clearFellAt.map { now.uptime - $0 <= mergeGap } ?? false)
        print.mix(loneClear != nil)
        if let loneClear { print.mix(presenceFellAt.map { loneClear.uptime - $0 <= recent } ?? false) }
    }
}
