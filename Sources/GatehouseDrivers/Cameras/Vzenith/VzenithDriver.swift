// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

enum VzenithDriver {
    static let driver = Driver(
        name: "vzenith-http", kind: .camera, folder: "Cameras/Vzenith",
        capabilities: ["plates", "pictures", "heartbeat", "resends", "serial"],
        settings: CameraRules.settings + [
            DriverSetting("outputs", .integer(0...4), "1", "How many relays it has; out1 is its output 0"),
            DriverSetting(
                "serial_ports", .integer(0...2), "2", "Serial ports that its answers can write to"),
            DriverSetting(
                "reply_wait_ms", .integer(100...4000), "1000", unit: "ms",
                "How long the answer to a plate waits for the decision; well below the camera's own timeout"),
            DriverSetting(
                "comet_hold", .integer(0...25), "0", unit: "s",
                "Comet mode: how long a heartbeat is held for what there is to say; 0: answered at once"),
            DriverSetting(
                "make", .choice(VzenithDialect.Make.allCases.map(\.rawValue)), "auto",
                "Whose numbers for kinds of plates it sends"),
            DriverSetting(
                "approach", .integer(0...4), "4",
                "The direction in the picture that is towards the lens: 1 left, 2 right, 3 up, 4 down; 0: none"
            ),
            DriverSetting(
                "repair_truncated", .flag, "false", "Put back closing brackets that an event lacks at its end"
            ),
        ])
}
