// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Judges a turnstile or a door from outside: it sees the moves and the effects, and keeps its own books. Each sentence
/// that it returns is a broken promise.
struct FootJudge: Sendable {
    private let plan: WalkwayPlan
    /// Granted and not used, with the way.
    private var live: [RequestID: TravelDirection] = [:]
    private var used: Set<RequestID> = []
    private(set) var memory = LaneMemory()
    private var fire = Level.off
    private var isFireSilent = false
    private var fireOffSince: Uptime?
    private var isHeldOpen = false
    private var wishesOut = false
    /// Openings that somebody with authority ordered.
    private var orders = 0
    /// Somebody pressed, and nothing is open yet.
    private var owedSince: Uptime?
    /// Somebody went through unseen, and the unit is released still for all that its contact says.
    private var wasUnseen = false
    private var move = FootMove.nextTimer
    private var passages = 0
    private var forced = 0
    private var records: Int64 = 0

    init(plan: WalkwayPlan) { self.plan = plan }

    func mix(into print: inout LaneFingerprint, at now: Moment) {
        print.mix(live.count, bits: 4)
        print.mix(memory.isFireLatched)
        print.mix(memory.unfinishedGrant != nil)
        print.mix(memory.unfinishedGrant?.direction == .in)
        print.mix(isFireSilent)
        print.mix(fireOffSince.map { now.uptime - $0 >= .seconds(2) } ?? false)
        print.mix(isHeldOpen)
        print.mix(wishesOut)
        print.mix(orders > 0)
        print.mix(owedSince != nil)
        print.mix(wasUnseen)
    }

    mutating func begin(_ move: FootMove) {
        self.move = move
        passages = 0
        forced = 0
        if [.presses, .lies(.exitButton, .on)].contains(move) { wishesOut = true }
        if case .person(.open) = move { orders += 1 }
        if case .fire(let level) = move { fire = level }
        if case .outputs = move { owedSince = nil }
    }

    /// What was owed cannot be asked for.
    mutating func excuse() { owedSince = nil }

    /// Numbers of questions begin anew.
    mutating func restarted() {
        live = [:]
        used = []
        owedSince = nil
        wishesOut = false
        wasUnseen = false
    }

    // MARK: - Effects

    mutating func judge(_ effect: WalkwayEffect, contactSaysOpen: Bool, at now: Moment) -> [String] {
        switch effect {
        case .record(let fact): return book(fact, at: now)
        case .command(let output, .off, _, _, _):
            return output == .unlock && contactSaysOpen
                ? ["the bolt is thrown while the door stands open"] : []
        case .command(let output, _, _, _, let cause): return opens(output, cause)
        default: break
        }
        return []
    }

    private mutating func opens(_ output: LaneOutput, _ cause: CommandCause) -> [String] {
        guard [.releaseIn, .releaseOut, .holdIn, .holdOut, .unlock].contains(output) else { return [] }
        let isRightful: Bool
        switch cause {
        case .grant(let id):
            isRightful = live[id].map { output == .unlock || ($0 == .in) == (output == .releaseIn) } ?? false
        case .exitButton:
            isRightful = wishesOut && output != .releaseIn
            wishesOut = false
        case .person: isRightful = orders > 0
        case .fire: isRightful = memory.isFireLatched || isFireSilent || fire != .off
        case .hold, .emergency: isRightful = isHeldOpen || memory.hold != nil
        default: isRightful = false
        }
        return isRightful ? [] : ["\(output.rawValue) by \(cause.name) without a right"]
    }

    private mutating func book(_ fact: LaneFact, at now: Moment) -> [String] {
        switch fact {
        case .decided(let id, let request, let decision):
            guard decision.verdict == .grant else { return [] }
            records += 1
            live[id] = request.direction
            memory.unfinishedGrant = LaneMemory.UnfinishedGrant(
                decision: decision, direction: request.direction, record: Sequence(records),
                grantedAt: now.wall)
        case .passage(let passage):
            if passage.certainty == .confirmed { passages += 1 }
            memory.unfinishedGrant = nil
            guard let id = passage.request else { return [] }
            live[id] = nil
            return used.insert(id).inserted ? [] : ["grant \(id.number) counts twice"]
        case .note(let note): take(note)
        }
        return []
    }

