// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// IPv4 addresses of this machine.
package enum NetworkAddresses {
    package static var all: [String] { devices.map(\.address) }

    /// nil: no such interface, or it has no address (yet).
    package static func of(_ interface: String) -> String? {
        devices.first { $0.name == interface }?.address
    }

    private static var devices: [(name: String, address: String)] {
        ((try? System.enumerateDevices()) ?? []).compactMap { device in
            guard case .v4? = device.address, let text = device.address?.ipAddress else { return nil }
            return (device.name, text)
        }
    }
}
