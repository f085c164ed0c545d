// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Commands that wait for the bus (architecture §4): safety in one slot per output, newest wins and never
/// refused; others in a short queue, each with its life.
struct RelayMailbox: Hashable, Sendable {
    static let capacity = 4

    /// At most one per channel, oldest first.
    private(set) var safety: [RelayCommand] = []
    private(set) var queue: [RelayCommand] = []

    var isEmpty: Bool { safety.isEmpty && queue.isEmpty }

    var nextExpiry: Uptime? { (safety + queue).compactMap(\.expires).min() }

    /// What became of a command by this, when not merely accepted.
    mutating func post(_ command: RelayCommand) -> [RelayOutput] {
        guard command.commandClass == .safety else {
            guard queue.count < Self.capacity else {
                return [command.outcome(.refused("\(Self.capacity) commands wait already"))]
            }
            queue.append(command)
            return []
        }
        // A newer wish for the same output replaces the older, wherever that waits.
        let replaced = removeAll { $0.channel == command.channel }
        safety.append(command)
        return replaced.map { $0.outcome(.withdrawn("replaced by a newer command")) }
    }

    /// A command whose exchange failed goes back; one of class safety unless a newer wish has come meanwhile.
    mutating func putBack(_ command: RelayCommand) -> [RelayOutput] {
        guard command.commandClass == .safety else {
            queue.insert(command, at: 0)
            return []
        }
        guard !safety.contains(where: { $0.channel == command.channel }) else {
            return [command.outcome(.withdrawn("replaced by a newer command"))]
        }
        safety.insert(command, at: 0)
        return []
    }

    /// Safety that goes out at once: closes look at their inputs first and wait among the others.
    mutating func takeSafety() -> RelayCommand? {
        safety.firstIndex { !$0.isClose && !$0.yields }.map { safety.remove(at: $0) }
    }

    /// Of the others; what yields is the last.
    var head: RelayCommand? { safety.first { $0.isClose } ?? queue.first ?? safety.first(where: \.yields) }

    mutating func takeHead() -> RelayCommand? {
        if let index = safety.firstIndex(where: \.isClose) { return safety.remove(at: index) }
        if !queue.isEmpty { return queue.removeFirst() }
        return safety.firstIndex(where: \.yields).map { safety.remove(at: $0) }
    }

    mutating func expire(at now: Uptime) -> [RelayOutput] {
        removeAll { command in command.expires.map { $0 <= now } ?? false }.map { $0.outcome(.expired) }
    }

    /// Everything that waits for this channel.
    mutating func withdraw(channel: Int, _ reason: String) -> [RelayOutput] {
        removeAll { $0.channel == channel }.map { $0.outcome(.withdrawn(reason)) }
    }

    /// Queued closes of this channel.
    mutating func withdrawCloses(of channel: Int, _ reason: String) -> [RelayOutput] {
        removeAll { $0.channel == channel && $0.isClose }.map { $0.outcome(.withdrawn(reason)) }
    }

    private mutating func removeAll(where condition: (RelayCommand) -> Bool) -> [RelayCommand] {
        let removed = (safety + queue).filter(condition)
        guard !removed.isEmpty else { return [] }
        safety.removeAll(where: condition)
        queue.removeAll(where: condition)
        return removed
    }
}

extension RelayCommand {
    func outcome(_ outcome: CommandOutcome) -> RelayOutput {
        .outcome(token: token, channel: channel, outcome)
    }
}
