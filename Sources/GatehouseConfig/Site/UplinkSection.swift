// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// `uplink:` where the records go.
struct UplinkSection {
    private let site: String
    private let gateway: String

    init(_ plan: SitePlan) {
        site = plan.id
        gateway = plan.gateway
    }

    func read(_ reader: MappingReader) -> UplinkPlan? {
        let field = reader.required("broker", "the MQTT broker, for example mqtts://broker.example:8883")
        let broker = field.flatMap(Self.broker)
        var plan =
            broker ?? UplinkPlan(host: "", port: 0, usesTLS: false, topic: "")
        plan.topic = reader.optional("topic").flatMap(Self.topic) ?? "gatehouse/\(site)/\(gateway)/records"
        plan.username = reader.optional("username")?.text()
        plan.password = reader.optional("password")?.credential()
        plan.authority = reader.optional("authority")?.absolutePath()
        plan.certificate = reader.optional("certificate")?.credential()
        plan.key = reader.optional("key")?.credential()
        if let value = reader.optional("window")?.integer(in: 1...1000) { plan.window = value }
        if let value = reader.optional("no_subscribers")?.choice(NoSubscribers.allCases) {
            plan.acceptsNoSubscribers = value == .accepted
        }
        if let value = reader.optional("keep_acknowledged")?.duration(
            in: .seconds(7 * 86_400)...(.seconds(365 * 86_400)))
        {
            plan.keepAcknowledged = value
        }
        plan.showsOffline = reader.optional("show_offline")?.flag() ?? false
        judge(plan, reader)
        reader.finish()
        return broker == nil ? nil : plan
    }

    private enum NoSubscribers: String, CaseIterable { case fault, accepted }

    private func judge(_ plan: UplinkPlan, _ reader: MappingReader) {
        if plan.password != nil, plan.username == nil {
            reader.optional("password")?.error("a password without a username", hint: "add username")
        }
        if (plan.certificate == nil) != (plan.key == nil) {
            (reader.optional("certificate") ?? reader.optional("key"))?.error(
                "certificate and key belong together")
        }
        guard !plan.usesTLS else { return }
        for key in ["authority", "certificate", "key"] {
            reader.optional(key)?.error("without TLS this has no effect", hint: "use mqtts:// as broker")
        }
        if plan.password != nil, !["127.0.0.1", "localhost"].contains(plan.host) {
            reader.optional("password")?.warning(
                "the password and all records cross the network readable", hint: "use mqtts:// as broker")
        }
    }

    /// `mqtts://HOST[:8883]` or `mqtt://HOST[:1883]`.
    private static func broker(_ field: Field) -> UplinkPlan? {
        guard let text = field.raw(expecting: "mqtts://host or mqtt://host") else { return nil }
        let usesTLS = text.hasPrefix("mqtts://")
        let rest = text.dropFirst(usesTLS ? 8 : 7)
        guard usesTLS || text.hasPrefix("mqtt://"), HostAddress.isValid(String(rest), needsPort: false) else {
            field.error("use mqtts://host or mqtt://host, with :port (1–65535) where it differs", found: text)
            return nil
        }
        let parts = rest.split(separator: ":")
        let port = parts.count > 1 ? Int(parts[1]) ?? 0 : usesTLS ? 8883 : 1883
        return UplinkPlan(host: String(parts[0]), port: port, usesTLS: usesTLS, topic: "")
    }

    /// A topic name (MQTT 5, 4.7): no wildcards, and nothing that is the broker's own.
    private static func topic(_ field: Field) -> String? {
        guard let text = field.text() else { return nil }
        let isClean = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard isClean, !text.contains(where: { "+#".contains($0) }), !text.hasPrefix("$"),
            text.utf8.count <= 256
        else {
            field.error("use a topic of at most 256 bytes without +, # and a leading $", found: text)
            return nil
        }
        return text
    }
}
