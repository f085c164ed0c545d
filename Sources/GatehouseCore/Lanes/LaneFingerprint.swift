// SPDX-License-Identifier: Apache-2.0

/// A lane's state with its times, numbers and texts taken out: which of two lanes will answer the same
/// events in the same way. Deadlines count by their order, ages by whether they still matter. 128 bits of
/// FNV-1a, the same in every process.
package struct LaneFingerprint: Hashable, Sendable {
    private var high: UInt64 = 0xCBF2_9CE4_8422_2325
    private var low: UInt64 = 0x8422_2325_CBF2_9CE4

    package init() {}

    package mutating func mix(_ value: UInt64) {
        high = (high ^ value) &* 0x0000_0100_0000_01B3
        high ^= high >> 29
        low = (low ^ (value &+ 0x9E37_79B9_7F4A_7C15)) &* 0xBF58_476D_1CE4_E5B9
        low ^= low >> 31
    }

    package mutating func mix(_ value: Int) { mix(UInt64(bitPattern: Int64(value))) }
    package mutating func mix(_ value: Bool) { mix(value ? UInt64(1) : 2) }

    package mutating func mix(_ text: String) {
        for byte in text.utf8 { mix(UInt64(byte)) }
        mix(UInt64(0xFF00))
    }

    mutating func mix(_ level: Level) { mix(level == .on ? UInt64(1) : level == .off ? 2 : 3) }

    mutating func mix(_ filter: LevelFilter) {
        mix(filter.raw)
        mix(filter.level)
    }

    mutating func mix(_ plate: Plate?) { mix(plate?.packed ?? 0) }

    mutating func mix(_ vote: ReadVote) {
        for candidate in vote.candidates {
            mix(candidate.best.reading.plate)
            mix(min(candidate.count, 2))
        }
        mix(UInt64(0xFF01))
    }
}

extension Lane {
    package func fingerprint(at now: Moment) -> LaneFingerprint {
        var print = LaneFingerprint()
        print.mix(phase.name)
        print.mix(heading.rawValue)
        for flag in [turns.isOwed, turns.hadTie, turns.passed >= plan.timers.directionFair] {
            print.mix(flag)
        }
        mixInputs(into: &print, at: now)
        sequencer.mix(into: &print)
        mixVehicles(into: &print, at: now)
        mixArm(into: &print, at: now)
        mixTimers(into: &print)
        return print
    }

    /// Alarms only speak: when they come among the others changes nothing that follows.
    private func mixTimers(into print: inout LaneFingerprint) {
        for entry in timers.entries.sorted(by: { $0.at < $1.at }) where !entry.timer.isAlarm {
            print.mix(entry.timer.rank)
        }
        for alarm in LaneTimer.alarms { print.mix(timers.deadline(alarm) != nil) }
    }

    private func mixInputs(into print: inout LaneFingerprint, at now: Moment) {
        for loop in [inputs.outer, inputs.inner] {
            print.mix(loop.reaction)
            print.mix(loop.counting.level)
        }
        for filter in [inputs.limitUp, inputs.limitDown, inputs.guardButton, inputs.boomBreak, inputs.fire] {
            print.mix(filter)
        }
        print.mix(inputs.upIsDoubted)
        print.mix(inputs.downIsDoubted)
        print.mix(safety.raw)
        print.mix(safety.level)
        print.mix(safety.counting)
        print.mix(safety.isSuspect)
        print.mix(safety.offSince.map { now.uptime - $0 >= plan.timers.clearDelay } ?? false)
    }

    private func mixVehicles(into print: inout LaneFingerprint, at now: Moment) {
        print.mix(approach.isHere)
        print.mix(approach.isReverse)
        print.mix(approach.asked == nil)
        print.mix(approach.owed == nil)
        print.mix(approach.verdict?.rawValue ?? "")
        print.mix(approach.asked?.decision?.reason.rawValue ?? "")
        print.mix(approach.mayRetry)
        print.mix(approach.isUnseen)
        print.mix(approach.hasNotedDuplicate)
        print.mix(approach.vote)
        for grant in grants {
            print.mix(grant.plate)
            for flag in [
                grant.isManual, grant.isEmergency, grant.isCrossing, grant.isUndetermined,
                grant.wasReadAgain, grant.wasUnseen, grant.hasFollowed, grant.resumed != nil,
                grant.access != nil,
            ] {
                print.mix(flag)
            }
        }
        print.mix(correction != nil)
        print.mix(unsettled != nil)
        for read in heldReads { print.mix(read.reading.plate) }
        print.mix(readsWithoutPresence.count)
        print.mix(presenceIsStuck)
        print.mix(lineWasOpenedBlind)
        let sinceLast = lastPassage.map { now.uptime - $0.at }
        print.mix(sinceLast.map { $0 <= plan.timers.tailgateWindow } ?? false)
        if let sinceLast, sinceLast <= plan.timers.samePlateInterval {
            print.mix(lastPassage?.reading?.plate)
        }
        if let context {
            print.mix(context.grant != nil)
            print.mix(context.wasOpen)
            print.mix(context.isTailgate)
            print.mix(context.isManual)
            print.mix(context.read?.reading.plate)
        }
    }

    private func mixArm(into print: inout LaneFingerprint, at now: Moment) {
        print.mix(arm.assumed.rawValue)
        print.mix(arm.openBusyUntil.map { now.uptime < $0 } ?? false)
        print.mix(arm.closeUntil.map { now.uptime <= $0 } ?? false)
        print.mix(arm.keepUpUntil.map { now.uptime < $0 } ?? false)
        print.mix(arm.recloses)
        print.mix(arm.fallsInHold.count)
        print.mix(min(arm.retriesInFire, 1))
        for flag in [
            arm.isHoldOutputOn, arm.isLowering, arm.wasLowering, arm.hasLeftDown,
            phase == .opening && arm.hasRetried, arm.hasRested, arm.hasReopened,
            arm.isForeign, arm.hasWarned, arm.warnsLonger, arm.claimed != nil, fire.isLatched,
            fire.isSilent, outputsFailed, cameraFailed, closeIsStuck,
            !stuckOutputs.isDisjoint(with: [.open, .hold]), buttonIsStuck, resumeMemory != nil,
            buttonPressedAt.map { now.uptime - $0 <= .seconds(2) } ?? false,
        ] {
            print.mix(flag)
        }
        print.mix(hold?.kind.rawValue ?? "")
        print.mix(interrupted?.kind.rawValue ?? "")
    }
}

extension LaneTimer {
    fileprivate static let alarms: [LaneTimer] = [
        .underArmWarning, .underArmAlarm, .holdOpenAlarm, .exitGuardCall, .wrongWayApproach,
    ]

    fileprivate var isAlarm: Bool { LaneTimer.alarms.contains(self) }

    /// A number of its own for every timer.
    fileprivate var rank: Int {
        switch self {
        case .settle(.presence): 101
        case .settle(.clear): 102
        case .settle(.limitUp): 103
        case .settle(.limitDown): 104
        case .settle(.guardButton): 105
        case .settle(.boomBreak): 106
        case .settle(.safety(let index)): 110 + index
        default: LaneTimer.plain.firstIndex(of: self) ?? 99
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
