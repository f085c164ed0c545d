// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// The conversation with one camera that pushes. Nothing here waits: an event is handed out, and `settled` says
/// whether it became durable. Call `timer` at `nextTimer`.
package protocol CameraSession: Sendable {
    var nextTimer: Uptime? { get }
    /// What its stamps say of the time, a second opinion on our own clock; nil before the first.
    var deviceClock: DeviceClock? { get }

    /// Judges who pushes, before a body is read.
    mutating func admit(peer: String, at now: Uptime) -> CameraAdmission
    mutating func receive(_ push: CameraPush, at now: Moment) -> [CameraOutput]
    /// What became of the event that this request brought. Only when it is durable it counts as seen: a camera
    /// that was told 200 forgets it.
    mutating func settled(_ push: PushID, isDurable: Bool, at now: Uptime) -> [CameraOutput]
    /// The answer to `.probe`: any HTTP status counts, also 401.
    mutating func probed(isAlive: Bool, at now: Uptime) -> [CameraOutput]
    mutating func timer(at now: Uptime) -> [CameraOutput]
    /// Nothing is asked of it any more: requests that it holds are answered.
    mutating func stop(at now: Uptime) -> [CameraOutput]
    /// Whether a technician may look at these bytes: some cameras send their password.
    func mayShow(_ push: CameraPush) -> Bool

    // Of a camera that does what answers say:

    /// An order to one of its outputs. What becomes of it comes as `.outcome`.
    mutating func send(_ command: RelayCommand, at now: Uptime) -> [CameraOutput]
    /// Somebody will pass bytes: an opening waits a moment for the text that belongs to it.
    mutating func useSerial()
    /// Bytes for a serial port. What becomes of them comes as `.passed`.
    mutating func pass(_ batch: SerialBatch, at now: Uptime) -> [CameraOutput]
    /// Whether an answer left whole, on a connection that stood.
    mutating func answered(_ push: PushID, isSent: Bool, at now: Uptime) -> [CameraOutput]
}

extension CameraSession {
    package mutating func stop(at now: Uptime) -> [CameraOutput] { [] }
    package func mayShow(_ push: CameraPush) -> Bool { true }

    package mutating func send(_ command: RelayCommand, at now: Uptime) -> [CameraOutput] {
        [.outcome(token: command.token, .refused("this camera has no outputs"))]
    }

    package mutating func useSerial() {}

    package mutating func pass(_ batch: SerialBatch, at now: Uptime) -> [CameraOutput] {
        [batch.outcome(.refused("this camera has no serial port"))]
    }

    package mutating func answered(_ push: PushID, isSent: Bool, at now: Uptime) -> [CameraOutput] { [] }
}

extension DevicePlan {
    /// A new conversation with this device; nil: it is no camera that pushes. `outputs` are those that lanes are
    /// wired to, 1 the first.
    package func cameraSession(outputs: Set<Int>, at now: Uptime) -> (any CameraSession)? {
        switch driver {
        case HikvisionDriver.driver.name: HikvisionSession(HikvisionSettings(self), at: now)
        case VzenithDriver.driver.name: VzenithSession(VzenithSettings(self, outputs: outputs), at: now)
        default: nil
        }
    }
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
