// SPDX-License-Identifier: Apache-2.0

/// What a lane wants done. The site turns facts into records and commands into device commands.
package enum LaneEffect: Hashable, Sendable {
    /// Ask the rules; the site answers with `.decided` before it handles anything else.
    case decide(RequestID, AccessRequest)
    case record(LaneFact)
    /// `life` is how long the command may wait for its bytes to be written (`lanes.md` §5.3); nil: no expiry.
    /// `decision` names the request whose durable decision a grant-class command waits for.
    case command(LaneOutput, OutputAction, CommandClass, life: Duration?, cause: CommandCause)
    /// Any queued close of this lane dies now (§3.2).
    case withdrawClose
    case startTimer(LaneTimer, at: Uptime)
    case stopTimer(LaneTimer)
    case show(LaneText)
    case triggerCamera
    case callGuard(String)
    /// Conditions that stay until cleared; `code` is the operator's word for it.
    case raiseFault(LaneFaultCode)
    case clearFault(LaneFaultCode)
    /// Claims and frees the interlock or the two-way token (§7.2, §7.3).
    case claim(TravelDirection)
    case free
}

package enum OutputAction: Hashable, Sendable {
    /// Contact closed for this long, timed by the board where the model can.
    case pulse(Duration)
    case on
    case off
}

/// safety: performed now, recorded after. grant: held until its record is durable or `act_within_ms` passed.
/// settled: held until durable, without a deadline.
package enum CommandClass: String, Hashable, Sendable { case safety, grant, settled }

/// Why an output was commanded; checker S1 judges every opening by it.
package enum CommandCause: Hashable, Sendable {
    case grant(RequestID)
    case person(Operator)
    case guardButton
    /// Free exit: it waits for nothing and nobody is asked.
    case exitButton
    case emergency
    case fire
    /// Protective opening: somebody or something is under a lowering arm.
    case safety
    case hold
    /// Somebody cannot get out of a full-height unit (H-30).
    case rescue
    case retry(RequestID)
    /// The arm was found half-way at start.
    case restart
    /// The last vehicle of a presence that may not be kept: deadlines of the rights floor.
    case rightsFloor
    case clearing
    case idle
    case lamp

    package var name: String {
        switch self {
        case .grant: "grant"
        case .person: "person"
        case .guardButton: "guard_button"
        case .exitButton: "exit_button"
        case .emergency: "emergency"
        case .fire: "fire"
        case .safety: "safety"
        case .hold: "hold"
        case .rescue: "rescue"
        case .retry: "retry"
        case .restart: "restart"
        case .rightsFloor: "rights_floor"
        case .clearing: "clearing"
        case .idle: "idle"
        case .lamp: "lamp"
        }
    }
}

/// Keys of the texts of `lanes.md` §4.8.
package enum LaneTextKey: String, Hashable, Sendable, CaseIterable {
    case idle, welcome, goodbye, pay, paid, refused, full, wait, opposing, noPlate, back, dontFollow
    case dontStop, closing, fault, laneOpen, closed, fire
}

package struct LaneText: Hashable, Sendable {
    package var key: LaneTextKey
    package var plate: Plate?
    package var daysLeft: Int?
    /// The permit has ended; its days of grace are running.
    package var isInGrace = false
    /// Of somebody who lives or works here.
    package var isResident: Bool
    /// Of an entry: its household's spaces are taken.
    package var quota: QuotaNotice?
    /// Free places of the lane's area, where there is a display to show them.
    package var free: Int?
    /// What the vehicle is asked for, or why it is asked for nothing.
    package var charge: ShownCharge?
    /// A person let it go, whatever it was asked for: no debt is made of that.
    package var isByHand = false
    /// How it can be paid at this lane now.
    package var ways: [PaymentHint] = []
    /// Owed from earlier stays: told, and nobody is kept for it.
    package var debts: ShownAmount?
    /// Of `idle`: nobody upstream hears of what happens here. Of `pay` and `noPlate`: paying by phone does not work now.
    package var isOffline: Bool
    /// For a phone's camera, on boards that can draw it.
    package var code: String?

    package init(
        _ key: LaneTextKey, plate: Plate? = nil, daysLeft: Int? = nil, isResident: Bool = false,
        free: Int? = nil, isOffline: Bool = false
    ) {
        self.isOffline = isOffline
        self.key = key
        self.plate = plate
        self.daysLeft = daysLeft
        self.isResident = isResident
        self.free = free
    }
}

package enum LaneFaultCode: String, Hashable, Sendable, CaseIterable {
    case armStuck = "arm_stuck"
    case armDoesNotClose = "arm_does_not_close"
    case armLost = "arm_lost"
    case safetyUnknown = "safety_unknown"
    case safetySuspect = "safety_suspect"
    case outputFailed = "output_failed"
    case outputStuck = "output_stuck"
    case cameraLost = "camera_lost"
    case presenceUnknown = "presence_unknown"
    case presenceStuck = "presence_stuck"
    case limitUnknown = "limit_unknown"
    case limitsContradict = "limits_contradict"
    case guardButtonStuck = "guard_button_stuck"
    case holdOpenBroken = "hold_open_broken"
    case safetyMissed = "safety_missed"
    case fireUnknown = "fire_unknown"
    case readerLost = "reader_lost"
    case passageUnknown = "passage_unknown"
    case passageStuck = "passage_stuck"
    case exitButtonUnknown = "exit_button_unknown"
    case doorContactUnknown = "door_contact_unknown"
}
