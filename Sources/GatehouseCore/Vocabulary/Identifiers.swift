// SPDX-License-Identifier: Apache-2.0

/// Number of a lane: those of vehicles first, as in `SitePlan.lanes`, then those of people, as in `SitePlan.walkways`, since
/// outputs, fire contacts, orders and records do not care who passes. Names stay at the edges; state is reached by small
/// index.
package struct LaneID: Hashable, Comparable, Sendable {
    package var index: Int

    package init(_ index: Int) { self.index = index }

    package static func < (a: LaneID, b: LaneID) -> Bool { a.index < b.index }
}

/// Index of a device in `SitePlan.devices`.
package struct DeviceID: Hashable, Comparable, Sendable {
    package var index: Int

    package init(_ index: Int) { self.index = index }

    package static func < (a: DeviceID, b: DeviceID) -> Bool { a.index < b.index }
}

/// Index of an area in `SitePlan.areas`.
package struct AreaID: Hashable, Comparable, Sendable {
    package var index: Int

    package init(_ index: Int) { self.index = index }

    package static func < (a: AreaID, b: AreaID) -> Bool { a.index < b.index }
}

/// A terminal of a board: channel 1 is what the maker prints as 1.
package struct Terminal: Hashable, Comparable, Sendable {
    package var device: DeviceID
    package var channel: Int

    package init(_ device: DeviceID, _ channel: Int) {
        self.device = device
        self.channel = channel
    }

    package static func < (a: Terminal, b: Terminal) -> Bool {
        (a.device, a.channel) < (b.device, b.channel)
    }
}

/// Number of a record in this gateway's journal, gap-free from 1. A stay is named by the record that
/// opened it, a request by the record of its decision; there are no random identifiers.
package struct Sequence: Hashable, Comparable, Sendable {
    package var number: Int64

    package init(_ number: Int64) { self.number = number }

    package static func < (a: Sequence, b: Sequence) -> Bool { a.number < b.number }

    package var next: Sequence { Sequence(number + 1) }
}

package typealias StayID = Sequence
