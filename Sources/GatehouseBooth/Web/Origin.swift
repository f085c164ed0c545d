// SPDX-License-Identifier: Apache-2.0

/// By which names this page may be called, and from where forms may come. A page of somebody else's whose name was
/// made to point here (DNS rebinding) has another name in `Host`.
struct Origins: Hashable, Sendable {
    private var names: Set<String>

    init(_ settings: BoothSettings, addresses: [String]) {
        names = Set(settings.names.map { $0.lowercased() })
        names.formUnion(settings.address == "0.0.0.0" ? addresses : [settings.address])
        if settings.address.hasPrefix("127.") || settings.address == "0.0.0.0" {
            names.formUnion(["localhost", "127.0.0.1"])
        }
    }

    /// `Host`, with any port: a proxy in front has its own.
    func knows(host: String?) -> Bool {
        guard let host else { return false }
        let parts = host.lowercased().split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.first else { return false }
        return names.contains(String(name))
    }

    /// The form stood on a page of ours: browsers say so with every POST.
    func allows(origin: String?, host: String?) -> Bool {
        guard let origin = origin?.lowercased(), let host = host?.lowercased() else { return false }
        return knows(host: host) && (origin == "http://\(host)" || origin == "https://\(host)")
    }
}
