// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// `charging.channel:` how a payment platform reaches the site.
struct PaymentChannelSection {
    let hasUplink: Bool

    func read(_ reader: MappingReader) -> PaymentChannelPlan? {
        let errors = reader.log.errorCount
        let key = reader.required("key", "the credential that signs, for example payment-key")?.credential()
        var plan = PaymentChannelPlan(key: key ?? "")
        plan.http = reader.optional("http").flatMap(Self.address)
        if let field = reader.optional("mqtt") {
            plan.usesBroker = field.flag() ?? false
            if plan.usesBroker, !hasUplink {
                field.error(
                    "calls come over the broker of the uplink, and there is no uplink:",
                    hint: "add uplink: with a broker, or leave mqtt out")
            }
        }
        if plan.http == nil, !plan.usesBroker, reader.log.errorCount == errors {
            reader.log.add(
                at: reader.mark, path: reader.path, "nobody can reach this channel",
                hint: "http: 127.0.0.1:8091, or mqtt: true")
        }
        reader.finish()
        return reader.log.errorCount == errors ? plan : nil
    }

    private static func address(_ field: Field) -> String? {
        guard let text = field.raw(expecting: "an address with a port") else { return nil }
        let host = text.prefix { $0 != ":" }
        guard HostAddress.isValid(text, needsPort: true), HostAddress.isIPv4(String(host)) else {
            field.error(
                "use an IPv4 address of this machine with a port", found: text, hint: "127.0.0.1:8091")
            return nil
        }
        guard host != "0.0.0.0" else {
            field.error(
                "this would listen on every network that there is or will be", found: text,
                hint: "name the platform's network by this machine's address in it")
            return nil
        }
        if !host.hasPrefix("127.") {
            field.warning(
                "plates and amounts cross this network readable",
                hint: "a proxy with TLS on this machine in front of 127.0.0.1")
        }
        return text
    }
}
