// SPDX-License-Identifier: Apache-2.0

/// The help key at the pole. Ambulances carry ordinary plates: where nobody answers the key in time, it opens for the
/// one vehicle that stands there, at an entry too (lanes.md §7.4, H-29).
extension Lane {
    private static let helpHeld: Duration = .seconds(3)

    mutating func helpKeyChanged() {
        if inputs.helpKey.level == .on {
            startTimer(.helpKeyHeld, after: Lane.helpHeld)
        } else {
            stopTimer(.helpKeyHeld)
        }
    }

    mutating func helpKeyHeld() {
        guard inputs.helpKey.level == .on, approach.isHere, timers.deadline(.helpWait) == nil else { return }
        emit(.callGuard("help"))
        startTimer(.helpWait, after: plan.timers.helpWait)
    }

    mutating func helpWaitEnded() {
        guard approach.isHere else { return }
        let request = approach.asked?.request ?? requestFromVote()
        let id = newRequest()
        note(
            LaneNote(
                .emergencyUnanswered, request: id, read: request.read?.record,
                plate: request.read?.reading.plate, direction: heading))
        emit(.triggerCamera)
        emit(.callGuard("help_unanswered"))
        admit(
            LiveGrant(
                request: id, access: request, decision: approach.asked?.decision, direction: heading,
                cause: .emergency, isManual: true))
    }
}
