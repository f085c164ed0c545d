// SPDX-License-Identifier: Apache-2.0

/// Where the unit stands when nobody is being let through, and fire, which outranks everything (H-27, H-28).
extension Turnstile {
    /// Where the unit stands when nobody is being let through.
    mutating func rest() {
        if frame.fire.isActive {
            phase = .fire
        } else if frame.outputsFailed {
            phase = .fault
        } else if frame.hold?.kind == .open {
            phase = .free
        } else {
            phase = frame.hold?.kind == .closed ? .blocked : .locked
        }
        if phase == .free || phase == .fire { attachServed() }
        standOpen(phase == .fire || phase == .free || isRescuing, holdCause)
        if phase != .free && phase != .fire { detach("hold_ended") }
    }

    var holdCause: CommandCause {
        switch phase {
        case .fire: .fire
        case .free: .hold
        default: isRescuing ? .rescue : .idle
        }
    }

    /// Who was being let through goes through the open unit; who waits too.
    mutating func attachServed() {
        queue = []
        guard let theirs = served else { return }
        detach("replaced")
        served = nil
        attached = theirs
        frame.startTimer(.passWait, after: plan.timers.passWait)
    }

    mutating func standOpen(_ isOpen: Bool, _ cause: CommandCause, repeats: Bool = false) {
        frame.maintain(.holdIn, isOpen, cause, repeats: repeats)
        frame.maintain(.holdOut, isOpen, cause, repeats: repeats)
    }

    // MARK: - Fire

    mutating func obey(_ change: FireLatch.Change?) {
        switch change {
        case nil: break
        case .released(let why, let isNew):
            if isNew { goFire() }
            frame.noteFireRelease(why)
        case .ended(let why): endFire(by: nil, why)
        }
    }

    /// The unit first, the record after it. A unit that cannot stand open is released once, both ways.
    mutating func goFire() {
        endStarting()
        phase = .fire
        attachServed()
        isRescuing = false
        frame.stopTimer(.rescue)
        standOpen(true, .fire, repeats: true)
        releaseBothWays(.fire)
    }

    /// Once, where nothing holds that way open.
    mutating func releaseBothWays(_ cause: CommandCause) {
        for (direction, release) in [(TravelDirection.in, LaneOutput.releaseIn), (.out, .releaseOut)]
        where !standsOpen(direction) && frame.isWired(release) {
            frame.emit(
                .command(
                    release, .pulse(plan.timers.releasePulse), .safety,
                    life: cause == .fire ? nil : WalkwayTimers.commandLife,
                    cause: cause))
        }
    }

    mutating func resetFire(by: Operator) {
        guard frame.fire.isLatched else { return }
        guard frame.fire.mayReset else {
            return frame.note(LaneNote(.orderRefused, by: by, why: "fire_contact_on"))
        }
        if case .ended(let why) = frame.fire.reset() { endFire(by: by, why) }
    }

    mutating func endFire(by: Operator?, _ why: String) {
        frame.note(LaneNote(.fireReleaseEnded, by: by, why: why))
        rest()
    }
}
