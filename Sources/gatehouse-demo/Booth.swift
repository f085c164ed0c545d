// SPDX-License-Identifier: Apache-2.0

import GatehouseTwins

/// The guard's page, a program of its own beside the gateway.
enum Booth {
    /// Where it can be opened; nil: there is none on this stage.
    static func open(on site: TwinSite) throws -> String? { nil }
}
