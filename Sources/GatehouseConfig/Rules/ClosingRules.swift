// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Who lowers the arm, and by which right (1.3-1 to 1.3-3).
struct ClosingRules {
    let lane: LaneDraft

    func judge() {
        if lane.plan.outputs.contains(.close) { closeOutput() }
        if lane.plan.closing == .gateway { gateway() }
        if lane.plan.closing == .controller, lane.automaticClosing == false {
            lane.error(
                at: "closing",
                "nobody would lower this arm: the controller's automatic closing is off (H-12)",
                hint: "switch it on at the board, or write gateway or guard")
        }
        if lane.plan.closing == .guard, lane.automaticClosing == true {
            lane.error(
                at: "closing", "the controller lowers by itself, so not only the guard does (H-12)",
                hint: "write closing: controller, or switch its automatic closing off and write "
                    + "controller: {automatic_closing: false}")
        }
    }

    private func closeOutput() {
        if lane.safety.isEmpty, lane.fields["safety"] == nil {
            lane.error(
                at: "close",
                "a close contact without any safety sensor could lower the arm on somebody (H-01)",
                hint: "wire safety, or leave close out and write closing: controller")
        } else if lane.freshSafety.isEmpty, !lane.safety.isEmpty {
            lane.error(
                at: "safety",
                "a camera's contact, a push message or a wireless link is not fresh enough to lower an arm by (H-11)",
                hint: "wire the sensor to a GPIO line or to a board on a cable, or leave close out")
        }
    }

    private func gateway() {
        if !lane.plan.outputs.contains(.close), lane.fields["close"] == nil {
            lane.error(
                at: "closing", "the gateway cannot lower without a close contact",
                hint: "write close: device.outN")
        }
        if lane.automaticClosing == true {
            lane.error(
                at: "closing", "the controller's automatic closing is on: two masters of one arm (H-12)",
                hint: "switch it off at the board and write controller: {automatic_closing: false}, "
                    + "or write closing: controller")
        } else if lane.automaticClosing == nil {
            lane.warning(
                at: "closing", "nobody has stated that the controller's automatic closing is off (H-12)",
                hint: "look at the board and write controller: {automatic_closing: false}")
        }
        if lane.antiCrush == nil, lane.fields["anti_crush"] == nil {
            lane.error(
                at: "closing",
                "closing: gateway needs the controller's own anti-crush, confirmed by a person (H-01)",
                hint: "test it and write anti_crush: {confirmed_by: name, date: 2026-03-02}")
        }
    }
}
