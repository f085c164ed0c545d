// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Devices behind a camera, which passes their bytes on with the answers that it reads.
struct PassageRules {
    let devices: [DeviceDraft]
    let log: IssueLog

    func judge() {
        var users: [CameraPort: String] = [:]
        for device in devices {
            guard let through = device.through, !through.port.camera.isEmpty else { continue }
            if let first = users[through.port] {
                through.field.error(
                    "\(first) is at this port already", found: text(through.port),
                    hint: "one card, one port; a camera's second port is port: 2")
            }
            users[through.port] = users[through.port] ?? device.name
            judge(device, through)
        }
    }

    private func text(_ port: CameraPort) -> String { "\(port.camera), port \(port.port)" }

    private func judge(_ device: DeviceDraft, _ through: PassageDraft) {
        if device.addressField != nil {
            through.field.error("write at or through, not both", found: text(through.port))
        }
        if let profile = device.profile, profile.kind != .display || profile.transport != .serial {
            return through.field.error(
                "a camera passes bytes on and brings none back: only a display on a serial line can be behind one",
                found: profile.name)
        }
        guard let camera = devices.first(where: { $0.name == through.port.camera }) else {
            let names = devices.filter { $0.profile?.kind == .camera }.map(\.name)
            let hint = nearest(to: through.port.camera, among: names).map { "did you mean \($0)?" }
            return through.field.error(
                "no such device", found: through.port.camera,
                hint: hint ?? "cameras: \(names.joined(separator: ", "))")
        }
        guard let profile = camera.profile else { return }
        guard profile.kind == .camera else {
            return through.field.error("\(camera.name) is not a camera (profile \(profile.name))")
        }
        let ports = camera.settings["serial_ports"].flatMap(ScalarForms.integer) ?? 0
        guard ports > 0 else {
            return through.field.error(
                "\(camera.name) (\(profile.name)) passes no bytes on", found: text(through.port),
                hint: "wire the card to a serial line of the gateway and write at: /dev/…")
        }
        guard through.port.port <= ports else {
            return through.field.error(
                "\(camera.name) has \(ports) serial port\(ports == 1 ? "" : "s")", found: text(through.port))
        }
        if (camera.settings["comet_hold"].flatMap(ScalarForms.integer) ?? 0) == 0 {
            through.field.warning(
                "without comet mode the card gets a text with the answer to the next plate only: what stands there when "
                    + "a car has gone stands until the next one",
                hint: "set comet mode at the camera and write comet_hold: 20 at \(camera.name)")
        }
    }
}
