// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Everything the page needs to know, resolved: no file is read and no environment is asked in here.
package struct BoothSettings: Sendable {
    /// An IPv4 address of this machine, or 0.0.0.0.
    package var address: String
    /// 0: any that is free.
    package var port: Int
    /// What browsers may call this page besides `address`, without a port.
    package var names: [String]
    package var socket: String
    package var guards: Guards
    /// nil: only this machine may ask for the metrics.
    package var metricsToken: String?
    package var zone: ZoneRules

    package init(
        address: String, port: Int, names: [String], socket: String, guards: Guards, metricsToken: String?,
        zone: ZoneRules
    ) {
        self.address = address
        self.port = port
        self.names = names
        self.socket = socket
        self.guards = guards
        self.metricsToken = metricsToken
        self.zone = zone
    }
}
