// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Judges the answers that open an arm, by what the camera reads and the journal says. A1 (H-22): none opens whose
/// request brought a record that came before or was stored. A2: none comes late, counted from its request. A3 (H-21):
/// each that opens has a command of its own whose life had not ended, so that none opens twice, and none for a refusal.
struct AnswerChecker {
    private struct Exchange {
        var gate: Int
        var isPlate: Bool
        /// It came before under the same bytes, or the camera kept it while it was offline.
        var isOld: Bool
        var at: Uptime
    }

    private struct Command {
        var gate: Int
        var record: Int64
        var life: Duration
        var at: Uptime
    }

    private let lanes: [String]
    private var exchanges: [Int: Exchange] = [:]
    private var commands: [Command] = []
    /// Records that came, the newest few hundred.
    private var seen: [[UInt8]] = []
    private var aliveSince = Uptime.zero

    /// What is set for the wait, and what the texts may add.
    private static let wait = Duration.milliseconds(1100)
    /// A heartbeat is held as long.
    private static let hold = Duration.milliseconds(20_100)
    /// From the answer's leaving to the camera's reading.
    private static let way = Duration.milliseconds(60)
    /// Said again by its lane while it stands; a camera keeps none longer.
    private static let longest = Duration.seconds(5)

    init(_ plan: SitePlan) { lanes = plan.lanes.map(\.name) }

    mutating func started(at now: Uptime) {
        aliveSince = now
        commands = []
    }

    mutating func arrives(_ number: Int, _ body: [UInt8], isPlate: Bool, gate: Int, at now: Uptime) {
        var isOld = false
        if isPlate {
            isOld = seen.contains(body) || String(decoding: body, as: UTF8.self).contains(#""isoffline":1"#)
            seen.append(body)
            if seen.count > 200 { seen.removeFirst(100) }
        }
        exchanges[number] = Exchange(gate: gate, isPlate: isPlate, isOld: isOld, at: now)
    }

    mutating func isOver(_ number: Int) { exchanges[number] = nil }

    mutating func made(_ record: Record, at now: Uptime) {
        guard record.kind == "barrierCommanded", let fields = try? Fields(record.payload),
            fields.text("output") == "open", fields.text("action") != "off",
            let gate = fields.text("lane").flatMap({ lanes.firstIndex(of: $0) })
        else { return }
        // `lanes.md` §5.3.
        let life: Duration =
            switch (fields.text("class"), fields.text("cause")) {
            case ("safety", _): Self.longest
            case (_, "guard_button"): .seconds(2)
            default: .seconds(3)
            }
        commands.append(Command(gate: gate, record: record.sequence.number, life: life, at: now))
        if commands.count > 60 { commands.removeFirst(30) }
    }

    /// An answer leaves. While the store or the process is in trouble its event cannot be taken in time.
    func leaves(_ number: Int, _ simulation: Simulation) -> (String, String)? {
        guard let one = exchanges[number], case .none = simulation.disk.trouble else { return nil }
        let margin = one.at + .seconds(-5)
        let waited = simulation.now - one.at
        guard waited > (one.isPlate ? Self.wait : Self.hold), aliveSince < margin,
            simulation.checkers.lastTrouble[one.gate] < margin
        else { return nil }
        return ("A2", "the camera at \(lanes[one.gate]) is answered after \(waited.inMilliseconds) ms")
    }

    /// The camera reads that it shall open.
    mutating func opens(_ number: Int, gate: Int, at now: Uptime) -> (String, String)? {
        let lane = lanes[gate]
        let own = commands.firstIndex {
            $0.gate == gate && now - $0.at <= $0.life + Self.way
        }
        // An arm that must rise for safety may do so by whatever is answered.
        let isForSafety = own.map { commands[$0].life == Self.longest } ?? false
        if let one = exchanges[number], one.isOld, !isForSafety {
            return ("A1", "the answer to a record that came before opens \(lane)")
        }
        guard let own else { return ("A3", "an answer opens \(lane), and no command of its own stands") }
        commands.remove(at: own)
        return nil
    }
}
