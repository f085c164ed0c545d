// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// S1, its other half: an arm that somebody else raised is on record as raised by others. Judged at lanes that
/// were at peace before and are left alone until the record must be there.
struct ForeignChecker {
    /// Since nothing was wrong or ordered at the lane.
    private static let peace = Duration.seconds(180)
    /// The arm leaves its limit, a poll sees it, the level is believed.
    private static let patience = Duration.seconds(10)

    /// By lane, when an arm at rest was raised.
    private var raised: [String: Uptime] = [:]

    mutating func fob(lane: String, wasAtRest: Bool, lastTrouble: Uptime, at now: Uptime) {
        guard wasAtRest, now - lastTrouble > Self.peace else { return }
        raised[lane] = now
    }

    /// Whatever else happens at the lane could explain the movement, or keep it from being seen.
    mutating func disturbed(lane: String) { raised[lane] = nil }

    mutating func made(_ record: Record) {
        guard record.kind == "armMovedUncommanded", let fields = try? Fields(record.payload),
            let lane = try? fields.string("lane")
        else { return }
        raised[lane] = nil
    }

    mutating func watch(at now: Uptime) -> (String, String)? {
        guard let late = raised.first(where: { now - $0.value > Self.patience }) else { return nil }
        raised[late.key] = nil
        return ("S1", "somebody raised the arm of \(late.key) and no record says so")
    }
}
