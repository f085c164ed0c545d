// SPDX-License-Identifier: Apache-2.0

/// Two arms that follow one another with room for a vehicle between them (lanes.md §7.2, H-30).
extension Site {
    /// What is known of the vehicle in an airlock.
    struct AirlockState: Hashable, Sendable {
        /// The arm by which the last vehicle came in.
        var cameBy: LaneID?
        var isOccupied = false
        /// The way back was offered to whoever stands there.
        var isOffered = false
    }

    /// Somebody stands between the arms, and this is the one behind: the arm ahead comes first.
    func isBehindAirlockVehicle(_ lane: LaneID) -> Bool {
        guard let airlock = airlock(of: lane), isOccupied(airlock) else { return false }
        return airlocks[airlock.interlockSet]?.cameBy == lane
    }

    mutating func passedInAirlock(_ lane: LaneID) {
        guard let airlock = airlock(of: lane) else { return }
        var state = airlocks[airlock.interlockSet] ?? AirlockState()
        // Through the other arm it left.
        state.cameBy = state.cameBy == nil || state.cameBy == lane ? lane : nil
        airlocks[airlock.interlockSet] = state
    }

    /// The arm ahead refused whoever stands between the arms: the arm that it came by opens for the way back, once.
    mutating func offerWayBack(from lane: LaneID, _ out: inout Effects) {
        guard let airlock = airlock(of: lane), isOccupied(airlock) else { return }
        var state = airlocks[airlock.interlockSet] ?? AirlockState()
        guard !state.isOffered else { return }
        state.isOffered = true
        airlocks[airlock.interlockSet] = state
        guard let back = state.cameBy, back != lane else {
            // Since a restart nobody knows by which arm it came.
            out.effects.append(.callGuard(lane, "vehicle_in_airlock"))
            return
        }
        let order = LaneOrder(
            action: .open, by: Operator(channel: "self", name: "airlock"), reason: "way_back")
        drive(back, .person(order), &out)
    }

    /// Whoever waited behind the vehicle between the arms is asked again when it is gone.
    mutating func watchAirlock(beside lane: LaneID, _ out: inout Effects) {
        guard let airlock = plan.airlocks.first(where: { $0.lane == lane }) else { return }
        var state = airlocks[airlock.interlockSet] ?? AirlockState()
        let isOccupied = isOccupied(airlock)
        guard isOccupied != state.isOccupied else { return }
        state.isOccupied = isOccupied
        state.isOffered = false
        airlocks[airlock.interlockSet] = state
        guard !isOccupied else { return }
        for index in lanes.indices where plan.lanes[index].interlockSet == airlock.interlockSet {
            drive(LaneID(index), .reconsider(.interlock), &out)
        }
    }

    private func airlock(of lane: LaneID) -> AirlockPlan? {
        guard let set = plan.lanes[lane.index].interlockSet else { return nil }
        return plan.airlocks.first { $0.interlockSet == set }
    }

    /// A silent sensor sees nobody: it must not keep the arms from one another.
    private func isOccupied(_ airlock: AirlockPlan) -> Bool {
        lanes[airlock.lane.index].level(of: airlock.sensor) == .on
    }
}
