// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// The refusals and warnings of lanes.md §1.2 and §1.3, all in one go. Each names lane, key and what to
/// write; hazards stand in brackets.
struct SiteRules {
    let draft: SiteDraft
    let log: IssueLog

    func judge() {
        for (index, lane) in draft.lanes.enumerated() where !lane.fields.isEmpty {
            if lane.knowsClosing { ClosingRules(lane: lane).judge() }
            LoopRules(lane: lane).judge()
            TimerRules(lane: lane, devices: draft.devices).judge()
            LaneFireRules(lane: lane).judge()
            let isReleasedByFire = draft.isReleasedByFire(LaneID(index), lane.inputs)
            CameraOutputRules(lane: lane, devices: draft.devices, isReleasedByFire: isReleasedByFire).judge()
            LaneWarnings(lane: lane, hasFireInput: isReleasedByFire).judge()
        }
        for (index, walkway) in draft.walkways.enumerated() where !walkway.fields.isEmpty {
            let isReleased = draft.isReleasedByFire(LaneID(draft.lanes.count + index), walkway.inputs)
            WalkwayRules(walkway: walkway, devices: draft.devices, hasFireInput: isReleased).judge()
        }
        WiringRules(draft: draft, log: log).judge()
        GPIORules(draft: draft).judge()
        PaymentRules(draft: draft, log: log).judge()
        InterlockRules(draft: draft, log: log).judge()
        UnusedDevices(draft: draft, log: log).judge()
        people()
    }

    /// Whoever comes in can leave (1.3-8).
    private func people() {
        guard draft.lanes.allSatisfy({ $0.knowsKind && $0.knowsArea }) else { return }
        for (index, area) in draft.plan.areas.enumerated() {
            let lanes = draft.lanes.filter { $0.plan.area == AreaID(index) }
            guard let entry = lanes.first(where: { $0.plan.kind != .exit }) else { continue }
            guard lanes.allSatisfy({ $0.plan.kind == .entry }) else { continue }
            entry.error(
                at: "kind", "the area \(area.name) has an entry and no exit: vehicles could not leave (H-32)",
                hint: "add a lane with kind: exit and area: \(area.name)")
        }
    }
}

extension LaneDraft {
    /// Sources that are too slow or too easily silent to lower an arm by (lanes.md §2).
    var freshSafety: [InputDraft] {
        safety.filter { !$0.isWireless && $0.source != .cameraContact && $0.source != .network }
    }
}
