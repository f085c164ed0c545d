// SPDX-License-Identifier: Apache-2.0

/// One setting of `LaneTimers` as configuration sees it: its key, its default and the range that is allowed.
package struct LaneTimerSpecification: Sendable {
    package enum Setting: Sendable {
        case duration(any WritableKeyPath<LaneTimers, Duration> & Sendable, ClosedRange<Duration>)
        case count(any WritableKeyPath<LaneTimers, Int> & Sendable, ClosedRange<Int>)
    }

    /// As written in `site.yaml`.
    package let key: String
    package let setting: Setting

    /// The default, from `LaneTimers` itself.
    package var defaultDuration: Duration? {
        if case .duration(let path, _) = setting { LaneTimers()[keyPath: path] } else { nil }
    }

    package var defaultCount: Int? {
        if case .count(let path, _) = setting { LaneTimers()[keyPath: path] } else { nil }
    }
}

extension LaneTimers {
    private typealias Path = any WritableKeyPath<LaneTimers, Duration> & Sendable

    /// Every field, in the order of lanes.md §5.2.
    package static let specifications: [LaneTimerSpecification] = [
        milliseconds("open_pulse", \.openPulse, 200...1000),
        milliseconds("close_pulse", \.closePulse, 200...1000),
        milliseconds("pulse_gap", \.pulseGap, 300...2000),
        milliseconds("move_start", \.moveStart, 500...3000),
        milliseconds("move_up", \.moveUp, 2000...15_000),
        milliseconds("move_down", \.moveDown, 2000...60_000),
        seconds("wait_for_vehicle", \.waitForVehicle, 15...180),
        seconds("vanish_delay", \.vanishDelay, 5...20),
        seconds("leave_confirm", \.leaveConfirm, 1...5),
        milliseconds("clear_delay", \.clearDelay, 500...8000),
        seconds("warn_before_close", \.warnBeforeClose, 0...3),
        milliseconds("merge_gap", \.mergeGap, 100...1500),
        milliseconds("min_cross", \.minCross, 200...2000),
        seconds("tailgate_window", \.tailgateWindow, 2...15),
        count("reclose_limit", \.recloseLimit, 1...10),
        seconds("reclose_rest", \.recloseRest, 30...600),
        seconds("under_arm_warning", \.underArmWarning, 5...600),
        seconds("under_arm_alarm", \.underArmAlarm, 5...600),
        seconds("assumed_pass", \.assumedPass, 4...30),
        seconds("dir_wait_max", \.directionWaitMax, 10...120),
        count("dir_fair", \.directionFair, 1...10),
        count("queue_depth", \.queueDepth, 0...8),
        milliseconds("ask_deadline", \.askDeadline, 500...5000),
        seconds("exit_pending_max", \.exitPendingMax, 120...1800),
        seconds("help_wait", \.helpWait, 30...180),
        milliseconds("read_vote", \.readVote, 0...3000),
        seconds("read_hold", \.readHold, 2...20),
        seconds("no_read_after", \.noReadAfter, 1...10),
        seconds("no_plate_after", \.noPlateAfter, 4...20),
        seconds("same_plate_interval", \.samePlateInterval, 3...60),
        seconds("opposite_plate_interval", \.oppositePlateInterval, 10...120),
        seconds("camera_presence", \.cameraPresence, 5...60),
        seconds("refused_retry", \.refusedRetry, 5...120),
        seconds("hold_timeout_interlock", \.holdTimeoutInterlock, 5...600),
        seconds("hold_timeout_confirm", \.holdTimeoutConfirm, 5...600),
        seconds("safety_wait", \.safetyWait, 5...60),
        seconds("hold_open_alarm", \.holdOpenAlarm, 30...600),
        seconds("emergency_hold", \.emergencyHold, 60...900),
        seconds("fire_unknown_after", \.fireUnknownAfter, 1...30),
        seconds("resume_window", \.resumeWindow, 30...600),
        seconds("start_wait", \.startWait, 2...30),
        seconds("hold_refresh", \.holdRefresh, 5...60),
        count("open_retry", \.openRetry, 0...1),
        seconds("lane_blocked", \.laneBlocked, 60...1800),
        seconds("exit_wait", \.exitWait, 30...180),
        seconds("tune_out_min", \.tuneOut, 60...3600),
        milliseconds("safety_off_stable", \.safetyOffStable, 100...1000),
        seconds("grant_life", \.grantLife, 1...5),
    ]

    private static func milliseconds(
        _ key: String, _ path: Path, _ range: ClosedRange<Int64>
    ) -> LaneTimerSpecification {
        LaneTimerSpecification(
            key: key,
            setting: .duration(path, .milliseconds(range.lowerBound) ... .milliseconds(range.upperBound)))
    }

    private static func seconds(
        _ key: String, _ path: Path, _ range: ClosedRange<Int64>
    ) -> LaneTimerSpecification {
        milliseconds(key, path, range.lowerBound * 1000...range.upperBound * 1000)
    }

    private static func count(
        _ key: String, _ path: any WritableKeyPath<LaneTimers, Int> & Sendable, _ range: ClosedRange<Int>
    ) -> LaneTimerSpecification {
        LaneTimerSpecification(key: key, setting: .count(path, range))
    }
}
