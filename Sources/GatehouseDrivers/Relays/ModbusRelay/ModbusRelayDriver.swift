// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

enum ModbusRelayDriver {
    static let driver = Driver(
        name: "modbus-relay", kind: .relay, folder: "Relays/ModbusRelay",
        capabilities: ["outputs", "inputs", "board_timed_pulses"],
        settings: [
            DriverSetting("address", .integer(1...247), "1", "Modbus address of the board"),
            DriverSetting("outputs", .integer(0...32), "8", "Relays on the board"),
            DriverSetting("inputs", .integer(0...32), "0", "Inputs on the board"),
            DriverSetting("coil_base", .integer(0...65535), "0", unit: "coil", "Coil of output 1"),
            DriverSetting("input_base", .integer(0...65535), "0", "Discrete input of input 1"),
            DriverSetting(
                "flash_base", .integer(-1...65535), "-1", unit: "coil",
                "Coil of output 1 that closes for a time counted by the board; -1: the board has none"),
            DriverSetting("flash_unit_ms", .integer(10...1000), "100", unit: "ms", "Unit of that time"),
            DriverSetting(
                "version_register", .integer(-1...65535), "-1",
                "Register with the firmware's version; -1: none"),
            DriverSetting(
                "minimum_version", .integer(0...65535), "0", "Older firmware speaks otherwise: a fault"),
            DriverSetting("poll_ms", .integer(20...1000), "50", unit: "ms", "Inputs are read this often"),
            DriverSetting(
                "read_back_ms", .integer(200...5000), "500", unit: "ms", "Relays are read back this often"),
            DriverSetting("reply_timeout_ms", .integer(50...1000), "200", unit: "ms", "A lost reply"),
            DriverSetting("retries", .integer(0...5), "2", "After a lost reply, within the command's life"),
            DriverSetting(
                "gap_ms", .integer(2...50), "5", unit: "ms",
                "Silence before a request: 3.5 characters or more"),
            DriverSetting(
                "echo", .choice(["auto", "present", "absent"]), "auto",
                "The adapter returns what we send; found out by itself, a wrong statement is a notice"),
        ])
}
