// SPDX-License-Identifier: Apache-2.0

/// The exit button, technicians and guards.
extension Door {
    mutating func exitPressed() {
        frame.note(LaneNote(.exitButton, direction: .out))
        let grant = WalkwayGrant(direction: .out, cause: .exitButton)
        believeShut()
        switch phase {
        case .starting, .secured, .unlocked, .fault: admit(grant)
        case .open:
            keepUnlocked(for: grant)
            frame.startTimer(.openMax, after: plan.timers.openMax)
        case .held, .forced:
            isSounding = false
            keepUnlocked(for: grant)
        case .free, .fire: break
        }
    }

    // MARK: - People with authority

    mutating func obey(_ order: LaneOrder) {
        switch order.action {
        case .open: openByPerson(order)
        case .holdOpen(let until): holdOpen(until: until, order)
        case .emergency: holdOpen(until: frame.now.wall + WalkwayTimers.emergency, order)
        case .release: release(order)
        case .holdClosed, .close, .seenEmpty, .confirm, .refuse: frame.refuse(order, "not_at_a_door")
        }
    }

    var offered: [OfferedOrder] {
        let isShut = phase == .starting || phase == .secured || phase == .fault || phase == .forced
        return (isShut && !frame.outputsFailed ? [.open] : []) + (phase == .free ? [] : [.emergency])
    }

    mutating func openByPerson(_ order: LaneOrder) {
        if frame.outputsFailed { return frame.refuse(order, Phase.fault.rawValue) }
        let direction = order.going ?? .in
        frame.note(LaneNote(.manualOpen, direction: direction, by: order.by, why: order.reason))
        let grant = WalkwayGrant(direction: direction, cause: .person(order.by))
        believeShut()
        switch phase {
        case .starting, .secured, .fault: admit(grant)
        case .forced, .held, .open:
            isSounding = false
            keepUnlocked(for: grant)
        case .unlocked, .free, .fire: break
        }
    }

    mutating func holdOpen(until: WallTime?, _ order: LaneOrder) {
        guard frame.startHold(.open, until: until, order), phase != .starting else { return }
        rest()
    }

    mutating func release(_ order: LaneOrder) {
        if frame.fire.isActive {
            guard order.isOnSite else { return frame.refuse(order, "on_site_only") }
            guard frame.fire.isLatched else { return frame.refuse(order, "fire_input_unknown") }
            return resetFire(by: order.by)
        }
        if frame.endHold(by: order.by, why: order.reason) {
            if phase != .starting { rest() }
            return
        }
        guard phase == .unlocked else { return frame.refuse(order, "nothing_held") }
        for grant in grants {
            frame.note(
                LaneNote(
                    .notPassed, request: grant.request, direction: grant.direction, by: order.by,
                    why: "operator"))
        }
        grants = []
        rest()
    }
}
