// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What a profile and `site.yaml` set for a Hikvision camera; keys in `DriverCatalog`.
package struct HikvisionSettings: Hashable, Sendable {
    /// Peers that may push for this camera. Anything on the network can forge a plate (H-38); empty: any.
    package var allowedPeers: [String]
    /// Seconds between heartbeats as set in the camera's host entry; nil: none, so it is probed.
    package var heartbeat: Duration?
    /// More plates per minute than this are refused.
    package var platesPerMinute: Int
    /// The camera wants the XML of `ResponseStatus` and not an empty 200.
    package var repliesWithXML: Bool

    package init(
        allowedPeers: [String] = [], heartbeat: Duration? = .seconds(30), platesPerMinute: Int = 120,
        repliesWithXML: Bool = true
    ) {
        self.allowedPeers = allowedPeers
        self.heartbeat = heartbeat
        self.platesPerMinute = platesPerMinute
        self.repliesWithXML = repliesWithXML
    }

    /// The device's own address is the one peer, unless the plan lists others.
    package init(_ device: DevicePlan) {
        let values = SettingValues(HikvisionDriver.driver, device.settings)
        let listed = values.text("allowed_peers").split(separator: ",").map { String($0).withoutBlanks }
        allowedPeers = listed.isEmpty ? [device.address] : listed
        let seconds = values.integer("heartbeat")
        heartbeat = seconds > 0 ? .seconds(seconds) : nil
        platesPerMinute = values.integer("plates_per_minute")
        repliesWithXML = values.isOn("reply_xml")
    }
}

extension String {
    fileprivate var withoutBlanks: String { filter { $0 != " " } }
}
