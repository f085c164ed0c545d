// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

enum HikvisionDriver {
    static let driver = Driver(
        name: "hikvision-isapi", kind: .camera, folder: "Cameras/Hikvision",
        capabilities: ["plates", "pictures", "heartbeat", "resends"],
        settings: [
            DriverSetting(
                "allowed_peers", .text, "",
                "Addresses that may push for this camera, separated by commas; empty: the camera's own"),
            DriverSetting(
                "heartbeat", .integer(0...180), "30", unit: "s",
                "As set in the camera's host entry; 0: none, the camera is probed instead"),
            DriverSetting(
                "plates_per_minute", .integer(10...600), "120", "More than this are refused as a flood"),
            DriverSetting(
                "reply_xml", .flag, "true",
                "Answer with ResponseStatus, for cameras that check it (checkResponseEnabled)"),
        ])
}
