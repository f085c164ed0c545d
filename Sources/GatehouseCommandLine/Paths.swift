// SPDX-License-Identifier: Apache-2.0

/// Where things are on an installed gateway; every command takes an option instead.
package enum Paths {
    package static let site = "/etc/gatehouse/site.yaml"
    package static let profiles = "/usr/share/gatehouse/hardware-profiles"
    package static let socket = "/run/gatehouse/diagnostics.sock"
}
