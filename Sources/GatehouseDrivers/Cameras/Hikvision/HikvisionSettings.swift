// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What a profile and `site.yaml` set for a Hikvision camera; keys in `DriverCatalog`.
package struct HikvisionSettings: Hashable, Sendable {
    package var rules: CameraRules
    /// The camera wants the XML of `ResponseStatus` and not an empty 200.
    package var repliesWithXML: Bool

    package init(_ rules: CameraRules = CameraRules(), repliesWithXML: Bool = true) {
        self.rules = rules
        self.repliesWithXML = repliesWithXML
    }

    package init(_ device: DevicePlan) {
        let values = SettingValues(HikvisionDriver.driver, device.settings)
        self.init(
            CameraRules(values, address: device.address), repliesWithXML: values.isOn("reply_xml"))
    }
}
