// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A door with an electric lock behind a relay board: unlocked while the relay is closed, a contact that says whether the
/// leaf is shut, a button inside. The leaf is moved by people and by its closer. Time is an argument.
package struct DoorModel: Sendable {
    /// Terminals by number, as the maker prints them. Contact and fire are wired normally closed.
    package struct Wiring: Hashable, Sendable {
        package var unlock = 1
        package var red = 6
        package var warn = 7
        package var contact = 1
        package var exitButton = 3
        package var fire = 4
        package var reset = 5

        package init() {}
    }

    package let wiring: Wiring
    package var board: RelayBoardModel
    /// Since when the leaf stands open; nil: it is shut.
    package private(set) var openSince: Uptime?
    /// Somebody pushed against the bolt.
    package private(set) var refused = 0
    private var buttonUntil: Uptime?

    package init(wiring: Wiring = Wiring()) {
        self.wiring = wiring
        board = RelayBoardModel(inputs: 8)
        board.setInput(wiring.fire, true)
        board.setInput(wiring.contact, true)
    }

    package var isUnlocked: Bool { board.isClosed(wiring.unlock) }

    package mutating func advance(to now: Uptime) {
        board.advance(to: now)
        if let end = buttonUntil, end <= now {
            buttonUntil = nil
            board.setInput(wiring.exitButton, false)
        }
    }

    /// The next instant at which something happens by itself.
    package var nextChange: Uptime? { [buttonUntil, board.nextChange].compactMap { $0 }.min() }

    /// Somebody pushes; whether the leaf opened or stood open.
    @discardableResult
    package mutating func push(at now: Uptime) -> Bool {
        advance(to: now)
        guard isUnlocked || openSince != nil else {
            refused += 1
            return false
        }
        force(at: now)
        return true
    }

    /// Whether it is locked or not.
    package mutating func force(at now: Uptime) {
        advance(to: now)
        openSince = openSince ?? now
        board.setInput(wiring.contact, false)
    }

    /// The closer has done its work.
    package mutating func shut(at now: Uptime) {
        advance(to: now)
        openSince = nil
        board.setInput(wiring.contact, true)
    }

    package mutating func pressExit(at now: Uptime) {
        advance(to: now)
        buttonUntil = now + .milliseconds(300)
        board.setInput(wiring.exitButton, true)
    }

    package mutating func setFire(_ isOn: Bool) { board.setInput(wiring.fire, !isOn) }
    package mutating func setReset(_ isPressed: Bool) { board.setInput(wiring.reset, isPressed) }
}
