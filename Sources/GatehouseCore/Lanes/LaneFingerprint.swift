// SPDX-License-Identifier: Apache-2.0

/// What a state is recognised by: 128 bits over small values that are packed into words, the same in every
/// process.
package struct LaneFingerprint: Hashable, Sendable {
    package private(set) var high: UInt64 = 0xCBF2_9CE4_8422_2325
    package private(set) var low: UInt64 = 0x8422_2325_CBF2_9CE4
    private var word: UInt64 = 0
    private var filled: UInt64 = 0

    package init() {}

    /// The lowest `bits` of a value.
    package mutating func mix(_ value: Int, bits: UInt64) {
        if filled + bits > 64 { flush() }
        word |= (UInt64(truncatingIfNeeded: value) & ((1 << bits) - 1)) << filled
        filled += bits
    }

    package mutating func mix(_ value: Bool) { mix(value ? 1 : 0, bits: 1) }
    package mutating func mix(_ level: Level) { mix(level == .on ? 1 : level == .off ? 2 : 3, bits: 2) }

    package mutating func mix(_ value: UInt64) {
        flush()
        stir(value)
    }

    /// Nothing is left outside of `high` and `low`.
    package mutating func finish() {
        flush()
        high = Self.spread(high)
        low = Self.spread(low)
    }

    private mutating func flush() {
        guard filled > 0 else { return }
        stir(word)
        word = 0
        filled = 0
    }

    private mutating func stir(_ value: UInt64) {
        high = (high ^ value) &* 0x9E37_79B9_7F4A_7C15
        high ^= high >> 29
        low = (low ^ (value &+ 0x9E37_79B9_7F4A_7C15)) &* 0xBF58_476D_1CE4_E5B9
        low ^= low >> 31
    }

    private static func spread(_ value: UInt64) -> UInt64 {
        let mixed = (value ^ (value >> 30)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 32)
    }

    mutating func mix(_ filter: LevelFilter) {
        mix(filter.raw)
        mix(filter.level)
    }

    mutating func mix(_ plate: Plate?) { mix(plate?.packed ?? 0) }
}

/// Which of two lanes will answer the same events in the same way, as far as the arm, the phases, the grants
/// and the passages go. Times, numbers and texts are taken out: deadlines count by their order, ages by
/// whether they still matter. What only speaks (alarms, notes, lamps, texts, the flags of records) is left
/// out altogether: nothing that follows depends on it.
extension Lane {
    package func mix(into print: inout LaneFingerprint, at now: Moment) {
        print.mix(phase.code, bits: 5)
        mixInputs(into: &print, at: now)
        sequencer.mix(into: &print, at: now)
        if plan.kind == .twoWay { mixTurns(into: &print) }
        mixApproach(into: &print, at: now)
        mixGrants(into: &print)
        mixCrossing(into: &print)
        mixReads(into: &print, at: now)
        mixArm(into: &print, at: now)
        mixHolds(into: &print, at: now)
        mixTimers(into: &print)
    }

    private func mixInputs(into print: inout LaneFingerprint, at now: Moment) {
        for isOuter in [true, false] {
            let loop = isOuter ? inputs.outer : inputs.inner
            print.mix(loop.reaction)
            print.mix(loop.counting.level)
        }
        print.mix(inputs.limitUp)
        print.mix(inputs.limitDown)
        print.mix(inputs.guardButton)
        print.mix(inputs.boomBreak)
        print.mix(fire.contact)
        print.mix(inputs.upIsDoubted)
        print.mix(inputs.downIsDoubted)
        safety.mix(into: &print, at: now.uptime)
        print.mix(safety.offSince.map { now.uptime - $0 >= plan.timers.clearDelay } ?? false)
    }

    private func mixTurns(into print: inout LaneFingerprint) {
        print.mix(heading == .in)
        print.mix(turns.isOwed)
        print.mix(turns.hadTie)
        print.mix(turns.passed >= plan.timers.directionFair)
        print.mix(turns.otherSince != nil)
    }

