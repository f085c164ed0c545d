// SPDX-License-Identifier: Apache-2.0

/// Boards that fail and come back, and a start from the inputs alone.
extension Door {
    mutating func learned(_ output: LaneOutput, _ outcome: CommandOutcome) {
        frame.learned(output, outcome)
        guard output == .unlock else { return }
        switch outcome {
        case .expired where phase == .free: frame.maintain(.unlock, true, .hold, repeats: true)
        case .expired, .withdrawn, .refused:
            guard phase == .unlocked else { return frame.doubt(.unlock) }
            // It never unlocked, and is not to do so later for nobody. The cards may ask again at once.
            for grant in grants {
                frame.note(
                    LaneNote(
                        .notPassed, request: grant.request, direction: grant.direction, why: "not_unlocked"))
                frame.forgetCard(of: grant.direction)
            }
            grants = []
            rest()
        case .written, .confirmed, .uncertain: break
        }
    }

    mutating func equipmentChanged(_ equipment: LaneEquipment, _ isRaised: Bool) {
        switch equipment {
        case .outputs:
            frame.outputsFailed = isRaised
            frame.setFault(.outputFailed, isRaised)
            isRaised ? outputsLost() : outputsBack()
        case .reader: frame.setFault(.readerLost, isRaised)
        case .camera: frame.ignoredEvents += 1
        }
    }

    mutating func outputsLost() {
        for grant in grants {
            frame.note(
                LaneNote(
                    .undetermined, request: grant.request, direction: grant.direction, why: "output_failed"))
        }
        grants = []
        frame.stopTimer(.unlock)
        guard phase == .secured || phase == .unlocked else { return }
        phase = .fault
        lock()
    }

    mutating func outputsBack() {
        frame.forgetLamps()
        switch phase {
        case .free, .fire: frame.maintain(.unlock, true, phase == .fire ? .fire : .hold, repeats: true)
        case .fault:
            lock(repeats: true)
            rest()
        case .starting, .secured, .unlocked, .open, .held, .forced: break
        }
    }

    // MARK: - Starting

    /// From the inputs, never by replaying. A door that stands open was not forced: nobody saw.
    mutating func start(_ memory: LaneMemory) {
        frame.fire.resume(memory)
        frame.resume(memory.hold)
        resumed = frame.resume(memory.unfinishedGrant)
        frame.startTimer(.startWait, after: WalkwayTimers.startWait)
        frame.darken()
        frame.doubt(.unlock)
        if frame.fire.isActive {
            goFire()
        } else if frame.hold?.kind == .open {
            frame.maintain(.unlock, true, .hold, repeats: true)
            rest()
        }
    }

    mutating func passResumed(_ grant: WalkwayGrant) {
        frame.passed(grant.direction, grant, cause: .resumed)
        resumed = nil
    }

    mutating func endStarting() {
        guard phase == .starting else { return }
        lock(repeats: true)
        rest()
        askHeld()
    }

    mutating func startWaitEnded() {
        if let grant = resumed?.resumed {
            frame.note(LaneNote(.notPassed, read: grant.record, direction: grant.direction, why: "restart"))
            resumed = nil
        }
        endStarting()
        askHeld()
    }

    mutating func askHeld() {
        guard let read = held else { return }
        held = nil
        frame.ask(read, isHeldClosed: false)
    }
}
