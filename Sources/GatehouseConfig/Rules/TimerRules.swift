// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Times that only together with equipment or other times are wrong (1.3-7).
struct TimerRules {
    let lane: LaneDraft
    let devices: [DeviceDraft]

    private var timers: LaneTimers { lane.plan.timers }

    func judge() {
        if timers.clearDelay < timers.mergeGap {
            lane.error(
                at: place("clear_delay", "merge_gap"),
                "clear_delay (\(timers.clearDelay.planText)) is shorter than merge_gap (\(timers.mergeGap.planText)): "
                    + "the arm could come down between two axles (H-05)")
        }
        if timers.noPlateAfter <= timers.noReadAfter {
            lane.error(
                at: place("no_plate_after", "no_read_after"),
                "no_plate_after (\(timers.noPlateAfter.planText)) must come after no_read_after "
                    + "(\(timers.noReadAfter.planText))")
        }
        if timers.underArmAlarm <= timers.underArmWarning {
            lane.error(
                at: place("under_arm_alarm", "under_arm_warning"),
                "under_arm_alarm (\(timers.underArmAlarm.planText)) must come after under_arm_warning "
                    + "(\(timers.underArmWarning.planText))")
        }
        if lane.plan.countsOpenings, timers.openRetry > 0 {
            lane.error(
                at: "timers.open_retry",
                "this controller counts openings: a retry would leave the arm up for a second car (H-21)",
                hint: "write open_retry: 0, or leave it out")
        }
        unread("help_wait", by: "help_key", lane.plan.hasHelpKey || lane.fields["help_key"] != nil)
        for key in ["dir_wait_max", "dir_fair"] {
            unread(key, by: "kind: two_way", lane.plan.kind == .twoWay)
        }
        pulse("open_pulse", timers.openPulse, .open)
        if lane.plan.outputs.contains(.close) { pulse("close_pulse", timers.closePulse, .close) }
        followOn()
    }

    /// Silence would look like consent.
    private func unread(_ key: String, by reader: String, _ isRead: Bool) {
        guard lane.givenTimers.contains(key), lane.knowsKind, !isRead else { return }
        lane.error(
            at: "timers.\(key)", "nothing reads \(key) in a lane without \(reader)", hint: "leave it out")
    }

    private func place(_ first: String, _ second: String) -> String? {
        [first, second].first { lane.givenTimers.contains($0) }.map { "timers.\($0)" }
    }

    private func pulse(_ key: String, _ value: Duration, _ output: LaneOutput) {
        guard let wire = lane.outputs.first(where: { $0.output == output }) else { return }
        let board = devices[wire.terminal.device.index].profile
        for profile in [board, lane.controller].compactMap({ $0 }) {
            if let range = profile.capabilities.pulse, !range.contains(value) {
                let limits = "\(range.lowerBound.planText) to \(range.upperBound.planText)"
                report(
                    key, output,
                    "a pulse of \(value.planText) is outside what \(profile.name) takes, \(limits) (H-19)")
            } else if let step = profile.capabilities.pulseStep, step > .zero,
                value.inMilliseconds % step.inMilliseconds != 0
            {
                report(
                    key, output,
                    "\(profile.name) times pulses in steps of \(step.planText), not \(value.planText) (H-19)")
            }
        }
    }

    private func report(_ key: String, _ output: LaneOutput, _ message: String) {
        let isGiven = lane.givenTimers.contains(key)
        lane.error(
            at: isGiven ? "timers.\(key)" : output.rawValue, message,
            hint: isGiven ? nil : "set timers: {\(key): …}")
    }

    /// lanes.md n4.
    private func followOn() {
        switch lane.plan.followOn {
        case .repeat: break
        case .counted:
            guard !lane.plan.countsOpenings else { return }
            lane.error(
                at: "follow_on", "counted needs a controller that stores openings (H-04)",
                hint: "write controller: {counts_openings: true} if it does, else follow_on: repeat")
        case .maintained:
            guard !lane.plan.outputs.contains(.hold) else { return }
            lane.error(
                at: "follow_on", "maintained needs a hold output",
                hint: "wire hold, or write follow_on: repeat")
        }
    }
}
