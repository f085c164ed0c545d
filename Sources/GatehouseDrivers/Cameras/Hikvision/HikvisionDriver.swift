// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

enum HikvisionDriver {
    static let driver = Driver(
        name: "hikvision-isapi", kind: .camera, folder: "Cameras/Hikvision",
        capabilities: ["plates", "pictures", "heartbeat", "resends"],
        settings: CameraRules.settings + [
            DriverSetting(
                "reply_xml", .flag, "true",
                "Answer with ResponseStatus, for cameras that check it (checkResponseEnabled)")
        ])
}
