// SPDX-License-Identifier: Apache-2.0

/// Fire outranks everything (lanes.md §8.1, H-27, H-28).
extension Lane {
    mutating func takeFire(_ level: Level, since: Uptime) {
        obey(fire.take(level, since: since, at: now.uptime))
        switch level {
        case .unknown:
            startTimer(
                .fireUnknown, at: max(min(since, now.uptime) + plan.timers.fireUnknownAfter, now.uptime))
        case .on, .off:
            stopTimer(.fireUnknown)
            setFault(.fireUnknown, false)
        }
    }

    mutating func settleFire() { obey(fire.settle(at: now.uptime)) }

    private mutating func obey(_ change: FireLatch.Change?) {
        if let due = fire.contact.due { startTimer(.fireSettle, at: due) } else { stopTimer(.fireSettle) }
        switch change {
        case nil: break
        case .released(let why, let isNew): releaseForFire(repeats: isNew, why: why)
        case .ended(let why): endFire(by: nil, why: why)
        }
    }

    /// The input has been silent too long: as fire, without the latch. An entry whose barrier hears the panel by its
    /// own wire may be told to call somebody instead.
    mutating func fireStayedUnknown() {
        guard fire.contact.raw == .unknown else { return }
        setFault(.fireUnknown, true)
        guard plan.fireUnknown == .release else {
            return emit(.callGuard(LaneFaultCode.fireUnknown.rawValue))
        }
        obey(fire.stayedUnknown())
    }

    /// The arm first, the record after it.
    private mutating func releaseForFire(repeats: Bool, why: String) {
        if repeats { goFire() }
        note(LaneNote(.fireReleaseStarted, why: why, flags: fire.isLatched ? ["latched"] : []))
    }

    /// On site, and only after the contact has been off for its two seconds.
    mutating func resetFire(by: Operator) {
        guard fire.isLatched else { return }
        guard fire.mayReset else {
            return note(LaneNote(.orderRefused, by: by, why: "fire_contact_on"))
        }
        if case .ended(let why) = fire.reset() { endFire(by: by, why: why) }
    }

    private mutating func endFire(by: Operator?, why: String) {
        note(LaneNote(.fireReleaseEnded, by: by, why: why))
        stopTimer(.fireHoldRetry)
        guard phase == .fire else { return }
        arm.warnsLonger = true
        goByInputs()
    }
}
