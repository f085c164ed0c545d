// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// S2: no close on a vehicle, judged at the contact and on the road, whatever our inputs said; but for a detector
/// whose own contact is welded on "clear": that is at the terminals what an empty road is.
struct ClosingChecker {
    /// A poll and the exchange in progress.
    static let tolerance = Duration.milliseconds(250)

    func closes(_ simulation: Simulation, gate: Int, at edge: Uptime) -> (String, String)? {
        let name = simulation.estate.plan.lanes[gate].name
        if simulation.gates[gate].fault.hidesVehicles { return nil }
        // Who came under the arm within the tolerance could not be known; who was there before could.
        let known = simulation.gates[gate].road.underArm.filter { edge - $0.from >= Self.tolerance }
        guard let under = known.last?.to else { return nil }
        let clearDelay = simulation.estate.plan.lanes[gate].timers.clearDelay
        let free = edge - under
        guard free < clearDelay + (.zero - Self.tolerance) else { return nil }
        return ("S2", "close of \(name) \(free.inMilliseconds) ms after a vehicle stood under the arm")
    }
}

/// S3: two arms of one interlock never both open by a grant.
struct InterlockChecker {
    func opens(
        _ gate: Int, _ simulation: Simulation, _ openings: OpeningChecker, at edge: Uptime
    ) -> (String, String)? {
        guard simulation.estate.form == .interlocked,
            let command = openings.latestCommand(gate: gate, at: edge), command.cause == "grant"
        else { return nil }
        for other in simulation.gates.indices where other != gate {
            let barrier = simulation.gates[other].barrier
            guard !barrier.isDown, let left = barrier.events.last(where: { $0.kind == .rises })?.at,
                command.madeAt - left > .milliseconds(600)
            else { continue }
            let names = simulation.estate.plan.lanes.map(\.name)
            return ("S3", "\(names[gate]) opens by a grant while \(names[other]) is not down")
        }
        return nil
    }
}

/// H-27, H-28: fire raises every arm and keeps it up until somebody on site resets, restarts included; no close
/// meanwhile.
struct FireChecker {
    private var isOn = false
    private var isLatched = false
    private var since: Uptime?
    private var offSince: Uptime?
    private var aliveSince: Uptime?

    mutating func started(at now: Uptime) { aliveSince = now }
    mutating func crashed(at now: Uptime) { aliveSince = nil }

    mutating func fire(isOn: Bool, at now: Uptime) {
        self.isOn = isOn
        if isOn { since = now }
        offSince = isOn ? nil : now
    }

    /// Effective only with the contact off for two seconds; a margin for debounce and polls.
    mutating func reset(at now: Uptime) {
        guard !isOn, let offSince, now - offSince > .seconds(4) else { return }
        isLatched = false
        since = nil
    }

    mutating func closes(at now: Uptime) -> (String, String)? {
        guard isOn || isLatched, let since, now - since > .seconds(3) else { return nil }
        return ("S2", "close commanded \((now - since).inMilliseconds) ms into a fire release")
    }

    /// Asked now and then, at least every minute.
    mutating func watch(_ simulation: Simulation) -> (String, String)? {
        let now = simulation.now
        guard let since, let aliveSince else { return nil }
        let known = max(since, aliveSince)
        let isSeen = isOn && now - known > .seconds(20)
        if isSeen, simulation.gates[0].isBoardHealthy { isLatched = true }
        guard isOn || isLatched, now - known > .seconds(90) else { return nil }
        for gate in simulation.gates.indices {
            guard simulation.gates[gate].isBoardHealthy, simulation.gates[0].isBoardHealthy,
                now - simulation.checkers.lastTrouble[gate] > .seconds(90),
                now - simulation.checkers.lastTrouble[0] > .seconds(90)
            else { continue }
            if simulation.gates[gate].barrier.isDown {
                return ("H-27", "arm of \(simulation.estate.plan.lanes[gate].name) is down in a fire release")
            }
        }
        return nil
    }
}
