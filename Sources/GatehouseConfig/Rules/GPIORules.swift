// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// A line of a GPIO chip has no clock of its own, and is free when the process that requested it ends: what level it then
/// has is the chip's affair (docs/relays.md §6.2). A board keeps its relays and may time their pulses.
struct GPIORules {
    let draft: SiteDraft

    func judge() {
        for lane in draft.lanes {
            for output in lane.outputs where isLine(output) && output.output == .hold {
                output.field.error(
                    "a line of a chip is let go when the gateway ends or restarts: an arm that it holds up "
                        + "would come down on whoever is under it (H-43)",
                    hint: "wire hold to a board, or leave it out: the arm is then opened again and again")
            }
        }
        for output in draft.walkways.flatMap(\.outputs) where isLine(output) && output.output.mayStandOpen {
            output.field.warning(
                "a line of a chip is let go when the gateway ends or restarts: what it holds open may shut (H-43)",
                hint:
                    "wire \(output.output.rawValue) to a board, and the fire contact to the unit or the lock itself"
            )
        }
        for (index, device) in draft.devices.enumerated() where device.profile?.transport == .gpio {
            let outputs = draft.lanes.flatMap(\.outputs) + draft.walkways.flatMap(\.outputs)
            let pulsed = outputs.filter { $0.terminal.device == DeviceID(index) && $0.output.isPulsed }
            guard !pulsed.isEmpty else { continue }
            let names = Set(pulsed.map(\.output.rawValue)).sorted().joined(separator: ", ")
            device.field.warning(
                "only the gateway ends a pulse on a line of a chip: killed within one, it leaves \(names) "
                    + "as the chip will have it until it runs again, a second later (H-19)",
                hint:
                    "wire them to a board that times its pulses; else see that the line falls to rest by itself"
            )
        }
    }

    private func isLine(_ output: OutputDraft) -> Bool {
        draft.device(output.terminal.device).profile?.transport == .gpio
    }
}

extension LaneOutput {
    fileprivate var isPulsed: Bool { [.open, .close, .stop, .releaseIn, .releaseOut].contains(self) }
}
