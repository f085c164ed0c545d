// SPDX-License-Identifier: Apache-2.0

/// What a lane has to say for the journal.
package enum LaneFact: Hashable, Sendable {
    /// [accessGranted], [accessDenied], [accessHeld] by the verdict.
    case decided(RequestID, AccessRequest, Decision)
    case passage(Passage)
    case note(LaneNote)
}

/// The bracketed names of `lanes.md` §4 that are neither a decision nor a passage.
package enum LaneNoteKind: String, Hashable, Sendable, CaseIterable {
    case laneResumed, duplicateRead, readWithoutVehicle, decisionUnused, requestReplaced, grantAfterOpening
    case plateCorrected, grantDoubtful, lateRead
    /// A payment code was shown and no order came of it; the code itself is in no record.
    case codeIgnored
    case leftUndecided, leftWaiting, leftRefused, turnedBack, notPassed, undetermined
    case noPlate, laneBlocked, emergencyUnanswered, exitBlindOpened, heldTooLong
    case manualOpen, manualRefusal, manualClose, orderRefused, holdStarted, holdEnded, emergency, seenEmpty
    case armUp, armDown, armMovedUncommanded, armDownOnOccupied, armLeftOpen, armStuck, armLost, retried
    case closeSuppressed, closeAborted, tailgated, zoneOccupied, vehicleUnderArm, wrongWayApproach
    case passageUnattributed, passageAssumed, safetyMissed
    case fireReleaseStarted, fireReleaseEnded
    case suspicionStarted, suspicionEnded
    case forcedOpen, forcedEnded, heldOpen, heldOpenEnded, exitButton, intrusion, personTrapped, tampered
    case commandExpired, commandUncertain, commandFailed
}

/// One such fact with what it is about. Absent fields have nothing to say.
package struct LaneNote: Hashable, Sendable {
    package var kind: LaneNoteKind
    package var request: RequestID?
    package var read: Sequence?
    package var plate: Plate?
    package var direction: TravelDirection?
    package var by: Operator?
    package var until: WallTime?
    package var milliseconds: Int64?
    package var count: Int?
    /// Why, as a stable word: the failing condition of a suppressed close, the reason of an order.
    package var why: String?
    package var flags: [String]

    package init(
        _ kind: LaneNoteKind, request: RequestID? = nil, read: Sequence? = nil, plate: Plate? = nil,
        direction: TravelDirection? = nil, by: Operator? = nil, until: WallTime? = nil,
        milliseconds: Int64? = nil, count: Int? = nil, why: String? = nil, flags: [String] = []
    ) {
        self.kind = kind
        self.request = request
        self.read = read
        self.plate = plate
        self.direction = direction
        self.by = by
        self.until = until
        self.milliseconds = milliseconds
        self.count = count
        self.why = why
        self.flags = flags
    }
}

/// One vehicle through one lane, as the loops saw it; written once, at the verdict (`lanes.md` §6).
package struct Passage: Hashable, Sendable {
    /// What the loops prove.
    package enum Certainty: String, Hashable, Sendable { case confirmed, single, assumed }

    /// Under what the vehicle went (`lanes.md` §6.5).
    package enum Cause: String, Hashable, Sendable {
        case granted, ungranted, manual, held, convoy, fire, resumed, unidentified, unattributed
        /// On foot, where nobody was asked: an exit button, a unit that stands open.
        case free
    }

    package var direction: TravelDirection
    /// Against the lane: out through an entry, in through an exit.
    package var isReverse: Bool
    package var certainty: Certainty
    package var cause: Cause
    /// The request whose grant this consumed.
    package var request: RequestID?
    /// After a restart: the decision record of the process before.
    package var resumedDecision: Sequence?
    /// The plate that the passage is booked to; nil is `unidentified`.
    package var reading: PlateReading?
    /// Of a person, masked.
    package var card: String?
    package var read: Sequence?
    /// `tailgate`, `review`, `safety_missed`, `manual_open`, `resumed`, `held_open`.
    package var flags: [String]
    /// When the plate was recognised: where a stay begins by default.
    package var recognisedAt: WallTime?
    /// When safety rose, and when the verdict fell.
    package var startedAt: WallTime
    package var passedAt: WallTime

    package init(
        direction: TravelDirection, isReverse: Bool = false, certainty: Certainty, cause: Cause,
        request: RequestID? = nil, resumedDecision: Sequence? = nil, reading: PlateReading? = nil,
        card: String? = nil, read: Sequence? = nil, flags: [String] = [], recognisedAt: WallTime? = nil,
        startedAt: WallTime,
        passedAt: WallTime
    ) {
        self.direction = direction
        self.isReverse = isReverse
        self.certainty = certainty
        self.cause = cause
        self.request = request
        self.resumedDecision = resumedDecision
        self.reading = reading
        self.card = card
        self.read = read
        self.flags = flags
        self.recognisedAt = recognisedAt
        self.startedAt = startedAt
        self.passedAt = passedAt
    }
}
