// SPDX-License-Identifier: Apache-2.0

/// Stable reason codes of `access-rules.md` §10. A code is never reused for another meaning.
package enum ReasonCode: String, Hashable, Sendable, CaseIterable {
    case granted = "GRANTED"
    case allowlisted = "ALLOWLISTED"
    case freePassage = "FREE_PASSAGE"
    case exitAlways = "EXIT_ALWAYS"
    case emergency = "EMERGENCY"
    case fireRelease = "FIRE_RELEASE"
    case operatorOpen = "OPERATOR_OPEN"
    case temporaryVehicle = "TEMP_VEHICLE"
    case permitVehicle = "PERMIT_VEHICLE"
    case permitGrace = "PERMIT_GRACE"
    case visitorPass = "VISITOR_PASS"
    case quotaAsTemporary = "QUOTA_AS_TEMP"
    case paid = "PAID"
    case zeroDue = "ZERO_DUE"
    case debtRelease = "DEBT_RELEASE"
    case offlinePolicy = "OFFLINE_POLICY"
    case credentialUnknown = "CRED_UNKNOWN"
    case credentialUnreadable = "CRED_UNREADABLE"
    case credentialExpired = "CRED_EXPIRED"
    case blocklisted = "BLOCKLISTED"
    case subjectNotValid = "SUBJECT_NOT_VALID"
    case noGrant = "NO_GRANT"
    case outOfSchedule = "OUT_OF_SCHEDULE"
    case countExhausted = "DENY_COUNT_EXHAUSTED"
    case areaFull = "AREA_FULL"
    case quotaFull = "QUOTA_FULL"
    case vehicleClassBanned = "VEHICLE_CLASS_BANNED"
    case arrears = "ARREARS"
    case duplicateEntry = "DUPLICATE_ENTRY"
    case laneOutOfService = "PORTAL_OUT_OF_SERVICE"
    case operatorRefused = "OPERATOR_REFUSED"
    case holdTimeout = "HOLD_TIMEOUT"
    case paymentDue = "PAYMENT_DUE"
    case interlockWait = "INTERLOCK_WAIT"
    case opposingUse = "OPPOSING_USE"
    case confirmNeeded = "CONFIRM_NEEDED"
    case noEntryRecord = "NO_ENTRY_RECORD"
    case review = "REVIEW"
}

/// Flags on any result, `access-rules.md` §10 and `lanes.md` §7.1.
package enum DecisionFlag: String, Hashable, Comparable, Sendable, CaseIterable {
    case watchlist = "WATCHLIST"
    case staleRules = "STALE_RULES"
    case clockUntrusted = "CLOCK_UNTRUSTED"
    case fuzzyMatch = "FUZZY_MATCH"
    case duplicateRead = "DUPLICATE_READ"
    case passageAssumed = "PASSAGE_ASSUMED"
    case presenceAssumed = "PRESENCE_ASSUMED"
    case cloneHint = "CLONE_HINT"
    case alreadyInside = "ALREADY_INSIDE"
    case colorContradiction = "COLOR_CONTRADICTION"
    case blocklistLookAlike = "BLOCKLIST_LOOKALIKE"
    case drill = "DRILL"
    case storeUnavailable = "STORE_UNAVAILABLE"
    case heldOpen = "HELD_OPEN"
    case foreign = "FOREIGN"

    package static func < (a: DecisionFlag, b: DecisionFlag) -> Bool { a.rawValue < b.rawValue }
}

/// Which way somebody wants to go.
package enum TravelDirection: String, Hashable, Sendable {
    case `in`, out
}

