// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// What a lane may lack, said at every check (end of lanes.md §1.3).
struct LaneWarnings {
    let lane: LaneDraft
    let hasFireInput: Bool

    func judge() {
        if !lane.plan.hasLimitDown, lane.fields["limit_down"] == nil {
            lane.warning("no limit_down: openings by fob or button go unseen (H-40)")
        }
        if lane.plan.hasLimitUp != lane.plan.hasLimitDown {
            let there = lane.plan.hasLimitUp ? "limit_up" : "limit_down"
            lane.warning(at: there, "one limit only: half of the arm's position is assumed by time (H-17)")
        }
        if !hasFireInput {
            lane.warning("no fire input: the gateway cannot release this lane or record a release (H-27)")
        }
        if lane.plan.isMixedUse, !lane.plan.outputs.contains(.warn) {
            lane.warning(at: "mixed_use", "no warn output: people get no sign before the arm lowers (H-01)")
        }
        for input in lane.inputs where input.hasLimitedPresence && input.sensor == .loop {
            input.field.warning(
                "this detector forgets a standing vehicle after minutes; set permanent presence (H-14)")
        }
        if !lane.plan.hasCamera, lane.fields["camera"] == nil, lane.fields["cameras"] == nil {
            lane.warning("no camera: no plate is ever read here")
        }
    }
}
