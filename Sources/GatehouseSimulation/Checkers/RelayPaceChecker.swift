// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// D4: nothing that is shown delays what is opened. From a grant's command to the edge of its relay there is what the
/// engine waits for the disk and what `gatehouse check` says of the line, whatever the display there does.
struct RelayPaceChecker {
    private struct Command {
        var gate: Int
        var record: Int64
        var at: Uptime
    }

    private let lanes: [String]
    private let bounds: [Duration]
    /// A camera opens there, when it asks.
    private let isAnswered: Bool
    private var waiting: [Command] = []
    private var aliveSince: Uptime?

    /// The engine's wait for the disk, the exchange in progress and the command's own, each with a lost reply.
    private static let alone = Duration.milliseconds(400)
    /// A display's longest frame with a lost reply before that.
    private static let shared = Duration.milliseconds(850)

    init(_ estate: Estate) {
        lanes = estate.plan.lanes.map(\.name)
        isAnswered = estate.form == .answering
        bounds = estate.plan.lanes.indices.map {
            estate.display(sharingLineOf: $0) == nil ? Self.alone : Self.shared
        }
    }

    mutating func started(at now: Uptime) { aliveSince = now }

    mutating func crashed() {
        aliveSince = nil
        waiting = []
    }

    mutating func made(_ record: Record, at now: Uptime) {
        guard !isAnswered, record.kind == "barrierCommanded", let fields = try? Fields(record.payload),
            fields.text("output") == "open", fields.text("cause") == "grant",
            let gate = fields.text("lane").flatMap({ lanes.firstIndex(of: $0) })
        else { return }
        waiting.append(Command(gate: gate, record: record.sequence.number, at: now))
    }

    /// The contact of `open` closed.
    mutating func edge(gate: Int) {
        if let index = waiting.firstIndex(where: { $0.gate == gate }) { waiting.remove(at: index) }
    }

    /// After everything that happens.
    mutating func look(_ simulation: Simulation) -> (String, String)? {
        while let first = waiting.first, simulation.now - first.at > bounds[first.gate] {
            waiting.removeFirst()
            if let wrong = judge(first, simulation) { return wrong }
        }
        return nil
    }

    private func judge(_ late: Command, _ simulation: Simulation) -> (String, String)? {
        let gate = simulation.gates[late.gate]
        let margin = late.at + .seconds(-10)
        // A contact that is closed already has no edge.
        guard gate.isBoardHealthy, let aliveSince, aliveSince < margin,
            simulation.checkers.lastTrouble[late.gate] < margin, !gate.board.isClosed(Estate.Output.open),
            gate.board.edges.last(where: { $0.relay == Estate.Output.open })
                .map({ $0.at < late.at + .milliseconds(-50) }) ?? true
        else { return nil }
        let bound = bounds[late.gate].inMilliseconds
        return (
            "D4", "the opening of record \(late.record) at \(lanes[late.gate]) is not out after \(bound) ms"
        )
    }
}
