// SPDX-License-Identifier: Apache-2.0

/// All safety sensors of a lane as one level, with the distrust that inductive loops deserve (H-14, H-15):
/// they re-tune at power-up with a car on them and forget one that stands for minutes, so such an `off`
/// counts as unknown until one full cycle of that loop or until somebody on site saw the lane empty. A contact that
/// sticks makes a cycle too, over whoever stands there: where other sensors would see a vehicle they have to.
package struct SafetyGroup: Hashable, Sendable {
    package enum SuspicionChange: Hashable, Sendable { case started, ended }

    /// What shows that a cycle was somebody's who drove through.
    package enum CycleWitness: Hashable, Sendable {
        /// Nothing but the cycle.
        case none
        /// Presence or clear, on during the cycle.
        case neighbour
        /// In a one-way lane: clear rose during the cycle. Who comes up from presence may stand behind the one forgotten.
        case clear
    }

    private struct Member: Hashable, Sendable {
        let kind: SensorKind
        /// Danger at once, safety late.
        var reaction: LevelFilter
        /// For counting vehicles.
        var counting: LevelFilter
        var isSuspect = false
        /// Suspect until the vehicle has left the clear loop as well.
        var awaitsClear = false
        var onSince: Uptime?
        /// Since this one is on the clear loop rose: the vehicle that stands here has reached it.
        var hasReachedClear = false
        /// While this one is on a sensor beside it was as well.
        var sawNeighbour = false
    }

    private var members: [Member]
    private let tuneOut: Duration
    private let witness: CycleWitness
    private var neighbourIsOn = false
    /// When another sensor last showed a vehicle leaving.
    private var evidenceAt: Uptime?
    /// Since when a vehicle stands on the clear loop.
    private var clearOnSince: Uptime?
    /// A vehicle leaves within this long of being seen elsewhere; older evidence is of its arrival.
    private static let evidenceWindow: Duration = .seconds(10)

    package init(
        kinds: [SensorKind], offStable: Duration, tuneOut: Duration, witness: CycleWitness = .none
    ) {
        members = kinds.map {
            Member(
                kind: $0, reaction: LevelFilter(on: .zero, off: offStable),
                counting: LevelFilter(on: .milliseconds(60), off: .milliseconds(100)))
        }
        self.tuneOut = tuneOut
        self.witness = witness
    }

    package var isWired: Bool { !members.isEmpty }
    package var indices: Range<Int> { members.indices }
    package var hasAnswered: Bool { members.allSatisfy { $0.reaction.raw != .unknown } }

    /// For safety reactions: `on` from the first sample; a suspect `off` is `unknown`. `off` when not wired.
    package var level: Level { combined { $0.reaction.level } }
    /// For counting: debounced both ways.
    package var counting: Level { combined { $0.counting.level } }
    /// As reported, without debounce but with suspicion.
    package var raw: Level { combined { $0.reaction.raw } }

    /// The level is unknown for suspicion alone; every sensor answers.
    package var isSuspect: Bool {
        members.contains { $0.isSuspect && $0.reaction.raw == .off } && hasAnswered
    }

    /// Nothing is known, and not for suspicion alone: a suspect loop still sees who comes.
    package var isSilent: Bool { isWired && level == .unknown && !isSuspect }

    /// Beginning of the unbroken run in which every sensor reported `off`.
    package var offSince: Uptime? {
        guard isWired, members.allSatisfy({ $0.reaction.raw == .off }) else { return nil }
        return members.map { $0.reaction.rawSince }.max()
    }

    /// Last change of any sensor's counted level.
    package var countingSince: Uptime { members.map { $0.counting.rawSince }.max() ?? .zero }

    package func due(_ index: Int) -> Uptime? {
        guard members.indices.contains(index) else { return nil }
        let dues = [members[index].reaction.due, members[index].counting.due].compactMap { $0 }
        return dues.min()
    }

    /// When this loop will have been on for longer than it can be believed to remember.
    package func forgets(_ index: Int) -> Uptime? {
        guard members.indices.contains(index) else { return nil }
        let member = members[index]
        guard member.kind == .loop, !member.isSuspect, member.counting.level == .on else { return nil }
        return member.onSince.map { $0 + tuneOut + .milliseconds(1) }
    }

    package mutating func take(
        _ index: Int, _ level: Level, since: Uptime, at now: Uptime
    ) -> SuspicionChange? {
        guard members.indices.contains(index) else { return nil }
        let before = members[index].counting.level
        members[index].reaction.take(level, since: since, at: now)
        members[index].counting.take(level, since: since, at: now)
        return follow(index, from: before, at: now)
    }

    package mutating func settle(_ index: Int, at now: Uptime) -> SuspicionChange? {
        guard members.indices.contains(index) else { return nil }
        let before = members[index].counting.level
        members[index].reaction.settle(at: now)
        members[index].counting.settle(at: now)
        return follow(index, from: before, at: now)
    }

    /// The clear loop of a one-way lane rose, or a vehicle that reached from presence to here left that one: whoever
    /// stood here is moving. In a shared lane a rise may as well be somebody who arrives there.
    package mutating func sawMovement(at now: Uptime) { evidenceAt = now }

    /// Presence or clear is on, or neither is.
    package mutating func neighbours(areOn: Bool) {
        neighbourIsOn = areOn
        guard areOn else { return }
        for index in members.indices where members[index].counting.level == .on {
            members[index].sawNeighbour = true
        }
    }

    /// In a one-way lane: whoever is on the clear loop may still stand here with its tail, and a loop that has been on
    /// for minutes may forget it just then. It has left when the clear loop falls, if it was this vehicle that reached
    /// that loop, whose fall was heard, and it has not been on for so long that it may forget as well.
    package mutating func clear(from before: Level, to level: Level, at now: Uptime) -> SuspicionChange? {
        switch level {
        case .unknown: return nil
        case .on:
            // The age of an `on` goes on through a silence.
            guard clearOnSince == nil else { return nil }
            clearOnSince = now
            for index in members.indices where members[index].counting.level == .on {
                members[index].hasReachedClear = before == .off
            }
            return nil
        case .off: break
        }
        let hasLeft = before == .on && (clearOnSince.map { now - $0 <= tuneOut } ?? false)
        clearOnSince = nil
        let wasSuspect = members.contains { $0.isSuspect }
        for index in members.indices {
            if hasLeft, members[index].awaitsClear { members[index].isSuspect = false }
            members[index].awaitsClear = false
            members[index].hasReachedClear = false
        }
        return wasSuspect && !members.contains { $0.isSuspect } ? .ended : nil
    }

    /// Power came back, or the detector re-tuned.
    package mutating func distrustLoops() -> SuspicionChange? {
        let before = members.contains { $0.isSuspect }
        for index in members.indices where members[index].kind == .loop {
            members[index].isSuspect = true
            members[index].awaitsClear = false
            members[index].onSince = nil
        }
        return !before && members.contains { $0.isSuspect } ? .started : nil
    }

    /// Somebody on site saw the lane empty.
    package mutating func trustLoops() -> SuspicionChange? {
        let before = members.contains { $0.isSuspect }
        for index in members.indices {
            members[index].isSuspect = false
            members[index].awaitsClear = false
        }
        return before ? .ended : nil
    }

    private func combined(_ level: (Member) -> Level) -> Level {
        var result = Level.off
        for member in members {
            switch level(member) {
            case .on: return .on
            case .unknown: result = .unknown
            case .off: if member.isSuspect { result = .unknown }
            }
        }
        return result
    }

    private mutating func follow(
        _ index: Int, from before: Level, at now: Uptime
    ) -> SuspicionChange? {
        let member = members[index]
        guard member.counting.level != before else {
            // Said while it still stands there: it may be forgotten when nobody looks, during a restart.
            guard let due = forgets(index), due <= now else { return nil }
            members[index].isSuspect = true
            return .started
        }
        members[index].awaitsClear = false
        switch member.counting.level {
        case .on:
            // How long an `on` that follows silence has lasted is not known: it counts as long, so that its end
            // proves nothing without a vehicle seen to leave.
            if member.onSince == nil || before == .off {
                let long = before == .unknown ? .zero - (tuneOut + .seconds(1)) : Duration.zero
                members[index].onSince = member.counting.rawSince + long
                members[index].hasReachedClear = false
                members[index].sawNeighbour = neighbourIsOn
            }
            return nil
        case .unknown:
            // The age of an `on` goes on through a silence.
            if before != .on { members[index].onSince = nil }
            return nil
        case .off:
            guard let onSince = member.onSince else { return nil }
            members[index].onSince = nil
            let offSince = member.counting.rawSince
            let sawItLeave = evidenceAt.map { offSince - $0 <= SafetyGroup.evidenceWindow } ?? false
            evidenceAt = now
            guard member.kind == .loop else { return nil }
            let isLong = offSince - onSince > tuneOut
            let isClearOn = clearOnSince != nil
            members[index].awaitsClear = isLong && isClearOn && member.hasReachedClear
            let isDoubtful = member.isSuspect && !isVouchedFor(member)
            members[index].isSuspect = isDoubtful || isLong && (isClearOn || !sawItLeave)
            if members[index].isSuspect == member.isSuspect { return nil }
            return members[index].isSuspect ? .started : .ended
        }
    }
}

extension SafetyGroup {
    private func isVouchedFor(_ member: Member) -> Bool {
        switch witness {
        case .none: true
        case .neighbour: member.sawNeighbour
        case .clear: member.hasReachedClear
        }
    }

    func mix(into print: inout LaneFingerprint, at now: Uptime) {
        var wasLongOn = false
        for member in members {
            print.mix(member.reaction)
            print.mix(member.counting.level)
            guard member.kind == .loop else { continue }
            print.mix(member.isSuspect)
            print.mix(member.awaitsClear)
            print.mix(member.hasReachedClear)
            print.mix(witness == .neighbour && member.isSuspect && member.sawNeighbour)
            print.mix(member.onSince != nil)
            let isLong = member.onSince.map { now - $0 > tuneOut } ?? false
            print.mix(isLong)
            wasLongOn = wasLongOn || isLong
        }
        print.mix(clearOnSince != nil)
        print.mix(clearOnSince.map { now - $0 > tuneOut } ?? false)
        // Nothing that was seen before an `on` has become long is remembered by then.
        if wasLongOn { print.mix(evidenceAt.map { now - $0 <= SafetyGroup.evidenceWindow } ?? false) }
    }
}
