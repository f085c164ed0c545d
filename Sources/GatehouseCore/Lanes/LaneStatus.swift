// SPDX-License-Identifier: Apache-2.0

/// A lane as a technician sees it.
package struct LaneStatus: Hashable, Sendable {
    package struct InputStatus: Hashable, Sendable {
        package var input: LaneInput
        package var level: Level
        package var isSuspect: Bool
    }

    package struct Waiting: Hashable, Sendable {
        package var plate: Plate?
        package var request: RequestID?
        package var verdict: Decision.Verdict?
        package var reason: ReasonCode?
        /// What would end a pending one.
        package var waitsFor: String?
        /// The read that it was decided by.
        package var read: Sequence?
        /// The open stay that it would end.
        package var stay: StayID?
        /// Others that the read may have meant.
        package var candidates: [Decision.Candidate] = []
    }

    package var phase: LanePhase
    package var arm: ArmPosition
    package var inputs: [InputStatus]
    package var heading: TravelDirection
    /// Who stands at the line without a grant.
    package var waiting: Waiting?
    /// Plates of grants that were not used yet, in order; nil for one without plate.
    package var granted: [Plate?]
    package var hold: LaneMemory.Hold?
    package var isFireReleased: Bool
    package var isFireLatched: Bool
    package var isForeign: Bool
    package var recloses: Int
    package var text: LaneText?
    package var faults: [LaneFaultCode]
    package var timers: [ArmedTimers<LaneTimer>.Entry]
    /// Why a close would not be sent at this moment.
    package var closeObstacle: CloseObstacle?
    package var offered: [OfferedOrder]
    package var ignoredEvents: Int
}

extension Lane {
    package func status(at now: Moment) -> LaneStatus {
        LaneStatus(
            phase: phase, arm: position,
            inputs: plan.wiredInputs.map { input in
                LaneStatus.InputStatus(input: input, level: level(of: input), isSuspect: isSuspect(input))
            },
            heading: heading, waiting: waitingStatus, granted: grants.map(\.plate),
            hold: hold.map { LaneMemory.Hold(kind: $0.kind, until: $0.until) },
            isFireReleased: fire.isActive, isFireLatched: fire.isLatched, isForeign: arm.isForeign,
            recloses: arm.recloses, text: shown,
            faults: LaneFaultCode.allCases.filter { faults.contains($0) },
            timers: timers.entries.sorted { $0.at < $1.at }, closeObstacle: closeObstacle(at: now),
            offered: OfferedOrder.allCases.filter { offers($0, at: now) },
            ignoredEvents: ignoredEvents)
    }

    private var waitingStatus: LaneStatus.Waiting? {
        guard approach.isHere else { return nil }
        let decision = approach.asked?.decision
        return LaneStatus.Waiting(
            plate: decision?.plate ?? approach.vote.winner?.best.reading.plate, request: approach.asked?.id,
            verdict: decision?.verdict, reason: decision?.reason, waitsFor: decision?.waitsFor,
            read: approach.asked?.request.read?.record, stay: decision?.stay,
            candidates: decision?.candidates ?? [])
    }

    /// As believed after debounce; safety as it is reacted to.
    package func level(of input: LaneInput) -> Level {
        switch input {
        case .presence: inputs.outer.reaction.level
        case .clear: inputs.inner.reaction.level
        case .limitUp: inputs.limitUp.level
        case .limitDown: inputs.limitDown.level
        case .guardButton: inputs.guardButton.level
        case .boomBreak: inputs.boomBreak.level
        case .helpKey: inputs.helpKey.level
        case .safety: safety.level
        }
    }

    private func isSuspect(_ input: LaneInput) -> Bool {
        if case .safety = input { safety.isSuspect } else { false }
    }

    /// What this lane's records imply so far, for a restart in a simulation. A running site folds the same from
    /// the records themselves, which also know the numbers of unfinished grants.
    package var memory: LaneMemory {
        var memory = LaneMemory()
        memory.isFireLatched = fire.isLatched
        memory.isFireSilent = fire.isSilent
        memory.hold = hold.map { LaneMemory.Hold(kind: $0.kind, until: $0.until) }
        memory.interrupted = interrupted.map { LaneMemory.Hold(kind: $0.kind, until: $0.until) }
        return memory
    }
}

extension Lane {
    /// The stay of a vehicle that waits to be let out.
    package var waitingStay: StayID? {
        guard approach.isHere, isLeaving, let decision = approach.asked?.decision,
            decision.verdict == .pending
        else { return nil }
        return decision.stay
    }

    /// Why it waits.
    var waitingReason: ReasonCode? {
        approach.isHere && approach.asked?.decision?.verdict == .pending
            ? approach.asked?.decision?.reason : nil
    }

    /// What was read of the vehicle that the rules were asked about.
    var askedReading: PlateReading? { approach.isHere ? approach.asked?.request.read?.reading : nil }
}
