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
        if phase != .free && phase != .fire { attached = nil }
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
        attached = served ?? attached
        if served != nil { frame.stopTimer(.passWait) }
        served = nil
        queue = []
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
        for (hold, release) in [(LaneOutput.holdIn, LaneOutput.releaseIn), (.holdOut, .releaseOut)]
        where !frame.isWired(hold) && frame.isWired(release) {
            frame.emit(
                .command(release, .pulse(plan.timers.releasePulse), .safety, life: nil, cause: .fire))
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
