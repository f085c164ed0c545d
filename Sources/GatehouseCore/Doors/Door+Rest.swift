// SPDX-License-Identifier: Apache-2.0

/// Where the door stands when nobody is being let through, and fire, which outranks everything (H-27, H-28).
extension Door {
    /// Where the door stands when nobody is being let through, by fire, hold, outputs and contact, in this order.
    mutating func rest() {
        frame.stopTimer(.unlock)
        let before = phase
        if frame.fire.isActive {
            phase = .fire
        } else if frame.hold?.kind == .open {
            phase = .free
        } else if frame.outputsFailed {
            phase = .fault
        } else if mayStandOpen {
            // The lock waits for the leaf, and for how long is watched.
            if before != .forced && before != .held { goOpen() }
            return
        } else {
            phase = .secured
        }
        guard phase == .free || phase == .fire else { return lock() }
        isSounding = false
        frame.stopTimer(.openMax)
        frame.stopTimer(.openAgain)
        let theirs = grants
        grants = []
        for grant in theirs { passed(grant, certainty: .assumed) }
        frame.maintain(.unlock, true, phase == .fire ? .fire : .hold)
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

    /// The lock first, the record after it.
    mutating func goFire() {
        frame.maintain(.unlock, true, .fire, repeats: true)
        rest()
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
