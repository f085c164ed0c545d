// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

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

    /// Effective only with the contact off for two seconds; whether so short a time sufficed is not judged.
    mutating func reset(at now: Uptime) {
        guard !isOn, let offSince, now - offSince >= .seconds(2) else { return }
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
