// SPDX-License-Identifier: Apache-2.0

/// What a device's own clock says of ours, after its lag and a wrong zone label are taken off.
package enum ClockOpinion: Hashable, Sendable {
    case agrees
    /// Off by whole quarter hours: its digits may be right and its zone wrong, so it says nothing.
    case otherZone(Duration)
    /// Device minus us.
    case differs(Duration)
}

/// The clock of one device as read last.
package struct DeviceClock: Hashable, Sendable {
    /// nil: not read often enough to believe one.
    package var opinion: ClockOpinion?
    /// Its stamp minus our time of receipt: late by what the device and the network took.
    package var offset: Duration
    package var readAt: Uptime

    package init(opinion: ClockOpinion?, offset: Duration, readAt: Uptime) {
        self.opinion = opinion
        self.offset = offset
        self.readAt = readAt
    }
}
