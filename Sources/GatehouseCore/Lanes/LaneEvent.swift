// SPDX-License-Identifier: Apache-2.0

/// Number of a lane's request within one run of the process. The journal names it by its decision's record.
package struct RequestID: Hashable, Comparable, Sendable {
    package var number: Int

    package init(_ number: Int) { self.number = number }

    package static func < (a: RequestID, b: RequestID) -> Bool { a.number < b.number }
}

/// What can happen to a lane. Total: every event has an answer in every phase (`lanes.md` §4).
package enum LaneEvent: Hashable, Sendable {
    /// First event of a lane, with what the journal remembers of it (`lanes.md` §4.7).
    case started(LaneMemory)
    case read(PlateRead)
    /// A changed level of an input, by its meaning; `since` is the first sample of an unbroken run. Chatter,
    /// staleness and the two-equal-samples rule are settled before (`InputBank`); debounce is the lane's.
    case input(LaneInput, Level, since: Uptime)
    /// The detectors of these inputs lost power or re-tuned: their `off` is suspect until a full cycle.
    case detectorsRestarted
    /// The answer to `.decide`.
    case decided(RequestID, Decision)
    /// What a waiting request waited for may have come: directory swapped, interlock or token free,
    /// payment settled, an operator's confirmation. The lane asks anew if whoever was read still stands there.
    case reconsider(ReconsiderReason)
    case timer(LaneTimer)
    case person(LaneOrder)
    /// Site-wide fire input or this lane's own: `unknown` counts after `fire_unknown_after` (§8.1).
    case fire(Level, since: Uptime)
    /// Somebody on site acknowledged: the only way out of the latch, and only after the contact is off.
    case fireReset
    case command(LaneOutput, CommandOutcome)
    /// Reads on beyond its pulse though twice written off (`lanes.md` §5.4), or let go.
    case outputStuck(LaneOutput, Bool)
    /// A board that carries outputs, or the camera, failed or recovered. Of inputs that fail each reads unknown.
    case fault(LaneEquipment, isRaised: Bool)
}

package enum ReconsiderReason: String, Hashable, Sendable {
    case directory, interlock, token, payment, confirmed, refused, hold
    case seenAgain = "seen_again"
}

package enum LaneEquipment: String, Hashable, Sendable { case outputs, camera, reader }

/// What became of a command, as the device's session knows it.
package enum CommandOutcome: Hashable, Sendable {
    /// Bytes left this machine.
    case written(at: Uptime)
    /// The device answered.
    case confirmed(at: Uptime)
    /// The reply was lost: judged by the limits, never repeated blindly.
    case uncertain
    /// Its life ended before it could be written. Not sent.
    case expired
    /// Deleted before writing: an open, a safety level or fire came between, or the guard failed at writing.
    case withdrawn(String)
    case refused(String)
}

/// What a person orders. Authority and reason were checked before; identity goes into the record.
package struct LaneOrder: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        case open
        case close
        case holdOpen(until: WallTime?)
        case holdClosed(until: WallTime?)
        case release
        /// Emergency hold on this lane.
        case emergency
        /// "Lane seen empty" by somebody on site: ends suspicion of loops.
        case seenEmpty
        /// The waiting vehicle may pass (`CONFIRM_NEEDED`, `NO_ENTRY_RECORD`).
        case confirm
        case refuse
    }

    package var action: Action
    package var by: Operator
    package var reason: String
    package var note: String?
    /// Given at the cabinet and not from afar.
    package var isOnSite: Bool
    /// Of an emergency: which way its vehicle comes through here; nil: the way that the lane serves.
    package var going: TravelDirection?

    package init(
        action: Action, by: Operator, reason: String, note: String? = nil, isOnSite: Bool = false,
        going: TravelDirection? = nil
    ) {
        self.going = going
        self.action = action
        self.by = by
        self.reason = reason
        self.note = note
        self.isOnSite = isOnSite
    }
}

/// Who did it. The socket knows a Unix user; later channels know accounts.
package struct Operator: Hashable, Sendable {
    /// `socket`, `button`, `list`, `schedule`, `self`; `via USER`: a person by the word of a program that serves
    /// several and runs as that user.
    package var channel: String
    package var name: String

    package init(channel: String, name: String) {
        self.channel = channel
        self.name = name
    }
}

/// What the journal remembers of a lane when the process starts.
package struct LaneMemory: Hashable, Sendable {
    package struct Hold: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable { case open, closed, emergency }

        package var kind: Kind
        package var until: WallTime?
        /// Of an emergency: which way its vehicle goes, where the lane may serve the other.
        package var going: TravelDirection?

        package init(kind: Kind, until: WallTime?, going: TravelDirection? = nil) {
            self.kind = kind
            self.until = until
            self.going = going
        }
    }

    /// A grant whose vehicle's verdict had not come.
    package struct UnfinishedGrant: Hashable, Sendable {
        package var decision: Decision
        package var direction: TravelDirection
        package var record: Sequence
        package var grantedAt: WallTime

        package init(
            decision: Decision, direction: TravelDirection, record: Sequence, grantedAt: WallTime
        ) {
            self.decision = decision
            self.direction = direction
            self.record = record
            self.grantedAt = grantedAt
        }
    }

    package var isFireLatched = false
    /// The fire input was silent, and had opened the lane for it.
    package var isFireSilent = false
    package var hold: Hold?
    /// What an emergency interrupts and what stands again after it.
    package var interrupted: Hold?
    package var unfinishedGrant: UnfinishedGrant?
    /// Power was lost or the boot is new, so loops may have re-tuned; false for a mere process restart on
    /// boards that did not restart.
    package var detectorsMayHaveRestarted = true
    /// A safety loop may have forgotten a vehicle that stands on it, and no cycle has proven otherwise since
    /// (H-14): a restart of the process does not make it trustworthy.
    package var isSafetySuspect = false

    package init() {}

    /// The arm stays up through a restart of the process, by a hold output that is never idle meanwhile (H-43).
    package var staysOpen: Bool { isFireLatched || isFireSilent || hold.map { $0.kind != .closed } ?? false }
}

/// Timers of a lane (`lanes.md` §4.6). A timer set again replaces the old one.
package enum LaneTimer: Hashable, Sendable {
    case startWait, readVote, readHold, noReadAfter, noPlateAfter, askDeadline, leaveConfirm
    case cameraPresence, holdTimeout, exitGuardCall, exitPendingMax, exitWait, laneBlocked, refusedRetry
    case moveStart, moveUp, waitForVehicle, vanishDelay, mergeGap, clearDelay, warnBeforeClose, moveDown
    case recloseRest, safetyWait, underArmWarning, underArmAlarm, holdOpenAlarm, assumedPass
    case emergencyHold, holdUntil, holdRefresh, fireUnknown, fireSettle, fireHoldRetry
    case guardButtonLong, guardButtonStuck, wrongWayApproach, requestUnseen
    case directionWait, directionTie, helpKeyHeld, helpWait
    /// Debounce of one input.
    case settle(LaneInput)
    /// A safety loop, by its place in the plan, has been on for longer than it can be believed to remember.
    case tuneOut(Int)
}
