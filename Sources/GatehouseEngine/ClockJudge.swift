// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// How far the wall clock can be believed. Synchronised is what the kernel says so of. Without that it is in
/// doubt (architecture, "clock in doubt") when it cannot be right, or from a step on: somebody, or something,
/// set it and nothing vouches for it. Doubt ends with synchronisation; what is left is a clock that runs on by
/// itself.
package struct ClockJudge: Sendable {
    /// No Gatehouse ran before: a clock that says so came up without a battery.
    private static let earliest = WallTime(milliseconds: 1_767_225_600_000)

    private var latest: Moment?
    private var isInDoubt: Bool

    /// - Parameter past: from where the clocks must have run on, see `past(_:)`.
    package init(after past: Moment?) {
        latest = past
        isInDoubt = past?.quality == .doubtful
    }

    /// To be asked every second.
    package mutating func judge(_ now: Moment, isSynchronised: Bool) -> ClockQuality {
        let step = latest.map { now.step(since: $0) } ?? .zero
        latest = now
        if isSynchronised {
            isInDoubt = false
            return .synchronised
        }
        if step.magnitude >= EngineState.clockStepThreshold || now.wall < Self.earliest { isInDoubt = true }
        return isInDoubt ? .doubtful : .holdover
    }

    /// What the last record says of the clocks now. In the same boot they must have run on together; after
    /// another one nothing is known but that no time goes back.
    package static func past(_ last: Moment, isSameBoot: Bool, now: Moment) -> Moment? {
        if isSameBoot { return last }
        return now.wall < last.wall ? Moment(uptime: now.uptime, wall: last.wall, quality: .holdover) : nil
    }
}

extension Moment {
    /// How far the wall clock moved against the one that only runs.
    func step(since earlier: Moment) -> Duration { (wall - earlier.wall) - (uptime - earlier.uptime) }
}

extension Duration {
    var magnitude: Duration { self < .zero ? .zero - self : self }
}