    private mutating func take(_ note: LaneNote) {
        switch note.kind {
        case .notPassed, .undetermined, .decisionUnused:
            if let id = note.request { live[id] = nil }
            memory.unfinishedGrant = nil
        case .forcedOpen: forced += 1
        case .fireReleaseStarted:
            if note.flags.contains("latched") { memory.isFireLatched = true } else { isFireSilent = true }
            memory.isFireSilent = isFireSilent
        case .fireReleaseEnded:
            memory.isFireLatched = false
            isFireSilent = false
            memory.isFireSilent = false
        case .holdStarted:
            isHeldOpen = note.flags.contains("open")
            memory.hold = LaneMemory.Hold(kind: isHeldOpen ? .open : .closed, until: note.until)
        case .holdEnded:
            isHeldOpen = false
            memory.hold = nil
        default: break
        }
    }

    // MARK: - After a move

    mutating func end(
        _ move: FootMove, _ walkway: Walkway, isOut: Bool, on: Set<LaneOutput>, areOutputsSound: Bool,
        isHeard: (WalkwayInput) -> Bool, at now: Moment
    ) -> [String] {
        var broken: [String] = []
        if case .fire(let level) = move {
            fireOffSince = level == .off ? now.uptime : nil
        }
        let opening: Set<LaneOutput> = plan.kind == .door ? [.unlock] : [.holdIn, .holdOut]
        if fire == .on || memory.isFireLatched, areOutputsSound, !on.isSuperset(of: opening) {
            broken.append("fire, and it does not stand open")
        }
        if !memory.isFireLatched, fire == .on { broken.append("fire is not on record") }
        if ["locked", "blocked", "secured"].contains(walkway.phaseName), areOutputsSound,
            !on.isDisjoint(with: opening)
        {
            broken.append("\(walkway.phaseName), and it stands open")
        }
        broken += count(move, isHeard)
        if case .goes(let direction) = move, !isHeard(direction == .in ? .passageIn : .passageOut) {
            wasUnseen = true
        }
        if !walkway.phaseName.hasPrefix("released") { wasUnseen = false }
        broken += owes(move, isOut, areOutputsSound && isHeard(.exitButton), at: now)
        broken += unbounded(walkway, isHeard)
        return broken
    }

    private func count(_ move: FootMove, _ isHeard: (WalkwayInput) -> Bool) -> [String] {
        guard plan.kind == .turnstile else { return [] }
        switch move {
        case .goes(let direction), .breaksThrough(let direction):
            guard isHeard(direction == .in ? .passageIn : .passageOut) else { return [] }
            return passages + forced == 1 ? [] : ["one went through, \(passages + forced) are on record"]
        case .lies, .tellsTheTruth, .restart: return []
        default: return passages == 0 ? [] : ["nobody went through, and a passage is on record"]
        }
    }

    /// Whoever pressed gets out: at once, or when the one who is just being let through has passed.
    private mutating func owes(
        _ move: FootMove, _ isOut: Bool, _ isPossible: Bool, at now: Moment
    ) -> [String] {
        if isOut || !isPossible {
            owedSince = nil
        }
        if move == .presses, !isOut, isPossible { owedSince = owedSince ?? now.uptime }
        if case .person = move { owedSince = nil }
        if wasUnseen { owedSince = nil }
        guard let owedSince else { return [] }
        let bound = plan.kind == .door ? .zero : plan.timers.unitTimeout + .milliseconds(2000)
        return now.uptime - owedSince > bound ? ["the exit button is not answered"] : []
    }

    /// A phase without anything that will end it.
    private func unbounded(_ walkway: Walkway, _ isHeard: (WalkwayInput) -> Bool) -> [String] {
        let ends: WalkwayTimer
        switch walkway.phaseName {
        case "released in", "released out": ends = .passWait
        case "unlocked": ends = .unlock
        case "open" where isHeard(.doorContact): ends = .openMax
        case "starting": ends = .startWait
        default: return []
        }
        return walkway.timers.contains { $0.timer == ends } ? [] : ["nothing will end \(walkway.phaseName)"]
    }
}
