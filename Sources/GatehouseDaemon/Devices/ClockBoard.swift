// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import Synchronization

/// What cameras' clocks say of ours, by the camera's name: written on the cameras' loop, read by upkeep.
final class ClockBoard: Sendable {
    private let clocks = Mutex(Table<String, DeviceClock>())

    func note(_ clock: DeviceClock, of device: String) { clocks.withLock { $0[device] = clock } }

    /// In the order of the plan; devices that left it are forgotten.
    func clocks(of plan: SitePlan) -> [(name: String, clock: DeviceClock)] {
        clocks.withLock { clocks in
            var kept = Table<String, DeviceClock>()
            let listed = plan.devices.compactMap { device -> (name: String, clock: DeviceClock)? in
                guard let clock = clocks[device.name] else { return nil }
                kept[device.name] = clock
                return (device.name, clock)
            }
            clocks = kept
            return listed
        }
    }
}
