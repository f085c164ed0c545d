// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// S2: no close while safety is on, unknown, suspect or off for too short, judged at the terminals of the board;
/// and none on a vehicle, judged on the road, whatever the terminals said, but for a detector whose own contact
/// is welded on "clear": that is at the terminals what an empty road is.
struct ClosingChecker {
    /// By gate.
    var witnesses: [SafetyWitness]

    init(_ plan: SitePlan) {
        witnesses = plan.lanes.indices.map { lane in
            let wire = plan.inputs.first { $0.meaning == .lane(LaneID(lane), .safety(0)) }
            return SafetyWitness(
                tuneOut: plan.lanes[lane].timers.tuneOut, staleAfter: wire?.staleAfter ?? .zero)
        }
    }

    func closes(_ gate: Gate, _ plan: LanePlan, at edge: Uptime) -> (String, String)? {
        let clearDelay = plan.timers.clearDelay
        if let doubt = witnesses[gate.lane.index].doubt(clearDelay: clearDelay, at: edge) {
            return ("S2", "close of \(plan.name) while safety is \(doubt.rawValue)")
        }
        if gate.fault.hidesVehicles { return nil }
        // Who came under the arm within the tolerance could not be known; who was there before could.
        let known = gate.road.underArm.filter { edge - $0.from >= SafetyWitness.tolerance }
        guard let under = known.last?.to, edge - under < clearDelay - SafetyWitness.tolerance else {
            return nil
        }
        return (
            "S2",
            "close of \(plan.name) \((edge - under).inMilliseconds) ms after a vehicle stood under the arm"
        )
    }
}

/// S3: two arms of one interlock are never both open but for what outranks it, each with its record: a command of
/// that cause, or, for an arm that no command raised, `ForeignChecker`'s.
struct InterlockChecker {
    /// Fire, emergency, a protective reopening (an arm found half-way among them) or a person's hand.
    private static let outranking: Set<String> = [
        "fire", "emergency", "safety", "restart", "person", "guard_button", "hold",
    ]
    /// The other arm has left its limit, a poll sees it, the level is believed.
    private static let blindness = Duration.milliseconds(600)

    /// An arm begins to rise. `others` are the arms of the set that are not down, with the instant at which each
    /// began to rise.
    static func rises(
        _ lane: String, others: [(lane: String, since: Uptime)], command: (cause: String, madeAt: Uptime)?
    ) -> (String, String)? {
        guard let command, !outranking.contains(command.cause) else { return nil }
        guard let other = others.first(where: { command.madeAt - $0.since > blindness }) else { return nil }
        return ("S3", "\(lane) opens by \(command.cause) while \(other.lane) is not down")
    }
}