    private func mixApproach(into print: inout LaneFingerprint, at now: Moment) {
        print.mix(approach.isHere)
        guard approach.isHere || !approach.vote.isEmpty else { return }
        print.mix(approach.owed != nil)
        print.mix(approach.asked != nil)
        if let asked = approach.asked {
            print.mix(asked.request.read?.reading.plate)
            switch asked.decision?.verdict {
            case nil: print.mix(0, bits: 2)
            case .grant: print.mix(1, bits: 2)
            case .deny: print.mix(2, bits: 2)
            case .pending: print.mix(3, bits: 2)
            }
            for byte in (asked.decision?.reason.rawValue ?? "").utf8 { print.mix(Int(byte), bits: 8) }
            print.mix(0, bits: 8)
            print.mix(approach.mayRetry)
            print.mix(approach.awaitsNewRead)
            print.mix(approach.isUnseen)
            print.mix(readStillSpeaks(at: now))
            print.mix(approach.vote.winner.map { wasWatchedSince($0.lastAt) } ?? true)
        }
        print.mix(approach.mayBeSeveral)
        mix(approach.vote, into: &print)
    }

    /// How often one plate was read matters beside another only, or where one read does not decide.
    private func mix(_ vote: ReadVote, into print: inout LaneFingerprint) {
        print.mix(vote.candidates.count, bits: 4)
        let isAlone = vote.candidates.count == 1
        if isAlone { print.mix(vote.isDecisive) }
        for candidate in vote.candidates {
            print.mix(candidate.best.reading.plate)
            if !isAlone { print.mix(min(candidate.count, 3), bits: 2) }
        }
    }

    private func mixGrants(into print: inout LaneFingerprint) {
        print.mix(grants.count, bits: 4)
        for grant in grants {
            print.mix(grant.plate)
            print.mix(grant.isManual)
            print.mix(grant.isEmergency)
            print.mix(grant.isCrossing)
            print.mix(grant.isUndetermined)
            print.mix(grant.wasReadAgain)
            print.mix(grant.wasUnseen)
            print.mix(grant.hasFollowed)
            print.mix(grant.resumed != nil)
            print.mix(grant.access != nil)
        }
        print.mix(correction != nil)
    }

    private func mixCrossing(into print: inout LaneFingerprint) {
        print.mix(unsettled != nil)
        if let unsettled {
            print.mix(unsettled.context.read?.reading.plate)
        }
        print.mix(context != nil)
        guard let context else { return }
        print.mix(context.grant != nil)
        print.mix(context.wasOpen)
        if context.grant == nil { print.mix(context.read?.reading.plate) }
    }

    private func mixReads(into print: inout LaneFingerprint, at now: Moment) {
        print.mix(heldReads.count, bits: 3)
        for read in heldReads {
            print.mix(read.reading.plate)
            print.mix(now.uptime - read.capturedAt <= plan.timers.readHold)
        }
        print.mix(readsWithoutPresence.count, bits: 3)
        print.mix(presenceIsStuck)
        print.mix(lineWasOpenedBlind)
        print.mix(pausedWait?.plate)
        print.mix(pausedWait.map { $0.deadline <= now.uptime } ?? false)
        print.mix(pausedWait?.mayBeAnybody(at: now.uptime) ?? false)
        print.mix(unsentAt.map { now.uptime - $0 <= Lane.restAfterUnsent } ?? false)
        if plan.kind != .entry, approach.isHere { print.mix(exitWaitIsOver(at: now)) }
        if let last = lastPassage, now.uptime - last.at <= plan.timers.samePlateInterval {
            print.mix(last.reading?.plate)
        }
    }

    private func mixArm(into print: inout LaneFingerprint, at now: Moment) {
        switch arm.assumed {
        case .down: print.mix(0, bits: 2)
        case .up: print.mix(1, bits: 2)
        case .between: print.mix(2, bits: 2)
        case .unknown: print.mix(3, bits: 2)
        }
        print.mix(arm.openBusyUntil.map { now.uptime < $0 } ?? false)
        print.mix(arm.keepUpUntil.map { now.uptime < $0 } ?? false)
        print.mix(arm.recloses, bits: 4)
        print.mix(arm.isHoldOutputOn)
        print.mix(arm.isLowering)
        print.mix(arm.wasLowering)
        print.mix(phase == .opening && arm.hasLeftDown)
        print.mix(phase == .opening && arm.hasRetried)
        print.mix(arm.hasRested)
        print.mix(arm.hasReopened)
        print.mix(arm.isForeign)
        print.mix(phase == .clearing && arm.hasWarned)
        print.mix(plan.outputs.contains(.warn) && arm.warnsLonger)
        print.mix(arm.claimed != nil)
        print.mix(phase == .fire && arm.retriesInFire > 0)
        print.mix(outputsFailed)
        print.mix(cameraFailed)
        print.mix(closeIsStuck)
        print.mix(!stuckOutputs.isDisjoint(with: [.open, .hold]))
    }

