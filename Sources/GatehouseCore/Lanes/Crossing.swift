// SPDX-License-Identifier: Apache-2.0

/// One vehicle on the safety sensors, as the loops around saw it.
package struct Crossing: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        case crossed(Passage.Certainty, flags: [String])
        /// Through, against the lane.
        case reverse
        /// Backed off to where it came from, seen by the clear loop.
        case returned
        /// Without a clear loop: backed off, or the next one stands nose to tail (lanes.md §6.3).
        case undetermined
        /// Came from behind and went back there.
        case wrongWayReturned
        /// Too short or without any sign of a vehicle around it.
        case noise
    }

    package var startedAt: Moment
    /// Presence was on when safety rose.
    var hadPresence: Bool
    /// Presence had fallen shortly before safety rose.
    var hadRecentPresence: Bool
    /// The clear loop was on before safety rose, and not for a vehicle that went out.
    var isFromClear: Bool
    /// What was left on the safety sensors when the vehicle before it was done.
    var isRest = false

    /// It was counted already, by time, before safety spoke again.
    var isCounted = false

    var presenceFalls = 0
    var presenceRises = 0
    var clearRises = 0
    var clearFellAt: Uptime?
    var safetyFellAt: Uptime?
    /// Another plate than this vehicle's was read while it stood here.
    var sawOtherPlate = false

    var sawSecondAtPresence: Bool { presenceFalls > 0 && presenceRises > 0 }
}
