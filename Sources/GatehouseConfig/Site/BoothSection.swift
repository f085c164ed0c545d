// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// `booth:` the guard's page.
struct BoothSection {
    /// The other listener, `address:port`.
    let cameraListener: String

    func read(_ reader: MappingReader) -> BoothPlan? {
        var plan = BoothPlan()
        let errors = reader.log.errorCount
        listener(reader, &plan)
        if let port = reader.optional("port")?.integer(in: 1...65_535) { plan.port = port }
        if let field = reader.optional("names") { plan.names = field.oneOrMany().compactMap(Self.name) }
        if let name = reader.optional("guards")?.credential() { plan.guards = name }
        plan.metricsToken = reader.optional("metrics_token")?.credential()
        judge(plan, reader)
        reader.finish()
        return reader.log.errorCount == errors ? plan : nil
    }

    private func listener(_ reader: MappingReader, _ plan: inout BoothPlan) {
        let interface = reader.optional("interface")
        if let field = reader.optional("listen"), let text = field.raw(expecting: "an address") {
            if interface != nil { field.error("listen and interface exclude each other") }
            if text == "0.0.0.0" {
                field.error(
                    "this would listen on every network that there is or will be", found: text,
                    hint: "name the guards' network: interface: eth1; if you mean all of them: interface: any"
                )
            } else if HostAddress.isIPv4(text) {
                plan.listener = .address(text)
            } else {
                field.error("use an IPv4 address of this machine, for example 127.0.0.1", found: text)
            }
        }
        guard let interface, let name = interface.text() else { return }
        let isName = name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/:".utf8.contains($0) }
        guard isName, name.utf8.count <= 15 else {
            return interface.error(
                "use the name of a network interface, as `ip link` shows it", found: name)
        }
        plan.listener = name == "any" ? .everywhere : .interface(name)
    }

    private func judge(_ plan: BoothPlan, _ reader: MappingReader) {
        let place = reader.optional("interface") ?? reader.optional("listen")
        switch plan.listener {
        case .address(let address) where address.hasPrefix("127."): break
        case .everywhere:
            place?.warning(
                "every network reaches the guard's page, the cameras' too",
                hint: "interface: with the name of the guards' network")
        default:
            place?.warning(
                "passwords, plates and pictures cross this network readable",
                hint:
                    "a network of the guards' own, or a proxy with TLS on this machine in front of 127.0.0.1")
        }
        let parts = cameraListener.split(separator: ":")
        guard parts.count == 2, parts[1] == String(plan.port) else { return }
        let isSame =
            switch plan.listener {
            case .address(let address): parts[0] == address || parts[0] == "0.0.0.0"
            case .interface, .everywhere: true
            }
        if isSame {
            (reader.optional("port") ?? place)?.error(
                "port \(plan.port) is the cameras' (network.camera_listener)", hint: "another port")
        }
    }

    private static func name(_ field: Field) -> String? {
        guard let text = field.raw(expecting: "a name of this page") else { return nil }
        guard HostAddress.isValid(text, needsPort: false), !text.contains(":") else {
            field.error("use a host name or address without port and scheme", found: text)
            return nil
        }
        return text
    }
}
