// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// One profile file to a `HardwareProfile`; nil after errors.
struct ProfileReader {
    let name: String
    let drivers: [DriverDescription]
    let log: IssueLog

    func read(_ text: String) -> HardwareProfile? {
        guard let node = YAMLDocument.compose(text, log: log) else {
            if log.errorCount == 0 { log.add(at: nil, path: "", "the profile is empty") }
            return nil
        }
        guard let top = Field(node: node, path: "", log: log).mapping() else { return nil }
        let maker = top.required("maker", "who makes it")?.text()
        let model = top.required("model", "as the maker prints it")?.text()
        var profile = HardwareProfile(name: name, maker: maker ?? "", model: model ?? "")
        let description = driver(top, &profile)
        top.section("transport").map { transport($0, &profile) }
        let settings = top.optional("settings")?.mapping()
        if let description {
            for setting in description.settings {
                if let fallback = setting.fallback { profile.settings[setting.key] = fallback }
                guard let value = settings?.optional(setting.key)?.setting(setting) else { continue }
                profile.settings[setting.key] = value
            }
        }
        settings?.finish()
        if let field = top.optional("capabilities") {
            if field.isMapping, let reader = field.mapping() {
                capabilities(reader, &profile.capabilities)
            } else {
                profile.capabilities.features = features(field, description)
                profile.capabilities.loopTriggered = profile.capabilities.features.contains("loop_triggered")
                profile.capabilities.triggers = profile.capabilities.features.contains("trigger")
            }
        }
        countTerminals(&profile)
        profile.quirks = top.optional("quirks").map(quirks) ?? []
        profile.verified = top.optional("verified").map(verified) ?? []
        top.finish()
        return log.errorCount == 0 ? profile : nil
    }

    private func driver(_ top: MappingReader, _ profile: inout HardwareProfile) -> DriverDescription? {
        let names = drivers.map(\.name).sorted() + ["none"]
        guard let field = top.required("driver", "a name of the driver catalogue") else { return nil }
        guard let name = field.raw(expecting: "a driver") else { return nil }
        guard names.contains(name) else {
            let hint = nearest(to: name, among: names).map { "did you mean \($0)?" }
            field.error(
                "no such driver", found: name, hint: hint ?? "known: \(names.joined(separator: ", "))")
            return nil
        }
        guard name != "none" else { return nil }
        let description = drivers.first { $0.name == name }
        profile.driver = name
        profile.kind = description?.kind
        profile.longestFrame = description?.longestFrame ?? 0
        return description
    }

    private func transport(_ reader: MappingReader, _ profile: inout HardwareProfile) {
        let kinds = HardwareProfile.Transport.allCases.filter { $0 != .none }
        for kind in kinds {
            guard let field = reader.optional(kind.rawValue) else { continue }
            profile.transport = kind
            guard let details = field.mapping() else { continue }
            if let baud = details.optional("baud")?.integer(in: 1200...921_600) { profile.line.baud = baud }
            let format = details.optional("format")?.choice(SerialLine.Format.allCases.map(\.rawValue))
            if let format = format.flatMap(SerialLine.Format.init) { profile.line.format = format }
            let limits = Duration.milliseconds(10)...(.seconds(10))
            if let timeout = details.optional("reply_timeout")?.duration(in: limits) {
                profile.replyTimeout = timeout
            }
            _ = details.optional("port")?.integer(in: 1...65_535)
            details.finish()
        }
        if reader.entries.count > 1 {
            reader.log.add(at: reader.mark, path: reader.path, "one transport only")
        }
        reader.finish()
    }

    private func capabilities(_ reader: MappingReader, _ value: inout HardwareProfile.Capabilities) {
        value.relays = reader.optional("relays")?.integer(in: 0...256) ?? 0
        value.inputs = reader.optional("inputs")?.integer(in: 0...256) ?? 0
        let span = Duration.milliseconds(1)...(.seconds(60))
        let shortest = reader.optional("pulse_min")?.duration(in: span)
        let longest = reader.optional("pulse_max")?.duration(in: span)
        if let shortest, let longest, shortest <= longest {
            value.pulse = shortest...longest
        } else if shortest != nil || longest != nil {
            reader.log.add(
                at: reader.mark, path: reader.path, "pulse_min and pulse_max belong together, in this order")
        }
        value.pulseStep = reader.optional("pulse_step")?.duration(in: span)
        value.automaticClosing = reader.optional("automatic_closing")?.flag()
        value.closeDelay = reader.optional("close_delay")?.duration(in: .zero...(.seconds(60)))
        value.countsOpenings = reader.optional("counts_openings")?.flag() ?? false
        value.loopTriggered = reader.optional("loop_triggered")?.flag() ?? false
        value.triggers = reader.optional("trigger")?.flag() ?? value.loopTriggered
        value.linkedModes = reader.optional("linked_modes")?.flag() ?? false
        value.limitedPresence = reader.optional("limited_presence")?.flag() ?? false
        let sources = ["gpio", "modbus", "camera", "network", "serial_frames"]
        if let word = reader.optional("input_source")?.choice(sources) {
            let named: [String: InputSource] = [
                "gpio": .gpio, "modbus": .modbus, "camera": .cameraContact, "network": .network,
                "serial_frames": .serialFrames,
            ]
            value.inputSource = named[word]
        }
        reader.finish()
    }

    /// A plain list of words instead of a mapping.
    private func features(_ field: Field, _ description: DriverDescription?) -> [String] {
        let known = description?.capabilities ?? []
        return field.oneOrMany(mayBeEmpty: true).compactMap { $0.choice(known) }
    }

    /// A driver that takes the numbers of terminals as settings need not be told twice.
    private func countTerminals(_ profile: inout HardwareProfile) {
        func number(_ key: String) -> Int? { profile.settings[key].flatMap(ScalarForms.integer) }
        if profile.capabilities.relays == 0 { profile.capabilities.relays = number("outputs") ?? 0 }
        if profile.capabilities.inputs == 0 { profile.capabilities.inputs = number("inputs") ?? 0 }
        if profile.capabilities.pulseStep == nil, let base = number("flash_base"), base >= 0 {
            profile.capabilities.pulseStep = number("flash_unit_ms").map { .milliseconds($0) }
        }
    }

    private func quirks(_ field: Field) -> [HardwareProfile.Quirk] {
        field.oneOrMany(mayBeEmpty: true).compactMap { element in
            guard let reader = element.mapping() else { return nil }
            let id = reader.required("id", "a short name")?.name()
            let why = reader.required("why", "what the driver minds")?.text()
            let source = reader.required("source", "where it is known from")?.text()
            reader.finish()
            guard let id, let why, let source else { return nil }
            return HardwareProfile.Quirk(id: id, why: why, source: source)
        }
    }

    private func verified(_ field: Field) -> [HardwareProfile.Verification] {
        field.oneOrMany(mayBeEmpty: true).compactMap { element in
            guard let reader = element.mapping() else { return nil }
            let by = reader.required("by", "who ran it on the device")?.text()
            let date = reader.required("date", "when")?.date()
            let firmware = reader.optional("firmware")?.text()
            reader.finish()
            guard let by, let date else { return nil }
            return HardwareProfile.Verification(by: by, date: date.text, firmware: firmware)
        }
    }
}