    private func mixHolds(into print: inout LaneFingerprint, at now: Moment) {
        print.mix(fire.isLatched)
        print.mix(fire.isSilent)
        print.mix(buttonIsStuck)
        print.mix(buttonPressedAt.map { now.uptime - $0 <= .seconds(2) } ?? false)
        print.mix(resumeMemory != nil)
        for state in [hold, interrupted] {
            switch state?.kind {
            case nil: print.mix(0, bits: 2)
            case .open: print.mix(1, bits: 2)
            case .closed: print.mix(2, bits: 2)
            case .emergency: print.mix(3, bits: 2)
            }
        }
    }

    private func mixTimers(into print: inout LaneFingerprint) {
        for entry in pendingTimers.sorted(by: { $0.at < $1.at }) { print.mix(entry.timer.rank, bits: 8) }
        print.mix(0, bits: 8)
    }

    /// What is armed and does more than to speak.
    package var pendingTimers: [ArmedTimers<LaneTimer>.Entry] {
        timers.entries.filter { !onlySpeaks($0.timer) }
    }

    /// When it comes among the others, and whether it has come, changes nothing that follows.
    private func onlySpeaks(_ timer: LaneTimer) -> Bool {
        switch timer {
        case .underArmWarning, .underArmAlarm, .holdOpenAlarm, .exitGuardCall, .wrongWayApproach,
            .noReadAfter:
            true
        // At an exit it begins the wait at whose end the arm opens.
        case .noPlateAfter: plan.kind == .entry
        case .laneBlocked: !approach.mayBeSeveral
        default: false
        }
    }
}

extension Approach {
    /// More plates were read than one vehicle has.
    fileprivate var mayBeSeveral: Bool { plates.count >= 2 }
}

extension LanePhase {
    fileprivate var code: Int {
        switch self {
        case .starting: 0
        case .clear: 1
        case .present: 2
        case .waiting: 3
        case .refused: 4
        case .heldClosed: 5
        case .opening: 6
        case .open: 7
        case .passing: 8
        case .clearing: 9
        case .closing: 10
        case .heldOpen: 11
        case .fire: 12
        case .fault(.arm): 13
        case .fault(.down): 14
        case .fault(.lost): 15
        case .fault(.safety): 16
        case .fault(.output): 17
        }
    }
}

extension LaneTimer {
    /// A number of its own for every timer.
    fileprivate var rank: Int {
        switch self {
        case .settle(.presence): 101
        case .settle(.clear): 102
        case .settle(.limitUp): 103
        case .settle(.limitDown): 104
        case .settle(.guardButton): 105
        case .settle(.boomBreak): 106
        case .settle(.helpKey): 107
        case .settle(.safety(let index)): 110 + index
        case .tuneOut(let index): 130 + index
        default: (LaneTimer.plain.firstIndex(of: self) ?? 98) + 1
        }
    }

    private static let plain: [LaneTimer] =
        ofApproach + [
            .startWait, .readHold, .moveStart, .moveUp, .waitForVehicle, .vanishDelay, .mergeGap, .clearDelay,
            .warnBeforeClose, .moveDown, .recloseRest, .safetyWait, .underArmWarning, .underArmAlarm,
            .holdOpenAlarm, .assumedPass, .emergencyHold, .holdUntil, .holdRefresh, .fireUnknown,
            .fireSettle, .fireHoldRetry, .guardButtonLong, .guardButtonStuck, .wrongWayApproach,
            .directionWait, .directionTie, .helpKeyHeld,
        ]
}
