// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
import GatehouseWire

/// The conversation with one Modbus RTU board: one request outstanding, inputs polled, relays read back,
/// commands before polls. It does no I/O: feed it bytes, commands and time, do what it returns, call `timer`
/// at `nextTimer`. Instants never go back.
///
/// A pulse is never written twice on suspicion: after a lost reply the relays are read back, and only while
/// the pulse would still be seen does "off" prove that the board did not get it (H-21).
package struct ModbusRelaySession: RelaySession {
    let settings: ModbusRelaySettings
    var mailbox = RelayMailbox()
    var channels: [RelayChannel]
    var health: RelayLineHealth
    var exchange: Exchange?
    /// A pulse whose reply was lost.
    var unproven: Unproven?
    /// Channels whose wanted level is to be written, in order.
    var levelWrites: [Int] = []
    var isConnected = false
    /// The outputs were put where they belong since connecting.
    var isStarted = false
    /// Outputs whose level is the board's own until somebody commands them or it has been read.
    var unread: Set<Int>
    var asksVersion = false
    /// A safety output is repeated without end; between its attempts the inputs are read.
    var owesInputs = false
    /// Silence on the line before the next request.
    var freeAt = Uptime.zero
    var nextInputs = Uptime.zero
    var nextReadBack = Uptime.zero
    var lastSample: (closed: [Bool], at: Uptime)?
    /// Another device of the same line speaks, or goes first: nothing is begun.
    package var mayBegin = true

    /// A guard's sample may be this old; else the inputs are read first.
    static let guardFreshness = Duration.milliseconds(100)
    static let restartPause = Duration.milliseconds(250)

    /// The one request on the line.
    struct Exchange: Sendable {
        var purpose: Purpose
        var framer: ModbusReplyFramer
        var sentAt: Uptime
        var deadline: Uptime
    }

    enum Purpose: Hashable, Sendable {
        /// What stands there, before anything is written.
        case found
        case start
        case version
        case inputs
        case readBack
        /// Proves or disproves `unproven`.
        case proof
        case level(channel: Int)
        case command(RelayCommand, attempt: Int, firstWritten: Uptime)
    }

    struct Unproven: Hashable, Sendable {
        var command: RelayCommand
        var attempt: Int
        var firstWritten: Uptime
        /// When the doubtful bytes were written.
        var writtenAt: Uptime
        var duration: Duration
        var proofs = 0
    }

    /// `holding`: outputs that a fire latch or a durable hold-open keeps asserted; all others are idle from
    /// the first exchange on (H-43). `asFound`: outputs that are read first and left as they stand.
    package init(_ settings: ModbusRelaySettings, holding: Set<Int> = [], asFound: Set<Int> = []) {
        self.settings = settings
        unread = asFound.subtracting(holding)
        health = RelayLineHealth(declaredEcho: settings.echo)
        channels = (0..<settings.outputs).map { index in
            var channel = RelayChannel()
            channel.isMaintained = holding.contains(index + 1)
            return channel
        }
    }

    /// The output is wanted closed until further notice.
    package func isMaintained(_ channel: Int) -> Bool {
        channels.indices.contains(channel - 1) && channels[channel - 1].isMaintained
    }

    /// Closed from the first exchange on, as another session left it; before `connected`.
    package mutating func maintain(_ channel: Int) {
        guard channels.indices.contains(channel - 1) else { return }
        channels[channel - 1].isMaintained = true
        unread.remove(channel)
    }

    /// The line is open: outputs are put where they belong, then everything else begins.
    package mutating func connected(at now: Uptime) -> [RelayOutput] {
        isConnected = true
        isStarted = settings.outputs == 0
        asksVersion = settings.versionRegister != nil
        exchange = nil
        unproven = nil
        levelWrites = []
        lastSample = nil
        for index in channels.indices { channels[index].pulse = nil }
        (freeAt, nextInputs, nextReadBack) = (now + settings.gap, now, now)
        return advance(at: now)
    }

    /// The line was closed or unplugged. Waiting commands keep their lives; maintained levels are written
    /// again when it is back.
    package mutating func disconnected(at now: Uptime) -> [RelayOutput] {
        guard isConnected else { return [] }
        isConnected = false
        var outputs: [RelayOutput] = [.inputsLost(at: now)]
        if let unproven { outputs.append(unproven.command.outcome(.uncertain)) }
        unproven = nil
        if case .command(let command, _, _) = exchange?.purpose {
            outputs +=
                command.isPulse || command.commandClass != .safety
                ? [command.outcome(.uncertain)] : mailbox.putBack(command)
        }
        exchange = nil
        lastSample = nil
        return outputs + health.disconnected(at: now)
    }

    package mutating func send(_ command: RelayCommand, at now: Uptime) -> [RelayOutput] {
        var command = command
        command.limitPulse(at: now)
        if let problem = command.problem(outputs: settings.outputs, inputs: settings.inputs) {
            return [command.outcome(.refused(problem))]
        }
        if command.commandClass == .safety { note(command) }
        return mailbox.post(command) + advance(at: now)
    }

    /// Any queued close of this output dies now (`lanes.md` §3.2).
    package mutating func withdrawClose(channel: Int, reason: String, at now: Uptime) -> [RelayOutput] {
        mailbox.withdrawCloses(of: channel, reason) + advance(at: now)
    }

    package mutating func receive(_ bytes: [UInt8], at now: Uptime) -> [RelayOutput] {
        guard var current = exchange else { return advance(at: now) }
        let reply = current.framer.receive(bytes)
        exchange = current
        guard let reply else { return advance(at: now) }
        exchange = nil
        freeAt = now + settings.gap
        let outputs = health.answered(
            tellsEcho: current.framer.tellsEcho, sawEcho: current.framer.sawEcho, at: now)
        return outputs + handle(reply, to: current, at: now) + advance(at: now)
    }

    /// Nothing waits and nothing is out of order: asked again, the board would say the same.
    package var isQuiet: Bool {
        mailbox.isEmpty && unproven == nil && levelWrites.isEmpty
            && channels.allSatisfy { $0.pulse == nil && !$0.isStuck }
    }

    package mutating func timer(at now: Uptime) -> [RelayOutput] { advance(at: now) }

    /// A request is on the line, or its answer is waited for.
    package var isExchanging: Bool { exchange != nil }

    /// What it would do with the line at this instant.
    package func claim(at now: Uptime) -> LineClaim {
        guard isConnected, exchange == nil else { return .none }
        let hasWork = unproven != nil || !levelWrites.isEmpty || !mailbox.isEmpty
        if hasWork || endedPulse(at: now) != nil { return .command }
        return isStarted && now < nextWork ? .none : .turn
    }

    /// The line was another's until now.
    package mutating func lineFreed(at now: Uptime) -> [RelayOutput] {
        freeAt = max(freeAt, now + settings.gap)
        return advance(at: now)
    }

    package var nextTimer: Uptime? {
        var due = mailbox.nextExpiry.map { [$0] } ?? []
        if let exchange {
            due.append(exchange.deadline)
        } else if isConnected, mayBegin {
            due.append(max(freeAt, nextWork))
        }
        return due.min()
    }

    /// When there is something to put on the free line.
    private var nextWork: Uptime {
        let hasWork = unproven != nil || !levelWrites.isEmpty || !mailbox.isEmpty || asksVersion
        if !isStarted || hasWork { return freeAt }
        var due = channels.compactMap { channel in
            channel.pulse.flatMap { $0.isBoardTimed ? nil : $0.ends }
        }
        if settings.inputs > 0 { due.append(nextInputs) }
        if settings.outputs > 0 { due.append(nextReadBack) }
        return due.min() ?? freeAt + settings.readBackInterval
    }

    /// Ends what is over, then puts the most urgent request on the line if that is free.
    private mutating func advance(at now: Uptime) -> [RelayOutput] {
        var outputs = mailbox.expire(at: now)
        if let current = exchange, now >= current.deadline {
            exchange = nil
            freeAt = now + settings.gap
            outputs += health.failed(isGarbled: current.framer.hasUnframedBytes, at: now)
            outputs += abandon(current, at: now)
        }
        guard isConnected, mayBegin, exchange == nil, now >= freeAt else { return outputs }
        return outputs + startExchange(at: now)
    }

    /// A wanted level counts from now on, also for the first exchange of a start still to come.
    mutating func note(_ command: RelayCommand) {
        if !command.isPulse { unread.remove(command.channel) }
        channels[command.channel - 1].note(command.action)
    }
}
