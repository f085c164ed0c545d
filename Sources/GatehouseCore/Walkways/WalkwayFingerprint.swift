// SPDX-License-Identifier: Apache-2.0

/// Which of two turnstiles or doors will answer the same events in the same way, as far as what is released, the grants
/// and the passages go; as for lanes of vehicles.
extension Walkway {
    package func mix(into print: inout LaneFingerprint, at now: Moment) {
        frame.mix(into: &print, at: now)
        switch self {
        case .turnstile(let unit): unit.mix(into: &print, at: now)
        case .door(let door): door.mix(into: &print, at: now)
        }
        for entry in pendingTimers.sorted(by: { $0.at < $1.at }) { print.mix(entry.timer.rank, bits: 6) }
        print.mix(0, bits: 6)
    }

    /// What is armed.
    package var timers: [ArmedTimers<WalkwayTimer>.Entry] { frame.timers.entries }

    /// What is armed and does more than to speak.
    package var pendingTimers: [ArmedTimers<WalkwayTimer>.Entry] {
        timers.filter { $0.timer != .notice && $0.timer != .openAgain }
    }
}

extension WalkwayFrame {
    fileprivate func mix(into print: inout LaneFingerprint, at now: Moment) {
        for input in plan.inputs.sorted() {
            print.mix(level(input))
            print.mix(raw(input))
        }
        print.mix(fire.contact)
        print.mix(fire.isLatched)
        print.mix(fire.isSilent)
        print.mix(hold != nil)
        print.mix(hold?.kind == .closed)
        print.mix(hold?.until != nil)
        print.mix(outputsFailed)
        print.mix(faults.contains(.passageStuck))
        for output in [LaneOutput.holdIn, .holdOut, .unlock] {
            print.mix(maintained.contains(output))
            print.mix(unsure.contains(output))
        }
        mixSeen(into: &print, at: now)
    }
}

extension WalkwayGrant {
    fileprivate func mix(into print: inout LaneFingerprint) {
        print.mix(direction == .in)
        print.mix(cause == .exitButton)
        print.mix(resumed != nil)
        print.mix(read?.card.packed ?? 0)
    }
}

extension Turnstile {
    fileprivate func mix(into print: inout LaneFingerprint, at now: Moment) {
        print.mix(phase.code, bits: 4)
        for grant in [served, attached, resumed] {
            print.mix(grant != nil)
            grant?.mix(into: &print)
        }
        print.mix(queue.count, bits: 3)
        for grant in queue { grant.mix(into: &print) }
        print.mix(
            served.map { now.uptime - $0.since.uptime >= plan.timers.unitTimeout - WalkwayTimers.lastMoment }
                ?? false)
        print.mix(pressedAgainAt.map { now.uptime - $0 <= WalkwayTimers.anothersPress } ?? false)
        print.mix(held?.card.packed ?? 0)
        print.mix(held?.direction == .in)
        print.mix(isRescuing)
        for edge in [lastEdgeIn, lastEdgeOut] {
            print.mix(edge.map { now.uptime - $0 < WalkwayTimers.passageGap } ?? false)
        }
        for direction in [TravelDirection.in, .out] {
            let isMoving = frame.raw(.passage(direction)) == .on && frame.level(.passage(direction)) != .on
            print.mix(isMoving && movedWhileLocked(direction))
        }
    }
}

extension Turnstile.Phase {
    fileprivate var code: Int {
        switch self {
        case .starting: 0
        case .locked: 1
        case .free: 2
        case .blocked: 3
        case .fire: 4
        case .fault: 5
        case .released(.in): 6
        case .released(.out): 7
        }
    }
}

extension Door {
    fileprivate func mix(into print: inout LaneFingerprint, at now: Moment) {
        print.mix(Phase.allCases.firstIndex(of: phase) ?? 15, bits: 4)
        print.mix(grants.count, bits: 4)
        for grant in grants { grant.mix(into: &print) }
        print.mix(resumed != nil)
        print.mix(wasProlonged)
        print.mix(held?.card.packed ?? 0)
        print.mix(exitAt.map { now.uptime - $0 <= plan.timers.exitShunt } ?? false)
    }
}

extension WalkwayTimer {
    /// A number of its own for every timer.
    fileprivate var rank: Int {
        switch self {
        case .startWait: 1
        case .passWait: 2
        case .notHome: 3
        case .rescue: 4
        case .notice: 5
        case .holdUntil: 6
        case .fireUnknown: 7
        case .fireSettle: 8
        case .unlock: 9
        case .openMax: 10
        case .openAgain: 11
        case .passageStuck(.in): 12
        case .passageStuck(.out): 13
        case .settle(let input): 20 + (WalkwayInput.allCases.firstIndex(of: input) ?? 0)
        }
    }
}
