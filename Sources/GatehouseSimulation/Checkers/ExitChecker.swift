// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// S9, on the road: nobody who stands at an exit whose equipment works is kept beyond `exit_pending_max`, for
/// money or a person's answer, or beyond `exit_wait` for want of a plate, with the disk dead and the camera dark as well.
struct ExitChecker {
    /// Until the car is noticed, and until the driver whose arm has risen is under way.
    private static let patience = Duration.seconds(60)

    /// By gate, when something last happened that could keep its arm down or its vehicle unseen.
    private var disturbedAt: [Uptime]

    init(lanes: Int) { disturbedAt = Array(repeating: .zero, count: lanes) }

    mutating func disturbed(_ gate: Int, at now: Uptime) { disturbedAt[gate] = now }

    mutating func troubled(_ gate: Int, _ kind: FaultKind, at now: Uptime) {
        guard !kind.leavesExitsWorking else { return }
        disturbed(gate, at: now)
    }

    /// The car first at the line of an exit, and when the arm was last up.
    func stands(
        at gate: Int, _ lane: LanePlan, since: Uptime, lastUp: Uptime?, isSeen: Bool, at now: Uptime
    ) -> (String, String)? {
        let waited = now - max(since, disturbedAt[gate])
        // Unread first, while its camera was dark, and read and undecided afterwards.
        let longest = lane.timers.exitWait + lane.timers.exitPendingMax + Self.patience
        guard isSeen, waited > longest, (lastUp ?? .zero) <= since else { return nil }
        return ("S9", "a vehicle is kept at exit \(lane.name) for \(waited.inMilliseconds / 1000) s")
    }
}
