// SPDX-License-Identifier: Apache-2.0

import GatehouseTwins

/// The guard's page, a program of its own beside the gateway.
enum Booth {
    static let name = "li"
    static let password = "a morning at the gate"

    /// Where it can be opened, by whoever sits at this machine, as long as the morning lasts.
    static func open(on site: TwinSite) throws -> String {
        try site.startBooth(guard: name, password: password)
    }
}
