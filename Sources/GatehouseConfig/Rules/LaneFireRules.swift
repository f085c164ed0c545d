// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// When a silent fire input may be an alarm only (1.3-9).
struct LaneFireRules {
    let lane: LaneDraft

    func judge() {
        guard lane.knowsKind, lane.plan.fireUnknown == .alarmOnly else { return }
        if lane.plan.kind != .entry {
            lane.error(
                at: "fire_unknown",
                "alarm_only is for vehicle entries: people and cars leave by this lane (H-27)",
                hint: "write fire_unknown: release")
        } else if lane.fireHardwired == nil, lane.fields["fire_hardwired"] == nil {
            lane.error(
                at: "fire_unknown",
                "alarm_only needs the fire contact wired to the barrier itself, confirmed (H-27)",
                hint: "test it and write fire_hardwired: {confirmed_by: name, date: 2026-03-02}")
        }
    }
}
