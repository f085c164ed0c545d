// SPDX-License-Identifier: Apache-2.0

/// A lane that people take on foot: a turnstile or a door. One shape for both, so that a site has one way to each.
package enum Walkway: Hashable, Sendable {
    case turnstile(Turnstile)
    case door(Door)

    package init(plan: WalkwayPlan, id: LaneID) {
        switch plan.kind {
        case .turnstile: self = .turnstile(Turnstile(plan: plan, id: id))
        case .door: self = .door(Door(plan: plan, id: id))
        }
    }

    package mutating func step(_ event: WalkwayEvent, at now: Moment) -> [WalkwayEffect] {
        switch self {
        case .turnstile(var unit):
            defer { self = .turnstile(unit) }
            return unit.step(event, at: now)
        case .door(var door):
            defer { self = .door(door) }
            return door.step(event, at: now)
        }
    }

    var frame: WalkwayFrame {
        switch self {
        case .turnstile(let unit): unit.frame
        case .door(let door): door.frame
        }
    }

    package var plan: WalkwayPlan { frame.plan }

    package var phaseName: String {
        switch self {
        case .turnstile(let unit): unit.phase.name
        case .door(let door): door.phase.rawValue
        }
    }

    package var isFireActive: Bool { frame.fire.isActive }
    package var faults: Set<LaneFaultCode> { frame.faults }

    var offered: [OfferedOrder] {
        switch self {
        case .turnstile(let unit): unit.offered
        case .door(let door): door.offered
        }
    }

    /// Entry is refused by rule 1; out is never refused.
    var refusesEntry: Bool { frame.outputsFailed }
}

/// What concerns lanes of every kind reaches a walkway in its own words; nil: it is about vehicles.
extension WalkwayEvent {
    init?(_ event: LaneEvent) {
        switch event {
        case .started(let memory): self = .started(memory)
        case .decided(let id, let decision): self = .decided(id, decision)
        case .person(let order): self = .person(order)
        case .fire(let level, let since): self = .fire(level, since: since)
        case .fireReset: self = .fireReset
        case .command(let output, let outcome): self = .command(output, outcome)
        case .outputStuck(let output, let isStuck): self = .outputStuck(output, isStuck)
        case .fault(let equipment, let isRaised): self = .fault(equipment, isRaised: isRaised)
        case .read, .input, .detectorsRestarted, .reconsider, .timer: return nil
        }
    }
}
