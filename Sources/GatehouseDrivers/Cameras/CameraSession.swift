// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// The conversation with one camera that pushes. Nothing here waits: an event is handed out, and `settled` says
/// whether it became durable. Call `timer` at `nextTimer`.
package protocol CameraSession: Sendable {
    var nextTimer: Uptime? { get }

    /// Judges who pushes, before a body is read.
    mutating func admit(peer: String, at now: Uptime) -> CameraAdmission
    mutating func receive(_ push: CameraPush, at now: Moment) -> [CameraOutput]
    /// What became of the event that this request brought. Only when it is durable it counts as seen: a camera
    /// that was told 200 forgets it.
    mutating func settled(_ push: PushID, isDurable: Bool, at now: Uptime) -> [CameraOutput]
    /// The answer to `.probe`: any HTTP status counts, also 401.
    mutating func probed(isAlive: Bool, at now: Uptime) -> [CameraOutput]
    mutating func timer(at now: Uptime) -> [CameraOutput]
}

package struct CameraAdmission: Hashable, Sendable {
    /// The status that refuses; nil: the body may come.
    package var refusal: Int?
    package var outputs: [CameraOutput]

    package init(refusal: Int? = nil, outputs: [CameraOutput] = []) {
        self.refusal = refusal
        self.outputs = outputs
    }
}
