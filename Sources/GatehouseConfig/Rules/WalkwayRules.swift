// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// The refusals and warnings of lanes.md §9 and §10: nobody is shut in, and whoever flees is not stopped.
struct WalkwayRules {
    let walkway: WalkwayDraft
    let devices: [DeviceDraft]
    /// Its own contact, or the site's that names it.
    let hasFireInput: Bool

    private var plan: WalkwayPlan { walkway.plan }

    func judge() {
        readers()
        escape()
        switch plan.kind {
        case .turnstile: turnstile()
        case .door: door()
        }
    }

    private func isMissing(_ key: String) -> Bool { walkway.fields[key] == nil }

    private func readers() {
        for (key, direction, output) in [
            ("reader_in", TravelDirection.in, LaneOutput.releaseIn), ("reader_out", .out, .releaseOut),
        ] where plan.kind == .turnstile && walkway.has(direction) && isMissing(output.rawValue) {
            walkway.error(
                at: key, "a reader of a way that nothing releases",
                hint: "wire \(output.rawValue): device.outN, or leave the reader out")
        }
        if walkway.readers.isEmpty, isMissing("reader_in"), isMissing("reader_out") {
            walkway.warning("no card reader: only buttons and people open here")
        }
        if !plan.has(.exitButton), isMissing("exit_button"), walkway.freeExit == nil, walkway.has(.out) {
            walkway.warning(
                at: "reader_out",
                "whoever loses the card inside needs the guard: no exit_button, no free_exit (H-31)")
        }
    }

    private func escape() {
        guard plan.isEscapeRoute else {
            if !hasFireInput {
                walkway.warning("no fire input: the gateway cannot release it or record a release (H-27)")
            }
            return
        }
        if !hasFireInput, isMissing("fire") {
            walkway.error(
                at: "escape_route", "an escape route needs a fire input (H-27)",
                hint: "write fire: {input: device.inN, contact: normally_closed}, or name it in fire: lanes")
        }
        if walkway.fireHardwired == nil, isMissing("fire_hardwired") {
            walkway.error(
                at: "escape_route",
                "an escape route needs the fire contact wired to the unit or the lock itself, confirmed (H-27)",
                hint:
                    "test it without the gateway and write fire_hardwired: {confirmed_by: name, date: 2026-03-02}"
            )
        }
    }

    private func turnstile() {
        guard !isMissing("release_in") || !isMissing("release_out") else {
            return walkway.error(
                "nothing to release", hint: "wire release_in: device.outN, release_out or both")
        }
        let isReleasedOut =
            !isMissing("release_out")
            && (walkway.has(.out) || plan.has(.exitButton) || !isMissing("reader_out")
                || !isMissing("exit_button"))
        if !isReleasedOut, walkway.freeExit == nil, isMissing("free_exit") {
            walkway.error(
                "a turnstile that lets in needs a way out (H-27, H-31)",
                hint:
                    "wire release_out with exit_button or reader_out, or confirm that the unit leaves the way out "
                    + "free: free_exit: {confirmed_by: name, date: 2026-03-02}")
        }
        for (input, output) in [(WalkwayInput.passageIn, "release_in"), (.passageOut, "release_out")]
        where !plan.has(input) && isMissing(input.rawValue) && !isMissing(output) {
            walkway.warning(
                at: output, "no \(input.rawValue): passages are assumed, nobody who did not pass is seen")
            if walkway.memorises, plan.timers.queueDepth > 1 {
                walkway.error(
                    at: "timers.queue_depth",
                    "a unit that stores releases lets a queue through at once without \(input.rawValue)",
                    hint: "wire \(input.rawValue), or write timers: {queue_depth: 1}")
            }
        }
        if plan.isEscapeRoute, isMissing("hold_out") {
            walkway.warning(
                at: "escape_route",
                "no hold_out: in a fire the gateway releases once, the unit alone stands open")
        }
        if plan.isFullHeight, !plan.has(.home), isMissing("home") {
            walkway.warning(at: "full_height", "no home: somebody shut in is not seen (H-30)")
        }
        pulse()
    }

    /// Longer than the unit takes counts as two (H-21).
    private func pulse() {
        let value = plan.timers.releasePulse
        let outputs = walkway.outputs.filter { $0.output == .releaseIn || $0.output == .releaseOut }
        let boards = outputs.map { devices[$0.terminal.device.index].profile } + [walkway.controller]
        let key = isMissing("timers.release_pulse") ? outputs.first?.output.rawValue : "timers.release_pulse"
        var judged: Set<String> = []
        for case let profile? in boards where judged.insert(profile.name).inserted {
            if let range = profile.capabilities.pulse, !range.contains(value) {
                walkway.error(
                    at: key,
                    "a release of \(value.planText) is outside what \(profile.name) takes, "
                        + "\(range.lowerBound.planText) to \(range.upperBound.planText); longer counts as two (H-21)",
                    hint: "set timers: {release_pulse: …}")
            } else if let step = profile.capabilities.pulseStep, step > .zero,
                value.inMilliseconds % step.inMilliseconds != 0
            {
                walkway.error(
                    at: key,
                    "\(profile.name) times pulses in steps of \(step.planText), not \(value.planText) (H-19)",
                    hint: "set timers: {release_pulse: …}")
            }
        }
    }

    private func door() {
        if plan.isEscapeRoute, walkway.lock == .failSecure {
            walkway.error(
                at: "lock", "a lock that is shut without power does not belong on an escape route (H-27)",
                hint: "a fail-safe lock, whose power the fire contact and the exit button cut")
        }
        let hasButton = plan.has(.exitButton) || !isMissing("exit_button")
        let hasFreeExit = walkway.freeExit != nil || !isMissing("free_exit")
        if plan.isEscapeRoute, !hasButton, !hasFreeExit {
            walkway.error(
                at: "escape_route",
                "whoever flees has no card: an escape route needs a way to open by hand (H-27)",
                hint:
                    "wire exit_button, cutting the lock's power, or confirm a handle: free_exit: {confirmed_by: …}"
            )
        } else if !hasButton, !hasFreeExit, isMissing("reader_out") {
            walkway.error(
                "nobody inside could leave (H-31)",
                hint:
                    "wire exit_button or reader_out, or confirm a handle: free_exit: {confirmed_by: name, date: "
                    + "2026-03-02}")
        }
        if !plan.has(.doorContact), isMissing("door_contact") {
            walkway.warning("no door_contact: passages are assumed, a forced or held door goes unseen")
        }
    }
}
