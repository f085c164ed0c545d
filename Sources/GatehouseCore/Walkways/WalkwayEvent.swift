// SPDX-License-Identifier: Apache-2.0

/// What can happen to a turnstile or a door. Total: every event has an answer in every phase (`lanes.md` §9, §10).
package enum WalkwayEvent: Hashable, Sendable {
    /// First event, with what the journal remembers.
    case started(LaneMemory)
    case card(CardRead)
    /// A changed level, as for a vehicle lane; debounce is the machine's.
    case input(WalkwayInput, Level, since: Uptime)
    /// The answer to `.decide`.
    case decided(RequestID, Decision)
    case timer(WalkwayTimer)
    case person(LaneOrder)
    case fire(Level, since: Uptime)
    case fireReset
    case command(LaneOutput, CommandOutcome)
    case outputStuck(LaneOutput, Bool)
    case fault(LaneEquipment, isRaised: Bool)
}

/// A card at a reader, as the site passes it on.
package struct CardRead: Hashable, Sendable {
    package var record: Sequence
    package var card: Card
    /// Which way the reader serves.
    package var direction: TravelDirection

    package init(record: Sequence, card: Card, direction: TravelDirection) {
        self.record = record
        self.card = card
        self.direction = direction
    }
}

/// What a turnstile or a door wants done; facts and commands are those of every lane.
package enum WalkwayEffect: Hashable, Sendable {
    /// Ask the rules; the site answers with `.decided` before it handles anything else.
    case decide(RequestID, AccessRequest)
    case record(LaneFact)
    case command(LaneOutput, OutputAction, CommandClass, life: Duration?, cause: CommandCause)
    case startTimer(WalkwayTimer, at: Uptime)
    case stopTimer(WalkwayTimer)
    case show(LaneText)
    case callGuard(String)
    case raiseFault(LaneFaultCode)
    case clearFault(LaneFaultCode)
}

/// Inputs by role; the raw value is the key of `site.yaml`.
package enum WalkwayInput: String, Hashable, Comparable, Sendable, CaseIterable {
    case passageIn = "passage_in"
    case passageOut = "passage_out"
    /// The unit's own: somebody follows, comes the wrong way, climbs over.
    case alarm
    /// The unit says that it is at rest.
    case home
    case exitButton = "exit_button"
    /// On: the door stands open.
    case doorContact = "door_contact"
    /// On: the lock is released, by whatever hand.
    case lockFeedback = "lock_feedback"
    case tamper

    package static func < (a: WalkwayInput, b: WalkwayInput) -> Bool { a.rawValue < b.rawValue }

    static func passage(_ direction: TravelDirection) -> WalkwayInput {
        direction == .in ? .passageIn : .passageOut
    }
}

/// A timer set again replaces the old one.
package enum WalkwayTimer: Hashable, Sendable {
    case startWait, passWait, notHome, rescue, notice, holdUntil, fireUnknown, fireSettle
    case unlock, openMax, openAgain
    /// A passage contact that stays on.
    case passageStuck(TravelDirection)
    /// Debounce of one input.
    case settle(WalkwayInput)
}
