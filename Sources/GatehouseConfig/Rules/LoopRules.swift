// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// What the sensors of a lane allow it to be (lanes.md §1.2, 1.3-5, 1.3-6).
struct LoopRules {
    let lane: LaneDraft

    private var hasAll: Bool { lane.plan.presence != nil && !lane.safety.isEmpty && lane.plan.clear != nil }
    /// A sensor that was written and not understood is not missing.
    private var isSafetyMissing: Bool { lane.safety.isEmpty && lane.fields["safety"] == nil }

    func judge() {
        if lane.knowsKind, lane.plan.kind == .twoWay, !hasAll { twoWay() }
        if isSafetyMissing, lane.isComplete, lane.plan.kind != .twoWay { withoutSafety() }
        if lane.plan.isMixedUse || lane.plan.admitsMotorcycles { thin() }
    }

    private func twoWay() {
        let missing = [
            ("presence", lane.plan.presence != nil), ("safety", !lane.safety.isEmpty),
            ("clear", lane.plan.clear != nil),
        ].filter { !$0.1 && lane.fields[$0.0] == nil }.map(\.0)
        guard !missing.isEmpty else { return }
        lane.error(
            at: "kind",
            "a two-way lane needs presence, safety and clear to know directions; missing: "
                + missing.joined(separator: ", ") + " (H-33)")
    }

    private func withoutSafety() {
        if lane.plan.closing == .gateway {
            lane.error(
                at: "closing", "without a safety sensor the gateway never closes (H-01)",
                hint: "wire safety, or write closing: controller")
        } else if lane.antiCrush == nil, lane.fields["anti_crush"] == nil {
            lane.error(
                at: "anti_crush",
                "missing; without a safety sensor of ours a person confirms the controller's own (H-01)",
                hint: "test it and write anti_crush: {confirmed_by: name, date: 2026-03-02}")
        }
    }

    private func thin() {
        let seesThin = lane.plan.safety.contains { $0 == .beam || $0 == .curtain || $0 == .radar }
        guard !seesThin, !(lane.safety.isEmpty && lane.fields["safety"] != nil) else { return }
        let key = lane.plan.isMixedUse ? "mixed_use" : "motorcycles"
        lane.error(
            at: key,
            "a loop alone misses motorcycles, e-bikes and people; safety needs a beam, curtain or radar (H-02)",
            hint: "add {input: device.inN, contact: normally_closed, sensor: beam} to safety")
    }
}
