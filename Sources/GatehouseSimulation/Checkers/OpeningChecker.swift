// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// S1: every closing of an `open` contact has one recorded command of its own, with a cause of a known class.
/// That of a grant is durable earlier, or followed by `.actedBeforeDurable`; that of a settlement earlier; any
/// other soon after the store takes records again, unless the process ended meanwhile, which the next one's first
/// record says.
struct OpeningChecker {
    private struct Command {
        /// Of this judge: the number of a record that was lost is given to another.
        var id: Int
        var sequence: Int64
        var gate: Int
        var output: String
        var isEnd: Bool
        var cause: String
        var commandClass: String
        var decision: Int64?
        var madeAt: Uptime
        var durableAt: Uptime?
        var isLateMarked = false
        var isUsed = false
        /// Its process died before it was durable, or before the mark of its haste was: no record can be asked for.
        var isLost = false
    }

    private struct Opening {
        var gate: Int
        var output: String
        var at: Uptime
        /// By its id.
        var command: Int?
    }

    private let lanes: [String]
    private var commands: [Command] = []
    private var lastID = 0
    /// By lane and level: when it was last to end.
    private var ends: [String: Uptime] = [:]
    private var openings: [Opening] = []
    private var grants: Set<Int64> = []
    private var lastStart = Uptime.zero
    /// Since when the store takes records; nil while it does not.
    private var storeSince: Uptime? = .zero
    /// The last process ended without an order to, and no record has said so yet.
    private var untoldEnd: (at: Uptime, byPower: Bool)?

    /// Longest life of a command that opens, and the retries of the bus.
    private static let life = Duration.seconds(12)
    /// The writer's retries, one commit, a process that had no processor.
    static let soon = Duration.seconds(10)
    /// The board may answer as late after a start.
    private static let holdPatience = Duration.seconds(400)
    private static let causes: Set<String> = [
        "grant", "person", "guard_button", "exit_button", "emergency", "fire", "safety", "hold", "retry",
        "restart", "rescue", "rights_floor",
    ]
    /// What raises an arm or lets somebody through, by a pulse.
    private static let pulses: Set<String> = ["open", "release_in", "release_out"]
    /// The same for as long as it is on.
    private static let levels: Set<String> = ["hold", "hold_in", "hold_out", "unlock"]
    /// The line may still carry the level that was wanted before.
    private static let lag = Duration.seconds(2)
    private static let classes: Set<String> = ["safety", "grant", "settled"]

    init(lanes: [String]) { self.lanes = lanes }

    mutating func started(at now: Uptime) { lastStart = now }

    mutating func crashed(at now: Uptime, power: Bool) {
        untoldEnd = (now, power || untoldEnd?.byPower ?? false)
        for index in commands.indices where commands[index].durableAt == nil { commands[index].isLost = true }
        for opening in openings {
            guard let index = commands.lastIndex(where: { $0.id == opening.command }),
                !commands[index].isLost, !commands[index].isLateMarked
            else { continue }
            commands[index].isLost = (commands[index].durableAt ?? now) > opening.at
        }
    }

    mutating func store(takesRecords: Bool, at now: Uptime) { storeSince = takesRecords ? now : nil }

    mutating func made(_ record: Record, at now: Uptime) {
        guard let command = command(in: record, at: now) else { return }
        if command.isEnd {
            ends["\(command.gate) \(command.output)"] = now
            return
        }
        if commands.count > 400 { forgetOldest() }
        lastID += 1
        commands.append(command)
        commands[commands.count - 1].id = lastID
    }

    /// A level's newest command stands however long ago it was.
    private mutating func forgetOldest() {
        let old = commands.prefix(200)
        let rest = commands.dropFirst(200)
        let standing = old.indices.filter { index in
            Self.levels.contains(old[index].output)
                && !commands[(index + 1)...].contains {
                    $0.gate == old[index].gate && $0.output == old[index].output
                }
        }
        commands = standing.map { old[$0] } + rest
    }

    private func command(in record: Record, at now: Uptime) -> Command? {
        guard record.kind == "barrierCommanded", let fields = try? Fields(record.payload),
            let output = fields.text("output"), Self.pulses.union(Self.levels).contains(output),
            let gate = lanes.firstIndex(of: fields.text("lane") ?? "")
        else { return nil }
        return Command(
            id: 0, sequence: record.sequence.number, gate: gate, output: output,
            isEnd: fields.text("action") == "off",
            cause: fields.text("cause") ?? "", commandClass: fields.text("class") ?? "",
            decision: fields.number("decision"), madeAt: now)
    }

