// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A request of a camera while it waits for its answer; the listener's side numbers them.
package struct PushID: Hashable, Comparable, Sendable {
    package var number: UInt64

    /// No request brought it: the camera only talks.
    package static let unasked = PushID(0)

    package init(_ number: UInt64) { self.number = number }

    package static func < (a: PushID, b: PushID) -> Bool { a.number < b.number }
}

/// A request that a camera pushed, as the listener received it.
package struct CameraPush: Hashable, Sendable {
    package var id: PushID
    /// Address of the peer, as text: `192.0.2.21`.
    package var peer: String
    package var target: String
    package var contentType: String?
    package var body: [UInt8]

    package init(id: PushID, peer: String, target: String, contentType: String?, body: [UInt8]) {
        self.id = id
        self.peer = peer
        self.target = target
        self.contentType = contentType
        self.body = body
    }
}

/// What a camera's session wants done or tells.
package enum CameraOutput: Hashable, Sendable {
    /// Say this to the request, now, and tell by `answered` whether it left. A session answers each of its requests
    /// once; an event is acknowledged only when it is durable.
    case answer(PushID, CameraReply)
    /// An event that this request brought: say by `settled` what became of it.
    case observed(PushID, ObservedPlate)
    /// A sign of life and nothing else.
    case heartbeat
    /// What became of an order that was given by `send`.
    case outcome(token: Int, CommandOutcome)
    /// What became of bytes that were given by `pass`.
    case passed(port: Int, token: Int, CommandOutcome)
    /// Bytes that came in on a serial port of the camera.
    case serial(port: Int, [UInt8])
    /// Ask the camera whether it lives (any answer counts) and say so by `probed`.
    case probe
    case faultRaised(DeviceFault)
    case faultCleared(code: String)
}

package struct CameraReply: Hashable, Sendable {
    package var status: Int
    package var contentType: String?
    package var body: [UInt8]

    package init(status: Int, contentType: String? = nil, body: [UInt8] = []) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// Not taken: the camera sends it again.
    static let again = CameraReply(status: 503)
}

/// A plate that a camera saw, with what the session knows about its age.
package struct ObservedPlate: Hashable, Sendable {
    package var observation: PlateObservation
    /// On our monotonic clock, corrected for the camera's skew; the receipt where its clock is not believed.
    package var capturedAt: Uptime
    package var freshness: Freshness
    /// The camera's stamp minus receipt, as measured at this event; nil when it sent none.
    package var clockOffset: Duration?
    /// In the order of `observation.images`.
    package var pictures: [ArraySlice<UInt8>]

    package enum Freshness: Hashable, Sendable {
        case fresh
        /// Marked as re-sent by the camera.
        case resent
        /// Not marked, but this old by the camera's clock.
        case old(Duration)
        /// Without a readable stamp nothing tells its age.
        case undated
    }

    /// Only a fresh event may open; others are recorded (H-22).
    package var mayOpen: Bool { freshness == .fresh }

    package init(
        observation: PlateObservation, capturedAt: Uptime, freshness: Freshness, clockOffset: Duration? = nil,
        pictures: [ArraySlice<UInt8>]
    ) {
        self.clockOffset = clockOffset
        self.observation = observation
        self.capturedAt = capturedAt
        self.freshness = freshness
        self.pictures = pictures
    }
}
