// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Every driver there is, in alphabetical order. A new device family adds its folder, its tests with captures
/// and a line here; a test compares this list with the folders.
package enum DriverCatalog {
    package static let drivers: [Driver] = [
        GPIOLinesDriver.driver,
        HikvisionDriver.driver,
        Card64Driver.driver,
        CardAA55Driver.driver,
        ModbusRelayDriver.driver,
        SerialCardDriver.driver,
        SerialPlateDriver.driver,
        SerialScannerDriver.driver,
        VzenithDriver.driver,
    ]

    /// For `GatehouseConfig`.
    package static var descriptions: [DriverDescription] { drivers.map(\.description) }

    package static func driver(_ name: String) -> Driver? {
        drivers.first { $0.name == name }
    }
}
