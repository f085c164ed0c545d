// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What a profile and `site.yaml` set for a Modbus board; keys and ranges in `ModbusRelayDriver`.
package struct ModbusRelaySettings: Hashable, Sendable {
    package enum Echo: String, Hashable, Sendable { case auto, present, absent }

    package var address: UInt8 = 1
    package var outputs = 8
    package var inputs = 0
    package var coilBase: UInt16 = 0
    package var inputBase: UInt16 = 0
    /// nil: the session ends pulses itself.
    package var flashBase: UInt16?
    package var flashUnit: Duration = .milliseconds(100)
    package var versionRegister: UInt16?
    package var minimumVersion: UInt16 = 0
    package var pollInterval: Duration = .milliseconds(50)
    package var readBackInterval: Duration = .milliseconds(500)
    package var replyTimeout: Duration = .milliseconds(200)
    package var retries = 2
    package var gap: Duration = .milliseconds(5)
    package var echo = Echo.auto

    package init() {}

    package init(_ device: DevicePlan) {
        let values = SettingValues(ModbusRelayDriver.driver, device.settings)
        address = UInt8(clamping: values.integer("address"))
        outputs = values.integer("outputs")
        inputs = values.integer("inputs")
        coilBase = UInt16(clamping: values.integer("coil_base"))
        inputBase = UInt16(clamping: values.integer("input_base"))
        flashBase = values.address("flash_base")
        flashUnit = values.milliseconds("flash_unit_ms")
        versionRegister = values.address("version_register")
        minimumVersion = UInt16(clamping: values.integer("minimum_version"))
        pollInterval = values.milliseconds("poll_ms")
        readBackInterval = values.milliseconds("read_back_ms")
        replyTimeout = values.milliseconds("reply_timeout_ms")
        retries = values.integer("retries")
        gap = values.milliseconds("gap_ms")
        echo = Echo(rawValue: values.text("echo")) ?? .auto
    }
}
