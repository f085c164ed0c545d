// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

enum GPIOLinesDriver {
    static let driver = Driver(
        name: "gpio-lines", kind: .relay, folder: "Relays/GPIOLines", capabilities: ["outputs", "inputs"],
        settings: [
            DriverSetting(
                "output_lines", .names(GPIOLinesSettings.most), "",
                "Lines that drive something, out1 first: their names or their numbers on the chip"),
            DriverSetting(
                "input_lines", .names(GPIOLinesSettings.most), "", "Lines that something drives, in1 first"),
            DriverSetting(
                "outputs_active_low", .flag, "false", "A low line closes the relay, as on most relay boards"),
            DriverSetting(
                "inputs_active_low", .flag, "true", "A closed contact pulls its line low, against a pull-up"),
            DriverSetting(
                "bias", .choice(GPIOLinesSettings.Bias.allCases.map(\.rawValue)), "as_is",
                "Resistor of the inputs within the chip, where it has any"),
            DriverSetting(
                "drive", .choice(GPIOLinesSettings.Drive.allCases.map(\.rawValue)), "push_pull",
                "Whether the outputs drive both levels"),
        ])
}
