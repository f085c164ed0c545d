// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseWire

/// What answers and lost answers mean.
extension ModbusRelaySession {
    mutating func handle(_ reply: ModbusReply, to exchange: Exchange, at now: Uptime) -> [RelayOutput] {
        switch (exchange.purpose, reply) {
        case (_, .exception(let code)): return refused(exchange, code: code, at: now)
        case (.found, .bits(let coils)):
            for channel in unread where coils.indices.contains(channel - 1) {
                channels[channel - 1].isMaintained = coils[channel - 1]
            }
            unread = []
            return []
        case (.start, _):
            isStarted = true
            nextReadBack = now
            return []
        case (.version, .registers(let values)): return version(values)
        case (.inputs, .bits(let closed)):
            lastSample = (closed, now)
            return [.inputs(closed, at: now)]
        case (.readBack, .bits(let coils)): return readBack(coils, at: now)
        case (.proof, .bits(let coils)): return prove(coils, at: now)
        case (.level(let channel), _):
            endSelfTimedPulse(channel, at: now)
            return []
        case (.command(let command, _, _), _):
            return [command.outcome(.confirmed(at: now))] + health.accepted()
        default: return []
        }
    }

    /// No answer in time.
    mutating func abandon(_ exchange: Exchange, at now: Uptime) -> [RelayOutput] {
        switch exchange.purpose {
        case .found, .start:
            freeAt = now + Self.restartPause
            return []
        case .inputs: return guardsBlind(at: now)
        case .version, .readBack: return []
        case .proof: return proofLost(at: now)
        case .level(let channel):
            if !levelWrites.contains(channel) { levelWrites.insert(channel, at: 0) }
            return []
        case .command(let command, let attempt, let firstWritten):
            if case .pulse(let duration) = command.action, !channels[command.channel - 1].isMaintained,
                settings.flashBase != nil || command.isClose
            {
                unproven = Unproven(
                    command: command, attempt: attempt, firstWritten: firstWritten,
                    writtenAt: exchange.sentAt, duration: duration)
                return []
            }
            return repeatLevel(command, attempt: attempt, firstWritten: firstWritten, at: now)
        }
    }

    /// Levels may be written as often as needed, within the command's life; safety without end (the device's
    /// fault tells that nothing answers).
    private mutating func repeatLevel(
        _ command: RelayCommand, attempt: Int, firstWritten: Uptime, at now: Uptime
    ) -> [RelayOutput] {
        let isOver = command.expires.map { now >= $0 } ?? false
        guard attempt >= settings.retries || isOver else {
            return put(command, attempt: attempt + 1, firstWritten: firstWritten, at: now)
        }
        guard command.commandClass == .safety, !command.isPulse else { return [command.outcome(.uncertain)] }
        owesInputs = true
        return [command.outcome(.uncertain)] + mailbox.putBack(command)
    }

    /// A close that cannot see its guards is not written.
    private mutating func guardsBlind(at now: Uptime) -> [RelayOutput] {
        guard let head = mailbox.head, head.isClose, !head.guards.isEmpty else { return [] }
        _ = mailbox.takeHead()
        return [head.outcome(.withdrawn("the inputs do not answer"))]
    }

    private mutating func prove(_ coils: [Bool], at now: Uptime) -> [RelayOutput] {
        guard let doubt = unproven else { return [] }
        unproven = nil
        let command = doubt.command
        let isOn = coils.indices.contains(command.channel - 1) && coils[command.channel - 1]
        if isOn { return [command.outcome(.confirmed(at: now))] }
        // A board counts by its own clock and the reply took a while: "off" near the end proves nothing.
        let wouldBeSeen = now < doubt.writtenAt + doubt.duration + .milliseconds(-50)
        guard wouldBeSeen, doubt.attempt < settings.retries else { return [command.outcome(.uncertain)] }
        if let expires = command.expires, now >= expires { return [command.outcome(.expired)] }
        if command.isClose { return [command.outcome(.withdrawn("not taken by the board"))] }
        freeAt = now
        return put(command, attempt: doubt.attempt + 1, firstWritten: doubt.firstWritten, at: now)
    }

    private mutating func proofLost(at now: Uptime) -> [RelayOutput] {
        guard var doubt = unproven else { return [] }
        doubt.proofs += 1
        unproven = doubt.proofs > settings.retries ? nil : doubt
        return unproven == nil ? [doubt.command.outcome(.uncertain)] : []
    }

    private mutating func readBack(_ coils: [Bool], at now: Uptime) -> [RelayOutput] {
        var outputs: [RelayOutput] = []
        var hasForgotten = false
        for index in channels.indices where index < coils.count {
            switch channels[index].readBack(isOn: coils[index], at: now) {
            case .asExpected: break
            case .rewrite: rewrite(index + 1, at: now)
            case .forgotten:
                hasForgotten = true
                rewrite(index + 1, at: now)
            case .stuck: outputs.append(.stuck(channel: index + 1, true))
            case .free: outputs.append(.stuck(channel: index + 1, false))
            }
        }
        let stuck = channels.indices.filter { channels[$0].isStuck }.map { $0 + 1 }
        return outputs + health.stuck(stuck) + (hasForgotten ? [.restarted(isCertain: true)] : [])
    }

    private mutating func rewrite(_ channel: Int, at now: Uptime) {
        if !levelWrites.contains(channel) { levelWrites.append(channel) }
        nextReadBack = now
    }

    private mutating func endSelfTimedPulse(_ channel: Int, at now: Uptime) {
        guard let pulse = channels[channel - 1].pulse, !pulse.isBoardTimed, now >= pulse.ends else { return }
        channels[channel - 1].pulse = nil
    }

    private mutating func refused(_ exchange: Exchange, code: UInt8, at now: Uptime) -> [RelayOutput] {
        let outputs = health.refused(code)
        switch exchange.purpose {
        case .command(let command, _, _):
            channels[command.channel - 1].pulse = nil
            return outputs + [command.outcome(.refused("the board answered exception \(code)"))]
        case .found:
            unread = []
            return outputs
        case .start:
            // No write of several relays at once: one by one.
            isStarted = true
            levelWrites = Array(1...max(1, settings.outputs))
            nextReadBack = now
            return outputs
        case .proof: return outputs + proofLost(at: now)
        default: return outputs
        }
    }

    private mutating func version(_ values: [UInt16]) -> [RelayOutput] {
        guard let version = values.first else { return [] }
        return [.version(Int(version))] + health.version(version, minimum: settings.minimumVersion)
    }
}
