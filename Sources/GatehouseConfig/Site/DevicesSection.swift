// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// `devices:` with what their profiles and drivers know of them.
struct DevicesSection {
    let profiles: ProfileLibrary
    let drivers: [DriverDescription]

    func read(_ reader: MappingReader) -> [DeviceDraft] {
        let drafts = reader.entries.compactMap { entry -> DeviceDraft? in
            nameIsUsable(entry, reader.log)
            return device(entry)
        }
        checkBuses(drafts)
        PassageRules(devices: drafts, log: reader.log).judge()
        return drafts
    }

    private func device(_ entry: MappingReader.Entry) -> DeviceDraft? {
        var draft = DeviceDraft(name: entry.key, field: entry.field)
        guard let reader = entry.field.mapping() else { return draft }
        draft.profile = profile(reader)
        draft.through = through(reader)
        draft.addressField =
            draft.through == nil
            ? reader.required("at", "where it is: an address or a path") : reader.optional("at")
        draft.address = draft.addressField?.text() ?? ""
        if let field = draft.addressField, let profile = draft.profile, !draft.address.isEmpty {
            check(draft.address, of: profile, field)
        }
        draft.isWireless = reader.optional("link")?.choice(["wired", "wireless"]) == "wireless"
        draft.linkedModes = reader.optional("linked_modes")?.flag()
        draft.ownListOutput = ownList(reader.optional("own_list_opens"), draft.profile)
        draft.settings = draft.profile?.settings ?? Table()
        let description = drivers.first { $0.name == draft.profile?.driver }
        for setting in description?.settings ?? [] {
            if let value = reader.optional(setting.key)?.setting(setting) {
                draft.settings[setting.key] = value
            } else if setting.isRequired, draft.settings[setting.key] == nil {
                _ = reader.required(setting.key, "the driver \(draft.profile?.driver ?? "") needs it")
            }
        }
        // Without a profile nobody knows which settings there are.
        if draft.profile != nil { reader.finish() }
        return draft
    }

    /// `through: camera-in`, or `{camera: camera-in, port: 2}`.
    private func through(_ reader: MappingReader) -> PassageDraft? {
        guard let field = reader.optional("through") else { return nil }
        let details = field.isMapping ? field.mapping() : nil
        let nameField = field.isMapping ? details?.required("camera", "the name of a camera") : field
        let name = nameField?.raw(expecting: "the name of a camera") ?? ""
        let port = details?.optional("port")?.integer(in: 1...8) ?? 1
        details?.finish()
        return PassageDraft(field: field, port: CameraPort(camera: name, port: port))
    }

    private func profile(_ reader: MappingReader) -> HardwareProfile? {
        guard let field = reader.required("profile", "the name of a hardware profile") else { return nil }
        guard let name = field.raw(expecting: "the name of a profile") else { return nil }
        // Said once, of the folder.
        if profiles.isEmpty { return nil }
        guard profiles.names.contains(name) else {
            let hint = nearest(to: name, among: profiles.names).map { "did you mean \($0)?" }
            field.error("no such hardware profile", found: name, hint: hint)
            return nil
        }
        let profile = profiles.profile(name)
        if profile == nil {
            field.error("this profile has mistakes of its own, listed with its file", found: name)
        } else if profile?.driver == nil {
            field.error(
                "this is a barrier's own board, reached through contacts, not a device", found: name,
                hint: "name it in the lane: controller: {profile: \(name)}")
            return nil
        }
        return profile
    }

    private func ownList(_ field: Field?, _ profile: HardwareProfile?) -> Int? {
        guard let field, let text = field.raw(expecting: "outN") else { return nil }
        let number = text.hasPrefix("out") ? ScalarForms.integer(String(text.dropFirst(3))) : nil
        guard let number, number >= 1, number <= profile?.capabilities.relays ?? number else {
            field.error("use an output of this device, for example out1", found: text)
            return nil
        }
        return number
    }

