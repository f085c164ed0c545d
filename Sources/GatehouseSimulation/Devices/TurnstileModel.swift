// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A tripod turnstile behind a relay board: a pulse lets one person through that way and the unit locks by itself, the
/// first passage or its own time ends the release, an output that is held keeps it open. Passage contacts close for a
/// moment. Time is an argument.
package struct TurnstileModel: Sendable {
    /// Terminals by number, as the maker prints them. Fire is wired normally closed.
    package struct Wiring: Hashable, Sendable {
        package var releaseIn = 1
        package var releaseOut = 2
        package var holdIn = 3
        package var holdOut = 4
        package var green = 5
        package var red = 6
        package var passageIn = 1
        package var passageOut = 2
        package var exitButton = 3
        package var fire = 4
        package var reset = 5
        package var alarm = 6

        package init() {}
    }

    package let wiring: Wiring
    package var board: RelayBoardModel
    package var unitTimeout: Duration = .seconds(5)
    package var contactTime: Duration = .milliseconds(200)
    /// Somebody pushed against a locked arm.
    package private(set) var refused = 0
    package private(set) var passed: [TravelDirection] = []
    private var releasedUntil: [Uptime?] = [nil, nil]
    private var contactUntil: [Uptime?] = [nil, nil]
    private var buttonUntil: Uptime?
    private var alarmUntil: Uptime?
    private var edgesSeen = 0

    package init(wiring: Wiring = Wiring()) {
        self.wiring = wiring
        board = RelayBoardModel(inputs: 8)
        board.setInput(wiring.fire, true)
    }

    package mutating func advance(to now: Uptime) {
        board.advance(to: now)
        for edge in board.edges.dropFirst(edgesSeen) where edge.isClosed {
            if edge.relay == wiring.releaseIn { releasedUntil[0] = edge.at + unitTimeout }
            if edge.relay == wiring.releaseOut { releasedUntil[1] = edge.at + unitTimeout }
        }
        edgesSeen = board.edges.count
        for (index, input) in [wiring.passageIn, wiring.passageOut].enumerated() {
            if let end = contactUntil[index], end <= now {
                contactUntil[index] = nil
                board.setInput(input, false)
            }
        }
        if let end = buttonUntil, end <= now {
            buttonUntil = nil
            board.setInput(wiring.exitButton, false)
        }
        if let end = alarmUntil, end <= now {
            alarmUntil = nil
            board.setInput(wiring.alarm, false)
        }
    }

    /// The next instant at which something happens by itself.
    package var nextChange: Uptime? {
        (contactUntil + [buttonUntil, alarmUntil, board.nextChange]).compactMap { $0 }.min()
    }

    package func isOpen(_ direction: TravelDirection, at now: Uptime) -> Bool {
        let isHeld = board.isClosed(direction == .in ? wiring.holdIn : wiring.holdOut)
        return isHeld || (releasedUntil[direction == .in ? 0 : 1].map { now < $0 } ?? false)
    }

    /// Somebody pushes; whether they got through.
    @discardableResult
    package mutating func push(_ direction: TravelDirection, at now: Uptime) -> Bool {
        advance(to: now)
        guard isOpen(direction, at: now) else {
            refused += 1
            return false
        }
        releasedUntil[direction == .in ? 0 : 1] = nil
        pass(direction, at: now)
        return true
    }

    /// Somebody breaks through a locked arm.
    package mutating func force(_ direction: TravelDirection, at now: Uptime) {
        advance(to: now)
        pass(direction, at: now)
    }

    /// Somebody slips through behind another: the arm turned once, the unit's own eyes have seen two.
    package mutating func follow(at now: Uptime) {
        advance(to: now)
        alarmUntil = now + .milliseconds(400)
        board.setInput(wiring.alarm, true)
    }

    private mutating func pass(_ direction: TravelDirection, at now: Uptime) {
        passed.append(direction)
        contactUntil[direction == .in ? 0 : 1] = now + contactTime
        board.setInput(direction == .in ? wiring.passageIn : wiring.passageOut, true)
    }

    package mutating func pressExit(at now: Uptime) {
        advance(to: now)
        buttonUntil = now + .milliseconds(300)
        board.setInput(wiring.exitButton, true)
    }

    package mutating func setFire(_ isOn: Bool) { board.setInput(wiring.fire, !isOn) }
    package mutating func setReset(_ isPressed: Bool) { board.setInput(wiring.reset, isPressed) }
}
