// SPDX-License-Identifier: Apache-2.0

/// What a lane is: equipment, who closes, settings. Made and validated by `GatehouseConfig`, constant while
/// a plan is in force. The refusals of `lanes.md` §1.3 hold for every value of this type that reaches a lane.
package struct LanePlan: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable { case entry, exit, twoWay = "two_way" }

    /// One owner only (H-12). `controller`: the barrier controller lowers by its own loop or radar.
    package enum Closing: String, Hashable, Sendable { case controller, gateway, `guard` }

    /// `lanes.md` n4.
    package enum FollowOn: String, Hashable, Sendable { case `repeat`, counted, maintained }

    /// `lanes.md` n10.
    package enum ExitBlind: String, Hashable, Sendable {
        case callGuard = "call_guard"
        case open
    }

    /// What a fire input without a good sample does (H-27). `alarmOnly` is allowed at a vehicle entry whose
    /// contact is hard-wired to the barrier, and nowhere else.
    package enum FireUnknown: String, Hashable, Sendable {
        case release
        case alarmOnly = "alarm_only"
    }

    package var name: String
    package var kind: Kind
    /// The area that an entry leads into and an exit out of.
    package var area: AreaID
    package var closing: Closing
    package var followOn: FollowOn = .repeat

    /// Sensors by role; nil or empty when not wired.
    package var presence: SensorKind?
    package var safety: [SensorKind] = []
    package var clear: SensorKind?
    package var hasLimitUp = false
    package var hasLimitDown = false
    package var hasGuardButton = false
    package var hasBoomBreak = false
    package var hasHelpKey = false
    package var hasCamera = true

    /// Outputs that are wired. `open` always is.
    package var outputs: Set<LaneOutput> = [.open]

    /// The controller stores openings (记忆开闸): no retry.
    package var countsOpenings = false
    package var admitsMotorcycles = false
    package var isMixedUse = false
    package var isLastExit = false
    package var exitBlind: ExitBlind = .callGuard
    package var failOpen = false
    package var fireUnknown: FireUnknown = .release
    /// Lanes of one interlock set share a number; nil for most.
    package var interlockSet: Int?
    /// Tie in a two-way lane.
    package var exitFirst = true
    /// Of an exit where people pay; nil: as the site has it.
    package var zeroFee: PricingPlan.ZeroFee?
    package var timers = LaneTimers()

    package init(name: String, kind: Kind, area: AreaID, closing: Closing) {
        self.name = name
        self.kind = kind
        self.area = area
        self.closing = closing
    }

    /// Where a vehicle may come from either side its way past the clear loop proves nothing more than the other one's.
    var cycleWitness: SafetyGroup.CycleWitness {
        if clear != nil, kind != .twoWay { return .clear }
        return presence == nil && clear == nil ? .none : .neighbour
    }
}

/// Inputs of a lane by role (`lanes.md` §1.1). Several safety sensors make one level.
package enum LaneInput: Hashable, Sendable {
    case presence
    case safety(Int)
    case clear
    case limitUp
    case limitDown
    case guardButton
    case boomBreak
    case helpKey
}

/// Outputs of a lane. `stop` is never used automatically.
package enum LaneOutput: String, Hashable, Sendable, CaseIterable {
    case open, close, stop, hold, red, green, warn
    /// Of a turnstile: one person through, that way.
    case releaseIn = "release_in"
    case releaseOut = "release_out"
    /// Of a turnstile: it stands open, that way.
    case holdIn = "hold_in"
    case holdOut = "hold_out"
    /// Of a door: on for as long as it may be opened.
    case unlock
    /// On while nobody upstream hears of what happens here.
    case linkLamp = "link_lamp"

    /// Kept by a fire latch or a hold-open through a restart of the process (H-43).
    package var mayStandOpen: Bool { [.hold, .holdIn, .holdOut, .unlock].contains(self) }

    /// Left as a restart of the process finds it, until its lane has seen what stands there: no bolt is thrown on an open
    /// door.
    package var staysAsFound: Bool { self == .unlock }

    /// Follows what is on record already.
    package var isLamp: Bool { [.red, .green, .linkLamp].contains(self) }
}

/// Named times and limits of `lanes.md` §5.2, with their defaults. Ranges are enforced by configuration
/// from `LaneTimers.specifications`.
package struct LaneTimers: Hashable, Sendable {
    package var openPulse: Duration = .milliseconds(500)
    package var closePulse: Duration = .milliseconds(500)
    package var pulseGap: Duration = .milliseconds(500)
    package var moveStart: Duration = .milliseconds(1500)
    package var moveUp: Duration = .seconds(7)
    package var moveDown: Duration = .seconds(15)
    package var waitForVehicle: Duration = .seconds(60)
    package var vanishDelay: Duration = .seconds(8)
    package var leaveConfirm: Duration = .seconds(2)
    package var clearDelay: Duration = .seconds(1)
    package var warnBeforeClose: Duration = .zero
    package var mergeGap: Duration = .milliseconds(400)
    package var minCross: Duration = .milliseconds(500)
    package var tailgateWindow: Duration = .seconds(6)
    package var recloseLimit = 3
    package var recloseRest: Duration = .seconds(60)
    package var underArmWarning: Duration = .seconds(10)
    package var underArmAlarm: Duration = .seconds(60)
    package var assumedPass: Duration = .seconds(8)
    package var directionWaitMax: Duration = .seconds(20)
    package var directionFair = 3
    package var queueDepth = 1
    package var askDeadline: Duration = .seconds(2)
    package var exitPendingMax: Duration = .seconds(600)
    package var helpWait: Duration = .seconds(60)
    package var readVote: Duration = .milliseconds(600)
    package var readHold: Duration = .seconds(8)
    package var noReadAfter: Duration = .seconds(3)
    package var noPlateAfter: Duration = .seconds(6)
    package var samePlateInterval: Duration = .seconds(10)
    package var oppositePlateInterval: Duration = .seconds(30)
    package var cameraPresence: Duration = .seconds(15)
    package var refusedRetry: Duration = .seconds(15)
    package var holdTimeoutInterlock: Duration = .seconds(15)
    package var holdTimeoutConfirm: Duration = .seconds(120)
    package var safetyWait: Duration = .seconds(10)
    package var holdOpenAlarm: Duration = .seconds(120)
    package var emergencyHold: Duration = .seconds(180)
    package var fireUnknownAfter: Duration = .seconds(5)
    package var resumeWindow: Duration = .seconds(120)
    package var startWait: Duration = .seconds(5)
    package var holdRefresh: Duration = .seconds(20)
    package var openRetry = 1
    package var laneBlocked: Duration = .seconds(300)
    package var exitWait: Duration = .seconds(120)
    /// A loop's `on` longer than this that ended without leaving evidence makes its `off` suspect (§2).
    package var tuneOut: Duration = .seconds(240)
    /// Safety `off` is believed after this (§2).
    package var safetyOffStable: Duration = .milliseconds(300)
    /// Life of an open by grant (§5.3).
    package var grantLife: Duration = .seconds(3)

    package init() {}
}
