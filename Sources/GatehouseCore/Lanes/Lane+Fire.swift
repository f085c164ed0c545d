// SPDX-License-Identifier: Apache-2.0

/// Fire outranks everything (lanes.md §8.1, H-27, H-28).
extension Lane {
    mutating func takeFire(_ level: Level, since: Uptime) {
        inputs.fire.take(level, since: since, at: now.uptime)
        fireSettled()
        switch level {
        case .unknown:
            startTimer(
                .fireUnknown, at: max(min(since, now.uptime) + plan.timers.fireUnknownAfter, now.uptime))
        case .on, .off:
            stopTimer(.fireUnknown)
            setFault(.fireUnknown, false)
        }
    }

    mutating func settleFire() {
        inputs.fire.settle(at: now.uptime)
        fireSettled()
    }

    private mutating func fireSettled() {
        if let due = inputs.fire.due { startTimer(.fireSettle, at: due) } else { stopTimer(.fireSettle) }
        switch inputs.fire.level {
        case .on:
            guard !fire.isLatched else { return }
            let wasActive = fire.isActive
            fire.isLatched = true
            fire.isSilent = false
            releaseForFire(repeats: !wasActive, why: "contact")
        case .off:
            guard fire.isSilent else { return }
            fire.isSilent = false
            if !fire.isLatched { endFire(by: nil, why: "input_returned") }
        case .unknown: break
        }
    }

    /// The input has been silent too long: as fire, without the latch. An entry whose barrier hears the panel by its
    /// own wire may be told to call somebody instead.
    mutating func fireStayedUnknown() {
        guard inputs.fire.raw == .unknown else { return }
        setFault(.fireUnknown, true)
        guard plan.fireUnknown == .release else {
            return emit(.callGuard(LaneFaultCode.fireUnknown.rawValue))
        }
        guard !fire.isActive else { return }
        fire.isSilent = true
        releaseForFire(repeats: true, why: "input_unknown")
    }

    /// The arm first, the record after it.
    private mutating func releaseForFire(repeats: Bool, why: String) {
        if repeats { goFire() }
        note(LaneNote(.fireReleaseStarted, why: why, flags: fire.isLatched ? ["latched"] : []))
    }

    /// On site, and only after the contact has been off for its two seconds.
    mutating func resetFire(by: Operator) {
        guard fire.isLatched else { return }
        guard inputs.fire.level == .off, inputs.fire.raw == .off else {
            return note(LaneNote(.orderRefused, by: by, why: "fire_contact_on"))
        }
        fire.isLatched = false
        if !fire.isSilent { endFire(by: by, why: "reset") }
    }

    private mutating func endFire(by: Operator?, why: String) {
        note(LaneNote(.fireReleaseEnded, by: by, why: why))
        stopTimer(.fireHoldRetry)
        guard phase == .fire else { return }
        arm.warnsLonger = true
        goByInputs()
    }
}
