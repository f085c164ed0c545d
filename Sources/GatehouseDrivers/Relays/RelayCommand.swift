// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What the engine wants of one output of a board.
package struct RelayCommand: Hashable, Sendable {
    /// The caller's; comes back with each outcome.
    package var token: Int
    /// Channel 1 is what the maker prints as 1.
    package var channel: Int
    package var action: OutputAction
    package var commandClass: CommandClass
    /// Not written at or after this (`lanes.md` §5.3); nil: no expiry.
    package var expires: Uptime?
    /// Lowers an arm: withdrawn by whatever forbids that, looked at again when written, never written twice
    /// (`lanes.md` §3.2).
    package var isClose: Bool
    /// Inputs of this board that must read `off`, freshly, at the instant of writing: the close guard's last
    /// look. Those of another board are watched by the engine alone, which withdraws the close.
    package var guards: [Guard]
    /// Written when nothing else waits: a lamp that delays no opening.
    package var yields: Bool

    package struct Guard: Hashable, Sendable {
        package var channel: Int
        package var contact: ContactWiring

        package init(channel: Int, contact: ContactWiring) {
            self.channel = channel
            self.contact = contact
        }
    }

    package init(
        token: Int, channel: Int, action: OutputAction, commandClass: CommandClass, expires: Uptime?,
        isClose: Bool = false, guards: [Guard] = [], yields: Bool = false
    ) {
        self.yields = yields
        self.token = token
        self.channel = channel
        self.action = action
        self.commandClass = commandClass
        self.expires = expires
        self.isClose = isClose
        self.guards = guards
    }
}

extension RelayCommand {
    /// A pulse always has a life, three seconds where none is given: no arm rises for nobody because a line
    /// came back (H-22).
    private static let pulseLife = Duration.seconds(3)

    var isPulse: Bool {
        if case .pulse = action { return true }
        return false
    }

    mutating func limitPulse(at now: Uptime) {
        if isPulse { expires = expires ?? now + Self.pulseLife }
    }

    /// Why something with so many outputs and inputs cannot do it.
    func problem(outputs: Int, inputs: Int) -> String? {
        guard channel >= 1, channel <= outputs else { return "the board has \(outputs) outputs" }
        if case .pulse(let duration) = action, duration <= .zero || duration > .seconds(60) {
            return "a pulse lasts up to 60 s"
        }
        guard guards.allSatisfy({ $0.channel >= 1 && $0.channel <= inputs }) else {
            return "the board has \(inputs) inputs to guard by"
        }
        return nil
    }
}

extension RelayCommand.Guard {
    /// An open normally-open contact and a closed normally-closed one say "off".
    func isOff(in closed: [Bool]) -> Bool {
        guard closed.indices.contains(channel - 1) else { return false }
        return closed[channel - 1] == (contact == .normallyClosed)
    }
}

/// What a board's session wants done or tells.
package enum RelayOutput: Hashable, Sendable {
    /// Put these bytes on the line now.
    case write([UInt8])
    /// A good sample of all inputs, for `InputBank.sample`: whether current flows, input 1 first.
    case inputs([Bool], at: Uptime)
    /// The inputs are gone at once, for `InputBank.lost`.
    case inputsLost(at: Uptime)
    case outcome(token: Int, channel: Int, CommandOutcome)
    /// The board lost its relays' state (`isCertain`), or was away so long that it may have: detectors on the
    /// same supply have re-tuned (H-15). Maintained outputs are asserted again by the session.
    case restarted(isCertain: Bool)
    /// An output reads on beyond its pulse though twice written off, or let go.
    case stuck(channel: Int, Bool)
    case version(Int)
    case faultRaised(DeviceFault)
    case faultCleared(code: String)
}
