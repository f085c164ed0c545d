// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers

/// A lane's display card as it hangs there: what drivers read.
struct Signboard {
    let wire: DisplayWire
    var card: DisplayCardModel
    /// A bad contact in its cable: most frames and answers arrive with a bit turned.
    var isGarbled = false

    /// It shows what it is sent and answers.
    var isWhole: Bool { !card.faults.isDeaf && !card.faults.isMute && !isGarbled }
    /// Nothing at all comes back from it.
    var isSilent: Bool { card.faults.isDeaf || card.faults.isMute }
}

/// The process's side of a display: its session, and when that wants to be asked again.
struct DisplayLink {
    let settings: DisplaySettings
    var session: DisplaySession
    /// Instead of that one where the card is behind a camera.
    var passed: PassedDisplaySession?
    var shown: LaneText?
    var timerAt: Uptime?

    init?(_ device: DevicePlan, zone: ZoneRules) {
        guard let settings = DisplaySettings(device), let session = DisplaySession(device, zone: zone) else {
            return nil
        }
        self.settings = settings
        self.session = session
        passed = PassedDisplaySession(device, zone: zone)
    }
}
