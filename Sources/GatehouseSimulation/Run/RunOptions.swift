// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What a run is a function of, besides the program itself.
package struct RunOptions: Sendable {
    package var seed: UInt64
    package var hours: Int
    package var bug: PlantedBug?
    /// A community's own pace over this many days without an uplink, which returns at the end; nil: busy hours.
    package private(set) var offlineDays: Int?
    /// Keep the transcript's lines, not only their hash.
    package var traces = false
    /// The estate's form by number; nil: by seed.
    package var form: Int?
    /// These faults and habits and no others; nil: by seed.
    package var onlyFaults: Set<FaultKind>?
    var scenes: [Scene] = []

    package init(seed: UInt64, hours: Int, bug: PlantedBug? = nil) {
        self.seed = seed
        self.hours = max(2, hours)
        self.bug = bug
    }

    /// Days on which only money, power and disks make trouble.
    package init(seed: UInt64, offlineDays days: Int) {
        self.init(seed: seed, hours: 24 * max(1, days))
        offlineDays = max(1, days)
        onlyFaults = [
            .powerCut, .kill, .diskStalls, .diskFails, .tailgate, .fob, .turnBack, .fire,
        ]
        onlyFaults?.formUnion(FaultKind.allCases.filter(\.isOfPayers))
    }

    /// Temporary vehicles pay.
    package var charges: Bool { offlineDays != nil || seed % 3 == 2 }

    /// How much longer everything takes to come again than on a busy day.
    var pace: Int { offlineDays == nil ? 1 : 8 }
}

/// Something that happens at a stated instant, for pinned scenarios.
struct Scene: Sendable {
    enum Act: Sendable {
        case fault(FaultKind, gate: Int)
        case heal(FaultKind, gate: Int)
        case car(Int, Car.Habit)
        /// Somebody on foot, at the way of this number.
        case walker(Int, way: Int, Walker.Habit)
        case presses(way: Int)
        case order(gate: Int, LaneOrder.Action)
    }

    var at: Duration
    var act: Act
}

package struct Violation: Hashable, Sendable, CustomStringConvertible {
    /// `S1` … `S9`, `L1`, `D1` … `D5`, `A1` … `A3`, `M1` … `M3`, `H-27`.
    package var checker: String
    package var what: String
    package var at: Uptime

    package var description: String { "\(checker) at \(Transcript.clock(at)): \(what)" }
}

package struct RunResult: Sendable, CustomStringConvertible {
    package var seed: UInt64
    package var form: String
    package var violation: Violation?
    package var records: Int
    package var passages: Int
    package var restarts: Int
    package var transcriptHash: UInt64
    package var transcript: [String]
    /// nil: nobody pays there.
    package var money: MoneyReport?

    package var description: String {
        let verdict = violation.map(\.description) ?? "ok"
        return "seed \(left("\(seed)", 6)) \(left(form, 14)) \(right("\(records)", 6)) records "
            + "\(right("\(passages)", 4)) passages \(right("\(restarts)", 2)) restarts "
            + "\(hexadecimal(transcriptHash)) \(verdict)"
    }
}

package func simulate(_ options: RunOptions) -> RunResult { Simulation(options).run() }

func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}

func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
