// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// A camera whose answer opens the gate is a relay of one order: a pulse of its own length, said when the camera asks.
/// What must come at once, or stay, cannot hang on it.
struct CameraOutputRules {
    let lane: LaneDraft
    let devices: [DeviceDraft]
    let isReleasedByFire: Bool

    static let pulse = Duration.milliseconds(500)

    func judge() {
        for output in lane.outputs {
            let device = devices[output.terminal.device.index]
            // What its own list drives is refused already.
            guard device.profile?.kind == .camera, device.ownListOutput != output.terminal.channel else {
                continue
            }
            guard output.output == .open else {
                output.field.error(
                    "a camera gives one pulse when it asks: it keeps no output on, and lowers no arm (H-01)",
                    found: "\(device.name).out\(output.terminal.channel)", hint: "wire it to a board")
                continue
            }
            opens(by: device, output)
        }
    }

    private func opens(by device: DeviceDraft, _ output: OutputDraft) {
        if !lane.cameras.contains(where: { $0.device == output.terminal.device }) {
            lane.error(
                at: "open", "\(device.name) does not look at this lane: it asks only about what it sees",
                hint: "name it under camera, or wire open to a board")
        }
        if lane.plan.kind == .twoWay, !holdsHeartbeats(device) {
            lane.error(
                at: "open",
                "\(device.name) sees one side of this lane: for the other it would never ask (H-32)",
                hint: "set comet mode at the camera and write comet_hold: 20 at \(device.name)")
        }
        if lane.plan.closing == .gateway || lane.plan.outputs.contains(.close) {
            lane.error(
                at: "open",
                "an arm that we lower must rise at once above whoever is under it; a camera's output waits until "
                    + "the camera asks (H-01)",
                hint: "wire open to a board, or leave close out and write closing: controller")
        }
        if lane.plan.timers.openPulse != Self.pulse {
            let isGiven = lane.givenTimers.contains("open_pulse")
            lane.error(
                at: isGiven ? "timers.open_pulse" : "open",
                "\(device.name) gives pulses of \(Self.pulse.planText), not \(lane.plan.timers.openPulse.planText) (H-19)"
            )
        }
        if isReleasedByFire, lane.fireHardwired == nil, lane.fields["fire_hardwired"] == nil {
            lane.error(
                at: "open", "a fire release would wait until the camera asks (H-27)",
                hint: "wire the fire contact to the barrier too, test it and write "
                    + "fire_hardwired: {confirmed_by: name, date: 2026-03-02}")
        }
        if lane.plan.failOpen {
            lane.error(at: "fail_open", "the camera that is dark is what would open (H-32)")
        }
        if lane.plan.exitBlind == .open {
            lane.error(at: "exit_blind", "the camera that is dark is what would open (H-32)")
        }
        warnings(device)
    }

    /// In comet mode it asks all the time, whether it sees somebody or not.
    private func holdsHeartbeats(_ device: DeviceDraft) -> Bool {
        (device.settings["comet_hold"].flatMap(ScalarForms.integer) ?? 0) > 0
    }

    private func warnings(_ device: DeviceDraft) {
        if !holdsHeartbeats(device) {
            lane.warning(
                at: "open",
                "without comet mode an opening by a person, or one that is decided later than reply_wait_ms after the "
                    + "plate, waits for the next plate and lapses after its life",
                hint: "set comet mode at the camera and write comet_hold: 20 at \(device.name)")
        }
        if !lane.plan.hasLimitDown, lane.fields["limit_down"] == nil {
            lane.warning(
                at: "open",
                "a camera does not confirm: without limit_down nothing tells that the arm rose (H-17)")
        }
        if lane.plan.kind != .entry {
            lane.warning(
                at: "open", "while \(device.name) is dark nothing of ours opens this way out (H-32)",
                hint: "keep the guard's button and the fire contact wired to the barrier itself")
        }
    }
}
