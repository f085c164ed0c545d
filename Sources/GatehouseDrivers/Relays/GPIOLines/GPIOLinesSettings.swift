// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What a profile and `site.yaml` set for the lines of a chip; keys and ranges in `GPIOLinesDriver`.
package struct GPIOLinesSettings: Hashable, Sendable {
    package enum Bias: String, Hashable, Sendable, CaseIterable {
        case asIs = "as_is"
        case disabled
        case pullUp = "pull_up"
        case pullDown = "pull_down"
    }

    package enum Drive: String, Hashable, Sendable, CaseIterable {
        case pushPull = "push_pull"
        case openDrain = "open_drain"
        case openSource = "open_source"
    }

    /// Of each kind; as many as an `InputBank` takes.
    static let most = 32

    package var outputs: [String] = []
    package var inputs: [String] = []
    package var areOutputsActiveLow = false
    package var areInputsActiveLow = true
    package var bias = Bias.asIs
    package var drive = Drive.pushPull

    package init() {}

    package init(_ device: DevicePlan) {
        let values = SettingValues(GPIOLinesDriver.driver, device.settings)
        outputs = values.names("output_lines")
        inputs = values.names("input_lines")
        areOutputsActiveLow = values.isOn("outputs_active_low")
        areInputsActiveLow = values.isOn("inputs_active_low")
        bias = Bias(rawValue: values.text("bias")) ?? .asIs
        drive = Drive(rawValue: values.text("drive")) ?? .pushPull
    }
}
