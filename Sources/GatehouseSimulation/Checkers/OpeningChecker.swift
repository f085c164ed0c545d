// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// S1: every closing of an `open` contact has one recorded command of its own, with a cause of a known class;
/// that of a grant durable earlier, or followed by `.actedBeforeDurable`.
struct OpeningChecker {
    private struct Command {
        var sequence: Int64
        var gate: Int
        var output: String
        var cause: String
        var commandClass: String
        var decision: Int64?
        var madeAt: Uptime
        var durableAt: Uptime?
        var isLateMarked = false
        var isUsed = false
        /// Its process died before it was durable: no record can be asked for.
        var isLost = false
    }

    private struct Opening {
        var gate: Int
        var output: String
        var at: Uptime
        var command: Int?
    }

    private let lanes: [String]
    private var commands: [Command] = []
    private var openings: [Opening] = []
    private var grants: Set<Int64> = []
    private var lastCrash = Uptime.zero
    private var lastStart = Uptime.zero

    /// Longest life of a command that opens, and the retries of the bus.
    private static let life = Duration.seconds(12)
    private static let causes: Set<String> = [
        "grant", "person", "guard_button", "emergency", "fire", "safety", "hold", "retry", "restart",
        "rights_floor",
    ]

    init(lanes: [String]) { self.lanes = lanes }

    mutating func started(at now: Uptime) { lastStart = now }

    mutating func crashed(at now: Uptime) {
        lastCrash = now
        for index in commands.indices where commands[index].durableAt == nil { commands[index].isLost = true }
    }

    mutating func made(_ record: Record, at now: Uptime) {
        guard record.kind == "barrierCommanded", let fields = try? Fields(record.payload),
            let output = try? fields.string("output"), output == "open" || output == "hold",
            (try? fields.string("action")) != "off", let lane = try? fields.string("lane"),
            let gate = lanes.firstIndex(of: lane)
        else { return }
        if commands.count > 400 { commands.removeFirst(200) }
        commands.append(
            Command(
                sequence: record.sequence.number, gate: gate, output: output,
                cause: (try? fields.string("cause")) ?? "", commandClass: (try? fields.string("class")) ?? "",
                decision: try? fields.integerIfPresent("decision"), madeAt: now))
    }

    mutating func durable(_ record: Record, at now: Uptime) {
        switch record.kind {
        case "accessGranted": grants.insert(record.sequence.number)
        case "barrierCommanded":
            guard
                let index = commands.lastIndex(where: { $0.sequence == record.sequence.number && !$0.isLost })
            else {
                return
            }
            commands[index].durableAt = now
        case "actedBeforeDurable":
            guard let named = try? Fields(record.payload).integer("record"),
                let index = commands.lastIndex(where: { $0.sequence == named && !$0.isLost })
            else { return }
            commands[index].isLateMarked = true
        default: break
        }
    }

    mutating func edge(gate: Int, output: String, at now: Uptime) {
        var opening = Opening(gate: gate, output: output, at: now)
        let fitting = commands.indices.filter { index in
            let one = commands[index]
            return one.gate == gate && one.output == output && one.madeAt <= now
                && (output == "hold" || !one.isUsed && now - one.madeAt <= Self.life)
        }
        // A maintained level is asserted again after a board's restart: its newest wish stands for it.
        // Of two on their way to one contact the one that may act already is the one that acted.
        let mayAct = fitting.first { commands[$0].commandClass != "grant" || commands[$0].durableAt != nil }
        let chosen = output == "hold" ? fitting.last : mayAct ?? fitting.first
        opening.command = chosen.map { Int(commands[$0].sequence) }
        if let chosen { commands[chosen].isUsed = true }
        openings.append(opening)
    }

    /// The cause behind a gate's latest opening: for the interlock's judge.
    func latestCommand(gate: Int, at now: Uptime) -> (cause: String, madeAt: Uptime)? {
        guard let opening = openings.last(where: { $0.gate == gate && $0.at == now }),
            let command = commands.last(where: { opening.command == Int($0.sequence) })
        else { return nil }
        return (command.cause, command.madeAt)
    }

    /// Judged when everything about it should be on disk.
    mutating func overdue(at now: Uptime) -> (String, String)? {
        guard let first = openings.first, now - first.at > .seconds(400) else { return nil }
        openings.removeFirst()
        let name = "\(first.output) of \(lanes[first.gate]) at \(Transcript.clock(first.at))"
        guard let number = first.command else {
            // A hold asserted from its first instant after a restart rests on the journal of the process before.
            if first.output == "hold", first.at - lastStart < .seconds(400) { return nil }
            return ("S1", "\(name): no recorded command of its own")
        }
        guard let command = commands.last(where: { Int($0.sequence) == number }) else { return nil }
        guard Self.causes.contains(command.cause) else {
            return ("S1", "\(name): cause \(command.cause) of record \(number) is of no known class")
        }
        if command.isLost { return nil }
        guard let durableAt = command.durableAt else {
            return ("S1", "\(name): record \(number) (\(command.cause)) never became durable")
        }
        if command.commandClass == "grant", durableAt > first.at, !command.isLateMarked {
            return (
                "S1", "\(name): acted on grant record \(number) before it was durable, and no record says so"
            )
        }
        if command.cause == "grant" || command.cause == "retry" {
            guard let decision = command.decision, grants.contains(decision) else {
                return ("S1", "\(name): record \(number) names no granted decision")
            }
        }
        return nil
    }
}
