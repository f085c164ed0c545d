// SPDX-License-Identifier: Apache-2.0

/// What a family of devices is called and which settings it takes: one line of the driver catalogue as the
/// configuration sees it. The catalogue is an argument, so that reading a plan needs no driver.
package struct DriverDescription: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case camera, relay, reader, display, scanner, terminal
    }

    package var name: String
    package var kind: Kind
    /// Words that a profile may list under `capabilities`.
    package var capabilities: [String]
    package var settings: [SettingDescription]
    /// Bytes of the longest frame that it writes at once: what others on its line wait for.
    package var longestFrame: Int

    package init(
        name: String, kind: Kind, capabilities: [String] = [], settings: [SettingDescription] = [],
        longestFrame: Int = 0
    ) {
        self.longestFrame = longestFrame
        self.name = name
        self.kind = kind
        self.capabilities = capabilities
        self.settings = settings
    }
}

/// One setting of a driver. A value reaches `DevicePlan.settings` as text: flags as `true` or `false`,
/// durations as whole milliseconds, names joined by commas, the rest as written.
package struct SettingDescription: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case text
        case flag
        case integer(ClosedRange<Int>)
        case duration(ClosedRange<Duration>)
        case choice([String])
        /// At most so many, each once.
        case names(Int)
    }

    package var key: String
    package var kind: Kind
    /// In the form that reaches the plan; nil: the setting is left out when nobody gives it.
    package var fallback: String?
    /// Neither profile nor site may leave it out.
    package var isRequired: Bool

    package init(key: String, kind: Kind, fallback: String? = nil, isRequired: Bool = false) {
        self.key = key
        self.kind = kind
        self.fallback = fallback
        self.isRequired = isRequired
    }
}
