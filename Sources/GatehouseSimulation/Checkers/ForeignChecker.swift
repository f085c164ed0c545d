// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// S1 and S3, their other half: an arm that no command of ours raised is on record as moved by others. Judged at
/// lanes that were at peace before and are left alone until the record must be there.
struct ForeignChecker {
    /// Since nothing was wrong or ordered at the lane.
    private static let peace = Duration.seconds(180)
    /// The arm leaves its limit, a poll sees it, the level is believed, the record is committed.
    private static let patience = Duration.seconds(10)

    /// By lane, when its arm was raised, and whose promise the record is.
    private var raised: [String: (at: Uptime, checker: String)] = [:]

    mutating func raised(lane: String, lastTrouble: Uptime, checker: String, at now: Uptime) {
        guard now - lastTrouble > Self.peace, raised[lane] == nil else { return }
        raised[lane] = (now, checker)
    }

    /// Whatever else happens at the lane could explain the movement, or keep it from being seen.
    mutating func disturbed(lane: String) { raised[lane] = nil }

    mutating func durable(_ record: Record) {
        guard record.kind == "armMovedUncommanded", let fields = try? Fields(record.payload),
            let lane = fields.text("lane")
        else { return }
        raised[lane] = nil
    }

    mutating func watch(at now: Uptime) -> (String, String)? {
        guard let late = raised.first(where: { now - $0.value.at > Self.patience }) else { return nil }
        raised[late.key] = nil
        return (late.value.checker, "somebody raised the arm of \(late.key) and no record says so")
    }
}
