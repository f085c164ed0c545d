// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// The refusals that guard a life, judged once more on the finished plan alone. The rules look at what a
/// person wrote and keep silent about what was reported already; this looks at what would reach the lanes.
enum PlanInvariants {
    static func violations(_ plan: SitePlan) -> [String] {
        let lanes = plan.lanes.enumerated().flatMap { index, lane in
            of(lane, plan, LaneID(index)).map { "lane \(lane.name): \($0)" }
        }
        let walkways = plan.walkways.enumerated().flatMap { index, walkway in
            of(walkway, plan, LaneID(plan.lanes.count + index)).map { "lane \(walkway.name): \($0)" }
        }
        return lanes + walkways + wires(plan)
    }

    private static func of(_ lane: LanePlan, _ plan: SitePlan, _ id: LaneID) -> [String] {
        var found: [String] = []
        let fresh = plan.inputs.contains {
            guard case .lane(id, .safety) = $0.meaning else { return false }
            return $0.source != .cameraContact && $0.source != .network
        }
        if lane.outputs.contains(.close), !fresh {
            found.append("a close output without a fresh safety sensor")
        }
        if lane.closing == .gateway, !lane.outputs.contains(.close) { found.append("nothing to close by") }
        if lane.kind == .twoWay, lane.presence == nil || lane.safety.isEmpty || lane.clear == nil {
            found.append("two ways without three sensors")
        }
        if lane.interlockSet != nil, !lane.hasLimitDown {
            found.append("an interlock without the down limit")
        }
        if lane.isMixedUse || lane.admitsMotorcycles,
            !lane.safety.contains(where: { $0 != .loop && $0 != .contact })
        {
            found.append("riders under an arm with a loop alone")
        }
        if lane.fireUnknown == .alarmOnly, lane.kind != .entry { found.append("alarm_only at a way out") }
        if lane.timers.clearDelay < lane.timers.mergeGap { found.append("clear_delay below merge_gap") }
        if lane.timers.exitPendingMax > .seconds(1800) { found.append("kept at the exit too long") }
        let byCamera = plan.outputs.filter { wire in
            wire.lane == id && plan.cameras.contains { $0.device == wire.terminal.device }
        }
        if byCamera.contains(where: { $0.output != .open }) { found.append("more than open at a camera") }
        if !byCamera.isEmpty, lane.outputs.contains(.close) { found.append("closing beside a camera's open") }
        if !plan.outputs.contains(where: { $0.lane == id && $0.output == .open }) {
            found.append("nothing to open by")
        }
        return found
    }

    private static func of(_ walkway: WalkwayPlan, _ plan: SitePlan, _ id: LaneID) -> [String] {
        var found: [String] = []
        let isHeard = plan.inputs.contains {
            if case .fire(let lanes) = $0.meaning { lanes.contains(id) } else { false }
        }
        if walkway.isEscapeRoute, !isHeard { found.append("an escape route that hears no fire") }
        let outputs = plan.outputs.filter { $0.lane == id }.map(\.output)
        switch walkway.kind {
        case .turnstile:
            let isReleasedOut =
                outputs.contains(.releaseOut)
                && (walkway.has(.exitButton)
                    || plan.readers.contains { $0.lane == id && $0.direction == .out })
            if !isReleasedOut, !walkway.freeWays.contains(.out) { found.append("a way in without a way out") }
        case .door: if !outputs.contains(.unlock) { found.append("nothing to unlock by") }
        }
        return found
    }

    private static func wires(_ plan: SitePlan) -> [String] {
        var found: [String] = []
        if Set(plan.inputs.map(\.terminal)).count < plan.inputs.count {
            found.append("an input with two meanings")
        }
        if Set(plan.outputs.map(\.terminal)).count < plan.outputs.count {
            found.append("an output with two writers")
        }
        let areas = Set(plan.lanes.filter { $0.kind != .exit }.map(\.area))
        let ways = Set(plan.lanes.filter { $0.kind != .entry }.map(\.area))
        if !areas.isSubset(of: ways) { found.append("an area without a way out") }
        if !plan.policy.bannedKinds.isDisjoint(with: [.police, .armedPolice, .military, .emergency]) {
            found.append("emergency vehicles refused")
        }
        return found
    }
}
