// SPDX-License-Identifier: Apache-2.0

/// The condition that forbids a close, in the order in which it is reported. There is no way around it:
/// every close of this program is preceded by `Lane.closeObstacle` returning nil (H-01, H-11).
package enum CloseObstacle: String, Hashable, Sendable, CaseIterable {
    case controllerCloses = "controller_closes"
    case closeNotWired = "close_not_wired"
    case safetyNotWired = "safety_not_wired"
    case starting
    case fire
    case emergency
    case heldOpen = "held_open"
    case outputFault = "output_fault"
    case boomLost = "boom_lost"
    case safetyOn = "safety_on"
    case safetyUnknown = "safety_unknown"
    case safetySuspect = "safety_suspect"
    case safetyOffTooShort = "safety_off_too_short"
    case grantLive = "grant_live"
    case openBusy = "open_busy"
    case armDown = "arm_down"
    case recloseLimit = "reclose_limit"

    /// How to meet it, for the person whose order was refused.
    package var remedy: String {
        switch self {
        case .controllerCloses: "the barrier controller lowers the arm by itself"
        case .closeNotWired: "no close output is wired"
        case .safetyNotWired: "no safety sensor is wired, so the gateway never lowers this arm"
        case .starting: "wait until the lane has judged its inputs"
        case .fire: "end the fire release: contact off, then reset on site"
        case .emergency: "wait for the end of the emergency hold or release it"
        case .heldOpen: "release the hold first"
        case .outputFault: "restore the output device"
        case .boomLost: "repair the arm and release on site"
        case .safetyOn: "clear the space under the arm"
        case .safetyUnknown: "restore the safety sensor"
        case .safetySuspect: "let one vehicle cross, or confirm on site that the lane is empty"
        case .safetyOffTooShort: "wait for clear_delay"
        case .grantLive: "a granted vehicle has not passed"
        case .openBusy: "wait for the end of the open pulse"
        case .armDown: "the arm is down"
        case .recloseLimit: "look at the arm, then release"
        }
    }
}

extension Lane {
    /// The first condition of lanes.md §3.2 that fails at this instant; nil: a close may be written. The site
    /// asks once more when the bytes are about to be written.
    package func closeObstacle(at now: Moment) -> CloseObstacle? {
        if plan.closing == .controller { return .controllerCloses }
        if !plan.outputs.contains(.close) { return .closeNotWired }
        if !safety.isWired { return .safetyNotWired }
        if phase == .starting { return .starting }
        if fire.isActive || fire.contact.raw == .on || phase == .fire { return .fire }
        if hold?.kind == .emergency { return .emergency }
        if isKeptUp { return .emergency }
        if hold?.kind == .open || phase == .heldOpen { return .heldOpen }
        if outputsFailed || phase == .fault(.output) { return .outputFault }
        if phase == .fault(.lost) { return .boomLost }
        return safetyObstacle(at: now) ?? armObstacle(at: now)
    }

    private func safetyObstacle(at now: Moment) -> CloseObstacle? {
        if safety.raw == .on || safety.level == .on { return .safetyOn }
        if safety.isSuspect { return .safetySuspect }
        guard safety.raw == .off, safety.level == .off, let since = safety.offSince else {
            return .safetyUnknown
        }
        return now.uptime - since < plan.timers.clearDelay ? .safetyOffTooShort : nil
    }

    private func armObstacle(at now: Moment) -> CloseObstacle? {
        if !grants.isEmpty { return .grantLive }
        if arm.isHoldOutputOn || !stuckOutputs.isDisjoint(with: [.open, .hold]) { return .openBusy }
        if let until = arm.openBusyUntil, now.uptime < until { return .openBusy }
        if position == .down { return .armDown }
        if arm.recloses >= plan.timers.recloseLimit { return .recloseLimit }
        return nil
    }

    /// The only place that commands a close. Says what stood in the way, if anything did.
    mutating func sendClose(_ cause: CommandCause) -> CloseObstacle? {
        if let obstacle = closeObstacle(at: now) {
            if arm.suppressed != obstacle { note(LaneNote(.closeSuppressed, why: obstacle.rawValue)) }
            arm.suppressed = obstacle
            return obstacle
        }
        arm.suppressed = nil
        emit(
            .command(
                .close, .pulse(plan.timers.closePulse), .safety, life: Lane.closeLife, cause: cause))
        arm.isLowering = true
        arm.closeUntil = now.uptime + Lane.closeLife + plan.timers.closePulse
        return nil
    }

    /// A close that may still be queued or on its contact ends before anything else happens.
    mutating func withdrawClose() {
        guard let until = arm.closeUntil else { return }
        arm.closeUntil = nil
        guard now.uptime <= until else { return }
        emit(.withdrawClose)
        emit(.command(.close, .off, .safety, life: nil, cause: .idle))
    }

    static let closeLife: Duration = .milliseconds(500)
}
