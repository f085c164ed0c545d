// SPDX-License-Identifier: Apache-2.0

/// Nobody is locked in: of the ways out of an area one always stays in use, however the others were closed
/// one after another (the rights floor, H-32).
extension Site {
    /// Why this lane may not be held closed now; nil when another way out stays.
    func obstacleToClosing(_ lane: LaneID) -> String? {
        // A turnstile is closed for entry alone, a door not at all.
        guard plan.walkwayIndex(lane) == nil else { return nil }
        let closing = plan.lanes[lane.index]
        guard closing.kind != .entry else { return nil }
        let others = waysOut(of: closing.area).filter { $0 != lane }
        guard !others.contains(where: isUsable) else { return nil }
        let area = plan.areas[closing.area.index].name
        guard !others.isEmpty else {
            return "\(closing.name) is the only exit of area \(area), so it is never held closed"
        }
        let names = others.map { "\(plan.lanes[$0.index].name) (\(lanes[$0.index].phase.name))" }
        return "\(closing.name) is the last exit of area \(area) that is in use; the others are not: "
            + "\(names.joined(separator: ", ")). Release one of them first"
    }

    /// Holds that are remembered, or a plan without the exit that was in use, may leave an area without any.
    mutating func keepWaysOut(_ out: inout Effects) {
        for index in plan.areas.indices {
            let ways = waysOut(of: AreaID(index))
            guard ways.allSatisfy(isHeldClosed), let last = ways.last(where: { lanes[$0.index].isHeldClosed })
            else { continue }
            let order = LaneOrder(
                action: .release, by: Operator(channel: "self", name: "rights_floor"), reason: "last_exit")
            drive(last, .person(order), &out)
        }
    }

    private func waysOut(of area: AreaID) -> [LaneID] {
        plan.lanes.indices.map { LaneID($0) }.filter { lane in
            plan.lanes[lane.index].kind != .entry && plan.lanes[lane.index].area == area
        }
    }

    private func isHeldClosed(_ lane: LaneID) -> Bool {
        let lane = lanes[lane.index]
        return lane.isHeldClosed || lane.interrupted?.kind == .closed
    }

    private func isUsable(_ lane: LaneID) -> Bool {
        switch lanes[lane.index].phase {
        case .fault(.arm), .fault(.output): false
        default: !isHeldClosed(lane)
        }
    }
}
