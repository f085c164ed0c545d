// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Outputs and inputs on the lines of one chip. Changes of inputs are told by edges and believed by looking: an edge that
/// was lost costs a delay, never a wrong level. Pulses end by this process's clock; no line has one of its own (H-19).
package struct GPIOLinesSession: RelaySession {
    private let outputs: Int
    private let inputs: Int
    private var mailbox = RelayMailbox()
    private var channels: [RelayChannel]
    private var lines: (any GPIOLines)?
    /// The inputs as last looked at or told.
    private var levels: [Bool]
    /// They were looked at since they changed.
    private var isSettled = false
    private var nextLook = Uptime.zero
    private var nextReadBack = Uptime.zero
    private var faults = FaultSet()
    /// Lines were lost since this began: detectors on the same supply may have re-tuned.
    private var wasLost = false

    private enum Code {
        static let lost = "gpio_lost"
        static let stuck = "gpio_stuck"
    }

    /// `lanes.md` §2 wants a look each second. Twice as often, so that at the least age limit, 1 s, one look may fail.
    static let lookInterval = Duration.milliseconds(500)
    /// Without edges, as often as a board is asked.
    static let pollInterval = Duration.milliseconds(50)
    /// After a change: two equal looks this far apart leave `unknown`.
    static let secondLook = Duration.milliseconds(60)
    static let readBackInterval = Duration.milliseconds(500)
    /// After a level was written again.
    static let secondReadBack = Duration.milliseconds(50)

    /// `holding`: outputs that stay asserted; all others are idle from the request on.
    package init(_ settings: GPIOLinesSettings, holding: Set<Int> = []) {
        outputs = settings.outputs.count
        inputs = settings.inputs.count
        levels = Array(repeating: false, count: settings.inputs.count)
        channels = settings.outputs.indices.map { index in
            var channel = RelayChannel()
            channel.isMaintained = holding.contains(index + 1)
            return channel
        }
    }

    package var isConnected: Bool { lines != nil }

    /// The levels with which the outputs are to be requested.
    package var wanted: [Bool] { channels.map(\.isMaintained) }

    package func isMaintained(_ channel: Int) -> Bool {
        channels.indices.contains(channel - 1) && channels[channel - 1].isMaintained
    }

    package mutating func maintain(_ channel: Int) {
        if channels.indices.contains(channel - 1) { channels[channel - 1].isMaintained = true }
    }

    // MARK: The lines

    /// The outputs were requested at `wanted`.
    package mutating func connected(_ lines: any GPIOLines, at now: Uptime) -> [RelayOutput] {
        self.lines = lines
        for index in channels.indices { channels[index].pulse = nil }
        (nextLook, nextReadBack, isSettled) = (now, now, false)
        var told: [RelayOutput] = wasLost ? [.restarted(isCertain: false)] : []
        wasLost = false
        told += advance(at: now)
        // Nothing is read from a chip without inputs, but it was read back.
        if isConnected, faults.clear(Code.lost) { told.append(.faultCleared(code: Code.lost)) }
        return told
    }

    /// The lines could not be had, or are gone.
    package mutating func disconnected(why: String, at now: Uptime) -> [RelayOutput] {
        let isNews = lines != nil
        lines = nil
        wasLost = wasLost || isNews
        var told: [RelayOutput] = isNews ? [.inputsLost(at: now)] : []
        if faults.raise(Code.lost) {
            told.append(.faultRaised(DeviceFault(Code.lost, .critical, why)))
        }
        return told
    }

    /// Changes of inputs in their order, none left out: what was on for an instant was on (H-11).
    package mutating func changed(_ edges: [GPIOEdge], at now: Uptime) -> [RelayOutput] {
        guard isConnected else { return [] }
        var told: [RelayOutput] = []
        for edge in edges where levels.indices.contains(edge.channel - 1) {
            levels[edge.channel - 1] = edge.isActive
            told.append(.inputs(levels, at: now))
        }
        (nextLook, isSettled) = (now, false)
        return told + advance(at: now)
    }

    // MARK: Commands

    package mutating func send(_ command: RelayCommand, at now: Uptime) -> [RelayOutput] {
        var command = command
        command.limitPulse(at: now)
        if let problem = command.problem(outputs: outputs, inputs: inputs) {
            return [command.outcome(.refused(problem))]
        }
        if command.commandClass == .safety { channels[command.channel - 1].note(command.action) }
        return mailbox.post(command) + advance(at: now)
    }

    package mutating func withdrawClose(channel: Int, reason: String, at now: Uptime) -> [RelayOutput] {
        mailbox.withdrawCloses(of: channel, reason) + advance(at: now)
    }

    package mutating func timer(at now: Uptime) -> [RelayOutput] { advance(at: now) }

    package var nextTimer: Uptime? {
        guard isConnected else { return mailbox.nextExpiry }
        var due = channels.compactMap { $0.pulse?.ends }
        if inputs > 0 { due.append(nextLook) }
        if outputs > 0 { due.append(nextReadBack) }
        return due.min()
    }

    private mutating func advance(at now: Uptime) -> [RelayOutput] {
        var told = mailbox.expire(at: now)
        guard let lines else { return told }
        do throws(GPIOTrouble) {
            while let command = mailbox.takeSafety() ?? mailbox.takeHead() {
                try perform(command, lines, at: now, &told)
            }
            for index in channels.indices {
                guard let pulse = channels[index].pulse, now >= pulse.ends else { continue }
                try lines.set(index + 1, channels[index].isMaintained)
                channels[index].pulse = nil
            }
            if inputs > 0, now >= nextLook { try look(lines, at: now, &told) }
            if outputs > 0, now >= nextReadBack { try readBack(lines, at: now, &told) }
        } catch {
            told += disconnected(why: error.text, at: now)
        }
        return told
    }

    private mutating func perform(
        _ command: RelayCommand, _ lines: any GPIOLines, at now: Uptime, _ told: inout [RelayOutput]
    ) throws(GPIOTrouble) {
        let index = command.channel - 1
        do throws(GPIOTrouble) {
            if !command.guards.isEmpty {
                try look(lines, at: now, &told)
                if let failing = command.guards.first(where: { !$0.isOff(in: levels) }) {
                    told.append(command.outcome(.withdrawn("input \(failing.channel) is not off")))
                    return
                }
            }
            channels[index].note(command.action)
            var isActive = channels[index].isMaintained
            if case .pulse(let duration) = command.action, !isActive {
                isActive = true
                let ends = now + duration
                channels[index].pulse = RelayChannel.Pulse(ends: ends, isBoardTimed: false)
                nextReadBack = min(nextReadBack, ends + RelayChannel.margin)
            } else if !isActive {
                channels[index].pulse = nil
            }
            try lines.set(command.channel, isActive)
        } catch {
            // A level that is wanted is requested with the lines when they are back.
            told.append(command.outcome(.uncertain))
            throw error
        }
        told += [command.outcome(.written(at: now)), command.outcome(.confirmed(at: now))]
    }

    private mutating func look(
        _ lines: any GPIOLines, at now: Uptime, _ told: inout [RelayOutput]
    ) throws(GPIOTrouble) {
        let seen = try lines.inputs()
        let isSettled = isSettled && seen == levels
        levels = seen
        told.append(.inputs(seen, at: now))
        let interval = isSettled ? Self.lookInterval : Self.secondLook
        nextLook = now + (lines.hasEdges ? interval : Self.pollInterval)
        self.isSettled = true
    }

    private mutating func readBack(
        _ lines: any GPIOLines, at now: Uptime, _ told: inout [RelayOutput]
    ) throws(GPIOTrouble) {
        nextReadBack = now + Self.readBackInterval
        var hasForgotten = false
        for (index, isActive) in try lines.outputs().enumerated() where channels.indices.contains(index) {
            switch channels[index].readBack(isOn: isActive, at: now) {
            case .asExpected: break
            case .forgotten:
                hasForgotten = true
                fallthrough
            case .rewrite:
                try lines.set(index + 1, channels[index].isMaintained)
                nextReadBack = now + Self.secondReadBack
            case .stuck: told.append(.stuck(channel: index + 1, true))
            case .free: told.append(.stuck(channel: index + 1, false))
            }
        }
        let stuck = channels.indices.filter { channels[$0].isStuck }.map { "\($0 + 1)" }
        if stuck.isEmpty {
            if faults.clear(Code.stuck) { told.append(.faultCleared(code: Code.stuck)) }
        } else if faults.raise(Code.stuck) {
            let list = stuck.joined(separator: ", ")
            let detail = "output \(list) reads active beyond its pulse and two times off did not help"
            told.append(.faultRaised(DeviceFault(Code.stuck, .warning, detail)))
        }
        if hasForgotten { told.append(.restarted(isCertain: true)) }
    }
}
