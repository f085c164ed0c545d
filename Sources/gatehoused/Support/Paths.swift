// SPDX-License-Identifier: Apache-2.0

/// Where things are on an installed gateway; every command takes an option instead.
enum Paths {
    static let site = "/etc/gatehouse/site.yaml"
    static let profiles = "/usr/share/gatehouse/hardware-profiles"
    static let socket = "/run/gatehouse/diagnostics.sock"
}
