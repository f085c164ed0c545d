// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import GatehouseCore
internal import GatehouseDiagnostics
internal import Synchronization

/// Counts what was recorded since the start of the process. As many lanes as the plan has, and those of plans
/// before it.
final class Tally: Sendable {
    private struct State: Sendable {
        var lanes: [String: LaneCounts] = [:]
        var store = StoreCounts()
    }

    /// The engine's thread hands over; who reads payloads is somebody else.
    private let queue = DispatchQueue(label: "tally", qos: .utility)
    private let state = Mutex(State())

    var store: StoreCounts { state.withLock { $0.store } }

    func lane(_ name: String) -> LaneCounts { state.withLock { $0.lanes[name] } ?? LaneCounts() }

    func made(_ records: [Record]) {
        queue.async { [self] in
            state.withLock { state in
                state.store.records += Int64(records.count)
                for record in records { Self.count(record, &state) }
            }
        }
    }

    func committed(through record: Sequence) {
        state.withLock {
            $0.store.commits += 1
            $0.store.durable = record.number
        }
    }

    private static func count(_ record: Record, _ state: inout State) {
        let what: WritableKeyPath<LaneCounts, Int64>
        switch record.kind {
        case "accessGranted": what = \.granted
        case "accessDenied": what = \.denied
        case "accessHeld": what = \.held
        case "passageCompleted", "passageReverse": what = \.passagesIn
        case "faultRaised":
            state.store.faults += 1
            what = \.faults
        default: return
        }
        guard let fields = try? Fields(record.payload) else { return }
        if what == \.faults {
            guard let subject = fields.text("subject"), subject.hasPrefix("lane ") else { return }
            state.lanes[String(subject.dropFirst(5)), default: LaneCounts()].faults += 1
        } else if let lane = fields.text("lane") {
            let isOut = what == \.passagesIn && fields.text("direction") == "out"
            state.lanes[lane, default: LaneCounts()][keyPath: isOut ? \.passagesOut : what] += 1
        }
    }
}
