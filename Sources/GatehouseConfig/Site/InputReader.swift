// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// `relays.in3`, or a mapping that says how it is wired.
struct InputReader {
    let devices: [DeviceDraft]

    func read(_ field: Field, as role: InputDraft.Role) -> InputDraft? {
        guard field.isMapping else { return short(field, as: role) }
        guard let reader = field.mapping() else { return nil }
        let reference = reader.required("input", "write device.inN")
        let terminal = reference.flatMap { self.terminal($0, "in") }
        let contact = reader.optional("contact")?.choice([ContactWiring.normallyClosed, .normallyOpen])
        let sensor = reader.optional("sensor")?.choice([SensorKind.loop, .radar, .beam, .curtain, .contact])
        let accepted = reader.optional("broken_wire_unnoticed")?.choice(["accepted"]) != nil
        let limited = reader.optional("limited_presence")?.flag()
        let stale = reader.optional("stale_after")
        let isContactMissing = !reader.entries.contains { $0.key == "contact" } && isDangerous(role)
        if isContactMissing {
            field.log.add(
                at: field.mark, path: reader.join("contact"),
                "missing; say how it is wired, normally_closed or normally_open (H-11)")
        }
        reader.finish()
        guard let terminal, !isContactMissing else { return nil }
        var draft = make(role, field, terminal, contact ?? Self.usualContact(role), sensor)
        draft.acceptsBrokenWire = accepted
        draft.hasLimitedPresence = limited ?? draft.hasLimitedPresence
        if let given = stale?.duration(in: Self.staleRange(draft.source, role)) { draft.staleAfter = given }
        return draft
    }

    private func short(_ field: Field, as role: InputDraft.Role) -> InputDraft? {
        guard let terminal = terminal(field, "in") else { return nil }
        if isDangerous(role) {
            let text = field.word ?? "relays.in1"
            field.error(
                "say how it is wired (H-11)", found: text,
                hint: "write {input: \(text), contact: normally_closed}")
            return nil
        }
        return make(role, field, terminal, Self.usualContact(role), nil)
    }

    private func isDangerous(_ role: InputDraft.Role) -> Bool { role.isSafety || role.isFire }

    private func make(
        _ role: InputDraft.Role, _ field: Field, _ terminal: Terminal, _ contact: ContactWiring,
        _ sensor: SensorKind?
    ) -> InputDraft {
        let device = devices[terminal.device.index]
        let source = device.profile?.inputSource ?? .network
        return InputDraft(
            role: role, field: field, terminal: terminal, contact: contact,
            sensor: sensor ?? Self.usualSensor(role), source: source,
            staleAfter: Self.staleDefault(source, role), isWireless: device.isWireless,
            acceptsBrokenWire: false,
            hasLimitedPresence: device.profile?.capabilities.limitedPresence ?? false)
    }

    /// A reed at a door and the lid of a box are closed at rest, so that a cut wire says "open".
    private static func usualContact(_ role: InputDraft.Role) -> ContactWiring {
        switch role {
        case .walkway(.doorContact), .walkway(.tamper): .normallyClosed
        default: .normallyOpen
        }
    }

    private static func usualSensor(_ role: InputDraft.Role) -> SensorKind {
        switch role {
        case .lane(.presence), .lane(.safety), .lane(.clear): .loop
        case .lane, .walkway, .fire, .fireReset: .contact
        }
    }

    static func staleDefault(_ source: InputSource, _ role: InputDraft.Role) -> Duration {
        switch source {
        case .gpio: .seconds(2)
        case .modbus: role.isSafety ? .milliseconds(400) : .seconds(2)
        case .cameraContact, .network: .seconds(30)
        case .serialFrames: .milliseconds(500)
        }
    }

    static func staleRange(_ source: InputSource, _ role: InputDraft.Role) -> ClosedRange<Duration> {
        switch source {
        case .gpio: .seconds(1)...(.seconds(5))
        case .modbus: role.isSafety ? .milliseconds(200)...(.seconds(1)) : .milliseconds(200)...(.seconds(5))
        case .cameraContact, .network: .seconds(10)...(.seconds(90))
        case .serialFrames: .milliseconds(200)...(.seconds(1))
        }
    }

    /// `device.inN` or `device.outN`: the device exists and has that many.
    func terminal(_ field: Field, _ prefix: String) -> Terminal? {
        guard let text = field.raw(expecting: "device.\(prefix)N") else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let number =
            parts.count == 2 && parts[1].hasPrefix(prefix)
            ? ScalarForms.integer(String(parts[1].dropFirst(prefix.count))) : nil
        guard let number, number >= 1 else {
            field.error("use device.\(prefix)N, for example relays.\(prefix)1", found: text)
            return nil
        }
        let names = devices.map(\.name)
        guard let index = names.firstIndex(of: String(parts[0])) else {
            let hint = nearest(to: String(parts[0]), among: names).map { "did you mean \($0)?" }
            field.error(
                "no such device", found: text, hint: hint ?? "known: \(names.joined(separator: ", "))")
            return nil
        }
        if let profile = devices[index].profile {
            let count = prefix == "in" ? devices[index].inputs : devices[index].outputs
            guard number <= count else {
                let kind = prefix == "in" ? "inputs" : "outputs"
                let isNamed = profile.transport == .gpio
                field.error(
                    "\(isNamed ? devices[index].name : profile.name) has \(count) \(kind)", found: text,
                    hint: isNamed
                        ? "name its lines at \(devices[index].name): \(prefix)put_lines: [...]" : nil)
                return nil
            }
        }
        return Terminal(DeviceID(index), number)
    }
}
