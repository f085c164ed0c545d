// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What a profile and `site.yaml` set for a Vzenith camera; keys in `DriverCatalog`.
package struct VzenithSettings: Hashable, Sendable {
    package var rules: CameraRules
    package var dialect: VzenithDialect
    /// How long an answer waits for what it could say.
    package var replyWait: Duration
    /// How long a heartbeat is held; nil: answered at once, and nobody reads the answer.
    package var cometHold: Duration?
    /// Outputs that lanes are wired to, 1 the first: only with one of them an answer waits for an order.
    package var outputs: Set<Int>

    package init(
        _ rules: CameraRules = CameraRules(), dialect: VzenithDialect = VzenithDialect(),
        replyWait: Duration = .milliseconds(1000), cometHold: Duration? = nil, outputs: Set<Int> = []
    ) {
        self.rules = rules
        self.dialect = dialect
        self.replyWait = replyWait
        self.cometHold = cometHold
        self.outputs = outputs
    }

    package init(_ device: DevicePlan, outputs: Set<Int>) {
        let values = SettingValues(VzenithDriver.driver, device.settings)
        let hold = values.integer("comet_hold")
        self.init(
            CameraRules(values, address: device.address),
            dialect: VzenithDialect(
                make: VzenithDialect.Make(rawValue: values.text("make")) ?? .auto,
                approach: values.integer("approach"), repairsTruncation: values.isOn("repair_truncated")),
            replyWait: values.milliseconds("reply_wait_ms"), cometHold: hold > 0 ? .seconds(hold) : nil,
            outputs: outputs)
    }
}