    mutating func durable(_ record: Record, at now: Uptime) -> (String, String)? {
        switch record.kind {
        case "accessGranted": grants.insert(record.sequence.number)
        case "barrierCommanded":
            guard let index = living(record.sequence.number) else { return nil }
            // What counts is what stands on the disk.
            if let read = command(in: record, at: now) {
                commands[index].cause = read.cause
                commands[index].commandClass = read.commandClass
                commands[index].decision = read.decision
            }
            commands[index].durableAt = now
        case "actedBeforeDurable":
            guard let named = try? Fields(record.payload).integer("record"), let index = living(named) else {
                return nil
            }
            commands[index].isLateMarked = true
        case "processStarted": return restarted(record)
        default: break
        }
        return nil
    }

    private func living(_ number: Int64) -> Int? {
        commands.lastIndex { $0.sequence == number && !$0.isLost }
    }

    private mutating func restarted(_ record: Record) -> (String, String)? {
        guard let ended = untoldEnd else { return nil }
        untoldEnd = nil
        let fields = try? Fields(record.payload)
        let says = (clean: fields?.flag("clean") ?? true, newBoot: fields?.flag("new_boot") ?? false)
        guard says.clean || ended.byPower && !says.newBoot else { return nil }
        let how = ended.byPower ? "power was cut" : "the process was killed"
        return (
            "S1",
            "\(how) at \(Transcript.clock(ended.at)), restart record \(record.sequence.number) says "
                + "clean \(says.clean), new boot \(says.newBoot)"
        )
    }

    mutating func edge(gate: Int, output: String, at now: Uptime) {
        var opening = Opening(gate: gate, output: output, at: now)
        let isLevel = Self.levels.contains(output)
        let end = ends["\(gate) \(output)"].map { now - $0 > Self.lag ? $0 : .zero } ?? .zero
        let fitting = commands.indices.filter { index in
            let one = commands[index]
            return one.gate == gate && one.output == output && one.madeAt <= now
                && (isLevel ? one.madeAt >= end : !one.isUsed && now - one.madeAt <= Self.life)
        }
        // A maintained level is asserted again after a board's restart: its newest wish stands for it.
        // Of two on their way to one contact the one that may act already is the one that acted.
        let mayAct = fitting.first { commands[$0].commandClass != "grant" || commands[$0].durableAt != nil }
        let chosen = isLevel ? fitting.last : mayAct ?? fitting.first
        opening.command = chosen.map { commands[$0].id }
        if let chosen { commands[chosen].isUsed = true }
        openings.append(opening)
    }

    /// The cause behind a gate's opening of this instant: for the interlock's judge.
    func latestCommand(gate: Int, at now: Uptime) -> (cause: String, madeAt: Uptime)? {
        guard let opening = openings.last(where: { $0.gate == gate && $0.at == now }),
            let command = commands.last(where: { opening.command == $0.id })
        else { return nil }
        return (command.cause, command.madeAt)
    }

    /// Judged when everything about it should be on disk.
    mutating func overdue(at now: Uptime) -> (String, String)? {
        guard let storeSince else { return nil }
        while let first = openings.first, now - max(first.at, storeSince) > Self.soon {
            openings.removeFirst()
            if let wrong = judge(first) {
                return (
                    "S1", "\(first.output) of \(lanes[first.gate]) at \(Transcript.clock(first.at)): \(wrong)"
                )
            }
        }
        return nil
    }

    private func judge(_ opening: Opening) -> String? {
        guard let id = opening.command else {
            // A hold asserted from its first instant after a restart rests on the journal of the process before.
            if Self.levels.contains(opening.output), opening.at - lastStart < Self.holdPatience { return nil }
            return "no recorded command of its own"
        }
        guard let command = commands.last(where: { $0.id == id }) else { return nil }
        let number = command.sequence
        guard Self.causes.contains(command.cause), Self.classes.contains(command.commandClass) else {
            return "cause \(command.cause) (\(command.commandClass)) of record \(number) is of no known class"
        }
        if command.isLost { return nil }
        guard let durableAt = command.durableAt else {
            return "record \(number) (\(command.cause)) is not durable though the store takes records"
        }
        if command.commandClass == "settled", durableAt > opening.at {
            return "acted on settled record \(number) before it was durable"
        }
        if command.commandClass == "grant", durableAt > opening.at, !command.isLateMarked {
            return "acted on grant record \(number) before it was durable, and no record says so"
        }
        if command.cause == "grant" || command.cause == "retry" {
            guard let decision = command.decision, grants.contains(decision) else {
                return "record \(number) names no granted decision"
            }
        }
        return nil
    }
}
