// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What a driver is called, what may be set for its devices, what it can do. A profile's `settings` and a
/// plan's may use these keys and no others; configuration sees it as `description`.
package struct Driver: Hashable, Sendable {
    /// The name that profiles use.
    package var name: String
    package var kind: DriverDescription.Kind
    /// Below `Sources/GatehouseDrivers`, and of its tests below `Tests/GatehouseDriversTests`.
    package var folder: String
    /// Words that a profile may list under `capabilities`.
    package var capabilities: [String]
    package var settings: [DriverSetting]
    /// Bytes of the longest frame that it writes at once, on a line that others may share.
    package var longestFrame: Int

    package init(
        name: String, kind: DriverDescription.Kind, folder: String, capabilities: [String],
        settings: [DriverSetting], longestFrame: Int = 0
    ) {
        self.longestFrame = longestFrame
        self.name = name
        self.kind = kind
        self.folder = folder
        self.capabilities = capabilities
        self.settings = settings
    }

    package func setting(_ key: String) -> DriverSetting? { settings.first { $0.key == key } }

    /// As configuration validates by it.
    package var description: DriverDescription {
        DriverDescription(
            name: name, kind: kind, capabilities: capabilities, settings: settings.map(\.description),
            longestFrame: longestFrame)
    }
}

/// One setting of a driver.
package struct DriverSetting: Hashable, Sendable {
    package var key: String
    package var kind: SettingDescription.Kind
    /// Used where neither the profile nor the plan says anything.
    package var fallback: String
    /// `ms`, `s`, `coil`; empty where none.
    package var unit: String
    package var doc: String

    package init(
        _ key: String, _ kind: SettingDescription.Kind, _ fallback: String, unit: String = "", _ doc: String
    ) {
        self.key = key
        self.kind = kind
        self.fallback = fallback
        self.unit = unit
        self.doc = doc
    }

    var description: SettingDescription {
        SettingDescription(key: key, kind: kind, fallback: fallback)
    }

    /// Whether a value, in the form that reaches the plan, may be used.
    package func allows(_ value: String) -> Bool {
        switch kind {
        case .text: true
        case .flag: value == "true" || value == "false"
        case .integer(let range): Int(value).map(range.contains) ?? false
        case .duration(let range): Int64(value).map { range.contains(.milliseconds($0)) } ?? false
        case .choice(let words): words.contains(value)
        case .names(let most): value.split(separator: ",").count <= most
        }
    }
}

/// Values of a device's settings, with the driver's fallbacks. Validated before: a value that is not allowed
/// counts as absent.
struct SettingValues {
    private let driver: Driver
    private let values: Table<String, String>

    init(_ driver: Driver, _ values: Table<String, String>) {
        self.driver = driver
        self.values = values
    }

    func text(_ key: String) -> String {
        guard let setting = driver.setting(key) else {
            preconditionFailure("\(driver.name) declares no setting \(key)")
        }
        guard let value = values[key], setting.allows(value) else { return setting.fallback }
        return value
    }

    func integer(_ key: String) -> Int {
        guard let value = Int(text(key)) else {
            preconditionFailure("\(key) of \(driver.name) is not declared as a number")
        }
        return value
    }

    func names(_ key: String) -> [String] { text(key).split(separator: ",").map(String.init) }

    func isOn(_ key: String) -> Bool { text(key) == "true" }

    func milliseconds(_ key: String) -> Duration { .milliseconds(integer(key)) }

    /// For settings where -1 means "this board has none".
    func address(_ key: String) -> UInt16? {
        let value = integer(key)
        return value < 0 ? nil : UInt16(clamping: value)
    }
}
