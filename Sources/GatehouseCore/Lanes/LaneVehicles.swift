// SPDX-License-Identifier: Apache-2.0

/// The vehicle at the line that has no grant yet, in whatever phase the arm is.
struct Approach: Hashable, Sendable {
    struct Asked: Hashable, Sendable {
        var id: RequestID
        var request: AccessRequest
        /// nil until the answer comes.
        var decision: Decision?
    }

    /// Somebody is believed to stand there.
    var isHere = false
    /// Since when: what was read before speaks for whoever stood here before.
    var since: Uptime?
    /// Came from the wrong side: leaving needs no note.
    var isReverse = false
    /// Everything read of it; before it came, what was read within `read_hold`.
    var vote = ReadVote()
    var asked: Asked?
    /// The rights floor's deadline has passed: it is let go as soon as the way is free.
    var owed: Decision?
    /// The next read of the same plate is decided again: it was refused a while ago, or there was reason to ask anew
    /// and the read was too old for it.
    var mayRetry = false
    /// What was read of it is too old to speak for it: the driver was told to move back, to be read anew.
    var awaitsNewRead = false
    /// "noPlate" is shown, or "back": the text of this vehicle.
    var notice: LaneTextKey?
    /// The pending request's plate was not read for a while.
    var isUnseen = false
    /// Since when the loop shows somebody again that had been silent or was not believed; nil: without a break.
    var watchedSince: Uptime?
    var hasNotedDuplicate = false
    /// Different plates read while somebody stood here, up to two: more cannot be one vehicle.
    var plates: [Plate] = []

    var verdict: Decision.Verdict? { asked?.decision?.verdict }
}

/// How long a vehicle that waited at an exit and was not seen there for a while may still be kept: whoever is read again
/// has not come anew. Where reads alone say who stands there, every pause in them would begin the time again.
struct PausedWait: Hashable, Sendable {
    /// nil: nobody could read one.
    var plate: Plate?
    var deadline: Uptime
    /// When it was seen no more; nil: only its plate says that it is the same.
    var since: Uptime?

    /// Whatever is read sooner than this is taken for the same vehicle: a misread after a pause begins no time anew.
    private static let pause: Duration = .seconds(60)

    func mayBeAnybody(at now: Uptime) -> Bool { since.map { now - $0 <= Self.pause } ?? false }
}

/// A right to one passage that nobody has used yet.
struct LiveGrant: Hashable, Sendable {
    var request: RequestID
    var access: AccessRequest?
    var decision: Decision?
    var direction: TravelDirection
    var cause: CommandCause
    /// Opened by a person or a button, not by a decision.
    var isManual = false
    var isEmergency = false
    /// After a restart: the decision record of the process before.
    var resumed: Sequence?
    /// Its vehicle is on the safety sensors.
    var isCrossing = false
    /// Its vehicle may stand there or may have gone: lanes.md §6.3.
    var isUndetermined = false
    /// Read at the line since that is so: it is still the same one.
    var wasReadAgain = false
    /// Safety was silent while it could have driven: nobody can say that it did not.
    var wasUnseen = false
    /// Opened again for it when the vehicle before left the safety sensors.
    var hasFollowed = false

    var plate: Plate? { decision?.plate ?? access?.read?.reading.plate }
    var read: PlateRead? { access?.read }

    /// For an opening that repeats the first.
    var repeatCause: CommandCause {
        if case .grant(let id) = cause { return .retry(id) }
        return cause
    }
}

/// What the lane remembers of a crossing that its sequencer is watching.
struct CrossingContext: Hashable, Sendable {
    var grant: RequestID?
    /// The arm was seen away from `down`, so the crossing counts.
    var wasOpen: Bool
    /// Evidence of the plate of a vehicle without grant.
    var read: PlateRead?
    /// Began within `tailgate_window` of the passage before.
    var isTailgate: Bool
    var isManual: Bool
    /// It stood there when the process began.
    var isFromStart = false
}

/// A vehicle without grant that may have gone or may have backed off: lanes.md §6.3.
struct UnsettledCrossing: Hashable, Sendable {
    var crossing: Crossing
    var context: CrossingContext
}

/// The passage that was completed last: against repeated reads and for tailgates.
struct LastPassage: Hashable, Sendable {
    var reading: PlateReading?
    var at: Uptime
    var direction: TravelDirection
}

/// What the lane did with the arm and has to remember.
struct ArmBook: Hashable, Sendable {
    /// Believed where limits are missing or silent.
    var assumed: ArmPosition = .unknown
    /// The open contact is closed or was within `pulse_gap`.
    var openBusyUntil: Uptime?
    /// A close was commanded and may be queued or on the contact.
    var closeUntil: Uptime?
    var isHoldOutputOn = false
    /// Why the hold did not reach its board when it was last tried, noted once.
    var holdTrouble: LaneNote?
    /// A close went out or the arm was seen to come down, and neither an opening nor its arrival followed.
    var isLowering = false
    /// It was lowering when an open was commanded that is not known to be written.
    var wasLowering = false
    var recloses = 0
    /// When the present movement began.
    var movingSince: Uptime?
    var hasLeftDown = false
    var hasRetried = false
    var hasReopened = false
    /// Open without our command.
    var isForeign = false
    var hasWarned = false
    /// The one attempt after `reclose_rest` was made.
    var hasRested = false
    /// Kept up after an emergency vehicle.
    var keepUpUntil: Uptime?
    /// Lowerings under a hold, for "3 in 5 minutes".
    var fallsInHold: [Uptime] = []
    var retriesInFire = 0
    /// The last reason of `closeSuppressed`, noted once.
    var suppressed: CloseObstacle?
    /// After fire or a hold the arm warns longer.
    var warnsLonger = false
    /// What vehicles at the line have been given the lane, for lanes that share it.
    var claimed: TravelDirection?
}

struct HoldState: Hashable, Sendable {
    var kind: LaneMemory.Hold.Kind
    var until: WallTime?
    var by: Operator
    var going: TravelDirection?
}
