// SPDX-License-Identifier: Apache-2.0

import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics
import Glibc

/// The clock and zone of this terminal: what people type and read. `TZ` changes it.
enum LocalTime {
    static var now: WallTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// With the offset that is in force now: a listing over a change of summer time is an hour off on one side.
    static var zone: ZoneRules {
        var seconds = time_t(now.milliseconds / 1000)
        var parts = unsafe tm()
        tzset()
        guard unsafe localtime_r(&seconds, &parts) != nil else { return .utc }
        return ZoneRules(name: "local", initialOffset: Int(unsafe parts.tm_gmtoff))
    }

    static func parse(_ text: String, _ sense: TimeExpression.Sense, option: String) throws -> WallTime {
        guard let time = TimeExpression.parse(text, now: now, zone: zone, sense: sense) else {
            throw CommandFailure(
                .usage, "\(option): \"\(text)\" is no time",
                hint: "10m, 2h, 3d, 07:30, 2026-03-02, \"2026-03-02 07:30\" or RFC 3339")
        }
        return time
    }

    static func date(_ text: String, option: String) throws -> CivilDate {
        guard let date = TimeExpression.date(text[...]) else {
            throw CommandFailure(.usage, "\(option): \"\(text)\" is no date", hint: "2026-03-02")
        }
        return date
    }
}
