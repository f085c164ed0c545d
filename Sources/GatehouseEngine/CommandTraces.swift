// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Follows commands from decision to confirmation, for the line of `gatehouse explain` that says where the
/// time went. Bounded: the oldest is forgotten.
package struct CommandTraces: Sendable {
    private struct Open: Sendable {
        var command: DeviceCommand
        var decided: Uptime
        var released: Uptime?
        var written: Uptime?
    }

    private static let bound = 64
    private var open: [Open] = []

    package init() {}

    package mutating func decided(_ command: DeviceCommand, at now: Uptime) {
        guard !command.output.isLamp else { return }
        if open.count == Self.bound { open.removeFirst() }
        open.append(Open(command: command, decided: now))
    }

    package mutating func released(_ id: DeviceCommand.ID, at now: Uptime) {
        guard let index = open.firstIndex(where: { $0.command.id == id }) else { return }
        open[index].released = now
    }

    /// The finished trace, once the outcome is final.
    package mutating func outcome(_ id: DeviceCommand.ID, _ outcome: CommandOutcome) -> CommandTrace? {
        guard let index = open.firstIndex(where: { $0.command.id == id }) else { return nil }
        switch outcome {
        case .written(let at):
            open[index].written = at
            return nil
        case .confirmed(let at): return finish(index, "confirmed", confirmed: at)
        case .uncertain: return finish(index, "uncertain")
        case .expired: return finish(index, "expired")
        case .withdrawn(let why): return finish(index, "withdrawn: \(why)")
        case .refused(let why): return finish(index, "refused: \(why)")
        }
    }

    private mutating func finish(_ index: Int, _ outcome: String, confirmed: Uptime? = nil) -> CommandTrace {
        let one = open.remove(at: index)
        let since = { (instant: Uptime?) in instant.map { ($0 - one.decided).inNanoseconds / 1000 } }
        return CommandTrace(
            command: one.command, outcome: outcome, heldMicroseconds: since(one.released) ?? 0,
            writtenMicroseconds: since(one.written), confirmedMicroseconds: since(confirmed))
    }
}
