// SPDX-License-Identifier: Apache-2.0

/// The exit button, technicians and guards.
extension Turnstile {
    mutating func exitPressed() {
        frame.note(LaneNote(.exitButton, direction: .out))
        let grant = WalkwayGrant(direction: .out, cause: .exitButton)
        switch phase {
        case .released(.out) where served?.cause == .exitButton: releaseAgain(.exitButton)
        case .free, .fire: if !standsOpen(.out) { pulse(for: grant) }
        case .released:
            // Free exit outranks whoever waits: it comes next, once however often the button is pressed.
            if !queue.contains(where: { grant.isSameWish(as: $0) }) { queue.insert(grant, at: 0) }
        default: admit(grant)
        }
    }

    // MARK: - People with authority

    mutating func obey(_ order: LaneOrder) {
        switch order.action {
        case .open: openByPerson(order)
        case .holdOpen(let until): holdOpen(until: until, order)
        case .emergency where !standsOpen(.in) && !standsOpen(.out):
            // Nothing holds it open: each way is released once, and again as often as somebody asks (H-29).
            frame.note(LaneNote(.emergency, by: order.by, why: order.reason))
            releaseBothWays(.person(order.by))
        case .emergency: holdOpen(until: frame.now.wall + WalkwayTimers.emergency, order)
        case .holdClosed(let until):
            guard !frame.fire.isActive else { return frame.refuse(order, "fire") }
            guard frame.startHold(.closed, until: until, order) else { return }
            if served == nil, phase != .starting { rest() }
        case .release: release(order)
        case .close, .seenEmpty, .confirm, .refuse: frame.refuse(order, "not_at_a_turnstile")
        }
    }

    var offered: [OfferedOrder] {
        let opens = !(phase == .fault && frame.outputsFailed) && phase != .free && phase != .fire
        let isHeldBySomething = frame.isWired(.holdIn) || frame.isWired(.holdOut)
        return (opens ? [.open] : []) + (isHeldBySomething && phase != .free ? [.emergency] : [])
    }

    mutating func openByPerson(_ order: LaneOrder) {
        if phase == .fault, frame.outputsFailed { return frame.refuse(order, phase.name) }
        let direction = order.going ?? .in
        if case .released(let way) = phase, way != direction, queue.count >= plan.timers.queueDepth {
            return frame.refuse(order, "queue_full")
        }
        frame.note(LaneNote(.manualOpen, direction: direction, by: order.by, why: order.reason))
        let grant = WalkwayGrant(direction: direction, cause: .person(order.by))
        switch phase {
        case .released(direction): releaseAgain(grant.cause)
        case .free, .fire: if !standsOpen(direction) { pulse(for: grant) }
        case .fault: pulse(for: grant)
        default: admit(grant)
        }
    }

    mutating func holdOpen(until: WallTime?, _ order: LaneOrder) {
        guard frame.isWired(.holdIn) || frame.isWired(.holdOut) else {
            return frame.refuse(order, "no_hold_output")
        }
        guard frame.startHold(.open, until: until, order), phase != .fault else { return }
        if phase == .starting { endStarting() }
        rest()
    }

    mutating func release(_ order: LaneOrder) {
        if frame.fire.isActive {
            guard order.isOnSite else { return frame.refuse(order, "on_site_only") }
            guard frame.fire.isLatched else { return frame.refuse(order, "fire_input_unknown") }
            return resetFire(by: order.by)
        }
        guard frame.endHold(by: order.by, why: order.reason) else {
            return frame.refuse(order, "nothing_held")
        }
        if served == nil, phase != .starting { rest() }
    }
}
