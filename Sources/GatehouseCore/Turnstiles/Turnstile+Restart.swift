// SPDX-License-Identifier: Apache-2.0

/// Boards that fail and come back, and a start from the inputs alone.
extension Turnstile {
    mutating func learned(_ output: LaneOutput, _ outcome: CommandOutcome) {
        frame.learned(output, outcome)
        guard let served, case .released(let direction) = phase,
            output == (direction == .in ? .releaseIn : .releaseOut)
        else { return }
        switch outcome {
        case .expired, .withdrawn, .refused:
            // Never released, and not to be so later for nobody. The card may ask again at once.
            frame.note(
                LaneNote(.notPassed, request: served.request, direction: direction, why: "not_released"))
            frame.forgetCard(of: direction)
            next()
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
        if let served { frame.note(uncertain(served)) }
        for waiting in queue { frame.note(uncertain(waiting)) }
        served = nil
        queue = []
        if attached == nil { frame.stopTimer(.passWait) }
        if phase != .fire && phase != .free && phase != .starting { phase = .fault }
    }

    func uncertain(_ grant: WalkwayGrant) -> LaneNote {
        LaneNote(.undetermined, request: grant.request, direction: grant.direction, why: "output_failed")
    }

    /// Idle first, then in service.
    mutating func outputsBack() {
        frame.forgetLamps()
        let isOpen = phase == .fire || phase == .free || frame.hold?.kind == .open
        standOpen(isOpen, isOpen ? (phase == .fire ? .fire : .hold) : .idle, repeats: true)
        if phase == .fault { rest() }
    }

    // MARK: - Starting

    /// From the inputs, never by replaying (`lanes.md` §9, column "restart").
    mutating func start(_ memory: LaneMemory) {
        frame.fire.resume(memory)
        frame.resume(memory.hold)
        resumed = frame.resume(memory.unfinishedGrant)
        frame.startTimer(.startWait, after: WalkwayTimers.startWait)
        frame.darken()
        if frame.fire.isActive {
            goFire()
        } else if frame.hold?.kind == .open {
            phase = .free
            standOpen(true, .hold, repeats: true)
        } else {
            standOpen(false, .idle, repeats: true)
        }
    }

    mutating func endStartingWhenSeen() {
        guard plan.inputs.allSatisfy({ frame.level($0) != .unknown }) else { return }
        guard !plan.has(.home) || frame.level(.home) == .on else { return }
        endStarting()
        rest()
        askHeld()
    }

    mutating func endStarting() {
        guard phase == .starting else { return }
        phase = .locked
    }

    mutating func startWaitEnded() {
        if let resumed, let grant = resumed.resumed {
            frame.note(LaneNote(.notPassed, read: grant.record, direction: grant.direction, why: "restart"))
            self.resumed = nil
        }
        if phase == .starting {
            endStarting()
            rest()
        }
        askHeld()
    }

    mutating func askHeld() {
        guard let read = held else { return }
        held = nil
        frame.ask(read, isHeldClosed: read.direction == .in && frame.hold?.kind == .closed)
    }
}
