// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// A device that nothing leads to: a lane was forgotten, or names another.
struct UnusedDevices {
    let draft: SiteDraft
    let log: IssueLog

    func judge() {
        // A lane that was not understood may be the one that uses it.
        guard log.errorCount == 0 else { return }
        let used = used
        for (index, device) in draft.devices.enumerated()
        where device.profile != nil && !used.contains(DeviceID(index)) {
            let (message, key) = words(device)
            log.add(
                .warning, at: device.field.mark, path: device.field.path, message,
                hint: "name it in a lane: \(key), or take it out")
        }
    }

    private var used: Set<DeviceID> {
        let inputs =
            draft.lanes.flatMap(\.inputs) + draft.walkways.flatMap(\.inputs)
            + [draft.fire?.input, draft.fire?.reset].compactMap { $0 }
        let outputs = draft.lanes.flatMap(\.outputs) + draft.walkways.flatMap(\.outputs)
        let carriers = Set(draft.devices.compactMap { $0.through?.port.camera })
        var used = Set(inputs.map(\.terminal.device))
        used.formUnion(outputs.map(\.terminal.device))
        used.formUnion(draft.lanes.flatMap(\.cameras).map(\.device))
        used.formUnion(draft.lanes.flatMap(\.displays).map(\.wire.device))
        used.formUnion(draft.walkways.flatMap(\.readers).map(\.device))
        used.formUnion(draft.lanes.compactMap(\.scanner).map(\.wire.device))
        for (index, device) in draft.devices.enumerated() where carriers.contains(device.name) {
            used.insert(DeviceID(index))
        }
        return used
    }

    private func words(_ device: DeviceDraft) -> (message: String, key: String) {
        switch device.profile?.kind {
        case .camera: ("no lane listens to it", "camera: \(device.name)")
        case .display: ("no lane shows anything on it", "display: \(device.name)")
        case .reader: ("no way in or out reads cards with it", "reader_in: \(device.name)")
        case .scanner: ("no lane reads payment codes with it", "scanner: \(device.name)")
        default:
            if device.outputs == 0 {
                ("nothing is wired to it", "presence: \(device.name).in1")
            } else {
                ("nothing is wired to it", "open: \(device.name).out1")
            }
        }
    }
}
