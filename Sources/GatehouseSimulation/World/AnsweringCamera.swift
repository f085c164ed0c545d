// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers

/// A camera that hangs on its lane's arm: its output closes when the answer to a push says so.
struct AnsweringCamera {
    let gate: Int
    /// Its heartbeats wait at the gateway for something to say.
    let isComet: Bool
    var model: VzenithCameraModel
    /// Counts its starts: what was open before one is broken.
    var life = 0
    var isDown = false
    /// Connections break before the answer, or swallow it.
    var isShaky = false

    static let pulse = Duration.milliseconds(500)
}

/// One request, until the camera has read the answer or given up.
struct CameraExchange {
    enum Content: Hashable {
        case plate
        case heartbeat

        /// The camera waits so long for an answer.
        var patience: Duration { self == .plate ? .seconds(5) : .seconds(30) }
    }

    let camera: Int
    let content: Content
    let request: PlateCameraModel.Request
    let attempt: Int
    /// Of the camera.
    let life: Int
    let sentAt: Uptime
    /// Its answer leaves and never arrives.
    var isSwallowed = false
}
