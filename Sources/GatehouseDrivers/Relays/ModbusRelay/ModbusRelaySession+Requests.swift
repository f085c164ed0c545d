// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseWire

/// What goes on the line next: order of authority, then polls.
extension ModbusRelaySession {
    mutating func startExchange(at now: Uptime) -> [RelayOutput] {
        guard isStarted else {
            if !unread.isEmpty { return put(.found, ModbusRelayWire.coils(settings), at: now) }
            return put(.start, ModbusRelayWire.levels(channels.map(\.isMaintained), settings), at: now)
        }
        if unproven != nil { return put(.proof, ModbusRelayWire.coils(settings), at: now) }
        if let channel = endedPulse(at: now) { return putLevel(channel, at: now) }
        if owesInputs, settings.inputs > 0 {
            owesInputs = false
            return putInputs(at: now)
        }
        if let command = mailbox.takeSafety() {
            return put(command, attempt: 0, firstWritten: nil, at: now)
        }
        if let channel = levelWrites.first { return putLevel(channel, at: now) }
        if let outputs = startQueued(at: now) { return outputs }
        if asksVersion, let register = settings.versionRegister {
            asksVersion = false
            return put(.version, .readRegisters(first: register, count: 1), at: now)
        }
        return startPoll(at: now)
    }

    private mutating func startPoll(at now: Uptime) -> [RelayOutput] {
        let inputsDue = settings.inputs > 0 && now >= nextInputs
        let readBackDue = settings.outputs > 0 && now >= nextReadBack
        if readBackDue, !inputsDue || nextReadBack < nextInputs {
            nextReadBack = now + settings.readBackInterval
            return put(.readBack, ModbusRelayWire.coils(settings), at: now)
        }
        return inputsDue ? putInputs(at: now) : []
    }

    /// A queued command; nil when none is ready.
    private mutating func startQueued(at now: Uptime) -> [RelayOutput]? {
        var outputs: [RelayOutput] = []
        while let command = mailbox.head {
            guard !command.guards.isEmpty else {
                _ = mailbox.takeHead()
                note(command)
                return outputs + put(command, attempt: 0, firstWritten: nil, at: now)
            }
            guard let sample = lastSample, now - sample.at <= Self.guardFreshness else {
                return outputs + putInputs(at: now)
            }
            _ = mailbox.takeHead()
            if let failing = command.guards.first(where: { !$0.isOff(in: sample.closed) }) {
                outputs.append(command.outcome(.withdrawn("input \(failing.channel) is not off")))
                continue
            }
            note(command)
            return outputs + put(command, attempt: 0, firstWritten: nil, at: now)
        }
        return outputs.isEmpty ? nil : outputs + startPoll(at: now)
    }

    private mutating func putInputs(at now: Uptime) -> [RelayOutput] {
        nextInputs = now + settings.pollInterval
        return put(.inputs, ModbusRelayWire.inputs(settings), at: now)
    }

    /// A pulse that this process has to end.
    func endedPulse(at now: Uptime) -> Int? {
        let index = channels.firstIndex { channel in
            guard let pulse = channel.pulse else { return false }
            return !pulse.isBoardTimed && now >= pulse.ends
        }
        return index.map { $0 + 1 }
    }

    private mutating func putLevel(_ channel: Int, at now: Uptime) -> [RelayOutput] {
        levelWrites.removeAll { $0 == channel }
        let isOn = channels[channel - 1].isMaintained
        return put(.level(channel: channel), ModbusRelayWire.level(channel, isOn: isOn, settings), at: now)
    }

    /// Writes a command. A pulse on a maintained output is that level written again: a pulse would end it.
    mutating func put(
        _ command: RelayCommand, attempt: Int, firstWritten: Uptime?, at now: Uptime
    ) -> [RelayOutput] {
        let index = command.channel - 1
        levelWrites.removeAll { $0 == command.channel }
        let request: ModbusRequest
        switch command.action {
        case .pulse(let duration) where !channels[index].isMaintained:
            let timed = ModbusRelayWire.pulse(command.channel, for: duration, settings)
            request = timed ?? ModbusRelayWire.level(command.channel, isOn: true, settings)
            let start = timed == nil ? firstWritten ?? now : now
            channels[index].pulse = RelayChannel.Pulse(ends: start + duration, isBoardTimed: timed != nil)
            nextReadBack = min(nextReadBack, start + duration + RelayChannel.margin)
        default:
            let isOn = channels[index].isMaintained
            if !isOn { channels[index].pulse = nil }
            request = ModbusRelayWire.level(command.channel, isOn: isOn, settings)
        }
        let purpose = Purpose.command(command, attempt: attempt, firstWritten: firstWritten ?? now)
        let outputs = put(purpose, request, at: now)
        return firstWritten == nil ? outputs + [command.outcome(.written(at: now))] : outputs
    }

    private mutating func put(_ purpose: Purpose, _ request: ModbusRequest, at now: Uptime) -> [RelayOutput] {
        let framer = ModbusReplyFramer(request, to: settings.address, stripsEcho: health.hasEcho)
        exchange = Exchange(
            purpose: purpose, framer: framer, sentAt: now, deadline: now + settings.replyTimeout)
        return [.write(framer.sent)]
    }
}