/// The question a lane asks when a vehicle or a person with a card stands before it.
package struct AccessRequest: Hashable, Sendable {
    package var lane: LaneID
    package var direction: TravelDirection
    /// The read that won the vote; nil for a vehicle whose plate was not read.
    package var read: PlateRead?
    /// What a person holds to the reader; nil: the question is about a vehicle.
    package var card: Card?
    /// The record of its reading.
    package var cardRead: Sequence?
    /// The vehicle was seen by a sensor, not only by a camera.
    package var isPresenceConfirmed: Bool
    /// Look-alike reads of the same presence, by falling weight; recorded as evidence.
    package var otherReads: [PlateRead]
    /// Same plate, new vehicle edge within `same_plate_interval` of its own passage.
    package var hasCloneHint: Bool
    /// The lane is pinned shut by a technician (`hold closed`), so only emergency passes.
    package var isHeldClosed: Bool
    /// Two different strong plates in one presence that the vote could not settle (`lanes.md` n2).
    package var isContested: Bool
    /// What the rights floor gives at last, whatever the rules would say: only a barrier in the way still keeps it.
    package var owed: Decision?

    package init(
        lane: LaneID, direction: TravelDirection, read: PlateRead?, isPresenceConfirmed: Bool = true,
        otherReads: [PlateRead] = [], hasCloneHint: Bool = false, isHeldClosed: Bool = false,
        isContested: Bool = false, owed: Decision? = nil
    ) {
        self.lane = lane
        self.direction = direction
        self.read = read
        self.isPresenceConfirmed = isPresenceConfirmed
        self.otherReads = otherReads
        self.hasCloneHint = hasCloneHint
        self.isHeldClosed = isHeldClosed
        self.isContested = isContested
        self.owed = owed
    }

    /// Of a person: seen by the reader, and never asked for money.
    package init(
        lane: LaneID, direction: TravelDirection, card: Card, read: Sequence? = nil,
        isHeldClosed: Bool = false
    ) {
        self.init(lane: lane, direction: direction, read: nil, isHeldClosed: isHeldClosed)
        self.card = card
        cardRead = read
    }
}

/// The answer. Each names the rule that gave it and everything that was tried before, so that
/// `gatehouse explain` can say why.
package struct Decision: Hashable, Sendable {
    package enum Verdict: String, Hashable, Sendable { case grant, deny, pending }

    /// One rule of `access-rules.md` §3 and what it answered.
    package struct Step: Hashable, Sendable {
        /// 0–18.
        package var rule: Int
        /// For people: the rule's name and what it found, with the values and limits it compared.
        package var answer: String

        package init(rule: Int, answer: String) {
            self.rule = rule
            self.answer = answer
        }
    }

    /// A known plate that the read might have meant.
    package struct Candidate: Hashable, Sendable {
        package var plate: Plate
        /// Weighted distance in tenths (`plates.md` §6.1: pair 4, province 3–5, other 10).
        package var distance: Int
        /// Where it is known: `permit`, `stay`, `list`.
        package var source: String
        /// Number of the permit, stay or list entry.
        package var reference: Int64

        package init(plate: Plate, distance: Int, source: String, reference: Int64) {
            self.plate = plate
            self.distance = distance
            self.source = source
            self.reference = reference
        }
    }

    package var verdict: Verdict
    package var reason: ReasonCode
    /// The rule of §3 that decided.
    package var rule: Int
    package var flags: [DecisionFlag]
    /// The plate that the decision is about: the read, or the candidate that it was matched to.
    package var plate: Plate?
    /// The card, masked: the decision is kept and shown, and a whole number could be copied from it.
    package var card: String?
    /// Number of the permit, list entry or household that carried it; nil when none did.
    package var permit: Int64?
    package var household: Int64?
    package var listEntry: Int64?
    /// The open stay at an exit.
    package var stay: StayID?
    /// A permit or list vehicle is never kept for money (rights floor, architecture §14).
    package var isHousehold: Bool
    /// On duty: opens at once, outranks interlock, token and hold-closed. By plate class alone, this lane; with a
    /// `listEntry`, the whole way.
    package var isEmergency: Bool
    package var candidates: [Candidate]
    package var steps: [Step]
    /// For a pending decision: what would end it, `interlock`, `payment`, `confirm`, `token`.
    package var waitsFor: String?
    /// Days left on the permit, for the welcome text; nil when it has no end.
    package var daysLeft: Int?

    package init(
        verdict: Verdict, reason: ReasonCode, rule: Int, flags: [DecisionFlag] = [], plate: Plate? = nil,
        card: String? = nil, permit: Int64? = nil, household: Int64? = nil, listEntry: Int64? = nil,
        stay: StayID? = nil,
        isHousehold: Bool = false, isEmergency: Bool = false, candidates: [Candidate] = [],
        steps: [Step] = [], waitsFor: String? = nil, daysLeft: Int? = nil
    ) {
        self.verdict = verdict
        self.reason = reason
        self.rule = rule
        self.flags = flags
        self.plate = plate
        self.card = card
        self.permit = permit
        self.household = household
        self.listEntry = listEntry
        self.stay = stay
        self.isHousehold = isHousehold
        self.isEmergency = isEmergency
        self.candidates = candidates
        self.steps = steps
        self.waitsFor = waitsFor
        self.daysLeft = daysLeft
    }
}