    private func check(_ address: String, of profile: HardwareProfile, _ field: Field) {
        switch profile.transport {
        case .gpio:
            let isLabel = !address.contains("/") && address.utf8.count <= 31
            guard isLabel || address.hasPrefix("/") && address.count > 1 else {
                return field.error(
                    "use the label of the chip or the absolute path of its device", found: address,
                    hint: "gpiodetect lists the labels, in brackets; they stay when chips are numbered anew")
            }
        case .serial:
            guard address.hasPrefix("/"), address.count > 1 else {
                return field.error(
                    "use the absolute path of the device", found: address,
                    hint: "a name given by udev, such as /dev/gatehouse/relays, stays when the plug moves")
            }
        case .tcp, .udp, .http, .httpPush:
            guard HostAddress.isValid(address, needsPort: false) else {
                return field.error("use a host or host:port, for example 192.0.2.21", found: address)
            }
        case .none: break
        }
    }

    /// Devices that share an address share a bus: same speed, and each its own unit number (H-12).
    private func checkBuses(_ drafts: [DeviceDraft]) {
        for (index, draft) in drafts.enumerated() {
            guard let profile = draft.profile, !draft.address.isEmpty else { continue }
            let before = drafts[..<index].filter { $0.address == draft.address && $0.profile != nil }
            guard let other = before.first, let field = draft.addressField else { continue }
            // Several cameras may push from one address: a recorder, a demonstration.
            if profile.transport == .http || profile.transport == .httpPush { continue }
            guard profile.transport == .serial || profile.transport == .tcp else {
                field.error("the device \(other.name) is there already", found: draft.address)
                continue
            }
            let speakers: Set<DriverDescription.Kind?> = [.camera, .reader, .scanner]
            if let speaker = [profile, other.profile].first(where: { speakers.contains($0?.kind) }) {
                let kind = speaker?.kind?.rawValue ?? "device"
                field.error(
                    "\(other.name) is on this line already; a \(kind) speaks unasked and needs a line of its own",
                    found: draft.address)
                continue
            }
            if let theirs = other.profile,
                theirs.line != profile.line || theirs.transport != profile.transport
            {
                field.error(
                    "\(draft.name) (\(profile.line.baud) baud) and \(other.name) (\(theirs.line.baud) baud) share this bus",
                    found: draft.address)
            }
            if let twin = before.first(where: { $0.unit == draft.unit }) {
                let unit = draft.unit.map { "unit \($0)" } ?? "no unit number"
                field.error("\(twin.name) has \(unit) on this bus already", found: draft.address)
            }
        }
    }
}

/// Logs a key that cannot be a name.
func nameIsUsable(_ entry: MappingReader.Entry, _ log: IssueLog) {
    guard !ScalarForms.isName(entry.key) else { return }
    log.add(
        at: entry.mark, path: entry.field.path, found: entry.key,
        "use lower-case letters, digits and hyphens, a letter first, at most 32")
}

package enum HostAddress {
    static func isIPv4(_ text: String) -> Bool {
        isValid(text, needsPort: false) && text.utf8.allSatisfy { ScalarForms.isDigit($0) || $0 == 0x2E }
    }

    /// A host name or IPv4 address with an optional port.
    package static func isValid(_ text: String, needsPort: Bool) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, parts.count <= 2, !needsPort || parts.count == 2 else { return false }
        if parts.count == 2 {
            guard let port = ScalarForms.integer(String(parts[1])), (1...65_535).contains(port) else {
                return false
            }
        }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard host.utf8.count <= 253, labels.allSatisfy({ (1...63).contains($0.utf8.count) }) else {
            return false
        }
        let isNumeric = host.utf8.allSatisfy { ScalarForms.isDigit($0) || $0 == UInt8(ascii: ".") }
        if isNumeric {
            return labels.count == 4
                && labels.allSatisfy { ScalarForms.integer(String($0)).map { $0 <= 255 } == true }
        }
        return host.utf8.allSatisfy {
            ScalarForms.isDigit($0) || "-.".utf8.contains($0) || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A)
        }
    }
}
