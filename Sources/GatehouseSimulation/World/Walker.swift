// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Somebody on foot, with a card or without. What the card is worth is the office's to know.
struct Walker {
    enum Right: String {
        case resident
        /// The office knows it: its time is over, or somebody lost it.
        case expired, lost
        /// Nobody knows it.
        case unknown
    }

    enum Habit: Equatable {
        case ordinary
        /// Shows the card and goes away.
        case standsStill
        /// Shows the card again at once.
        case showsTwice
        /// Goes in behind somebody.
        case follows
        /// Breaks through, or opens with a tool.
        case forces
        /// Keeps the door open for so long.
        case props(Duration)
    }

    let number: Int
    let right: Right
    var isInside = false
    var way: Int?
    var direction = TravelDirection.in
    var habit = Habit.ordinary
    var arrivedAt = Uptime.zero
    var showings = 0
    /// Counts what it wants: an older wish is void.
    var intent = 0
    var isAway = true

    /// What its card carries: the last four digits tell all of them apart.
    static func tag(_ number: Int) -> CardReaderModel.Tag {
        CardReaderModel.Tag(version: 0x2A, number: UInt32(0x0061_0000 + 0x11 * (number + 1)))
    }

    static func card(_ number: Int) -> Card? {
        let tag = tag(number)
        return Card(.em40, UInt64(tag.version) << 32 | UInt64(tag.number))
    }
}
