// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A request that a camera pushed, as the listener received it.
package struct CameraPush: Hashable, Sendable {
    /// Address of the peer, as text: `192.0.2.21`.
    package var peer: String
    package var target: String
    package var contentType: String?
    package var body: [UInt8]

    package init(peer: String, target: String, contentType: String?, body: [UInt8]) {
        self.peer = peer
        self.target = target
        self.contentType = contentType
        self.body = body
    }

    /// The peer as a plan writes it: a listener for both families sees IPv4 peers as `::ffff:192.0.2.21`.
    static func host(of peer: String) -> String {
        peer.hasPrefix("::ffff:") ? String(peer.dropFirst(7)) : peer
    }
}

/// What a camera's session wants done or tells.
package enum CameraOutput: Hashable, Sendable {
    /// The answer to the request: at once, unless `.observed` or `.repeated` stands beside it. Then it is the
    /// acknowledgement, said when the event is durable and never otherwise; a failure is answered 503, so that
    /// the camera sends the event again.
    case reply(CameraReply)
    /// Say by `settled` what became of it.
    case observed(ObservedPlate)
    /// The same event again, while the first is not durable yet: both get the one answer.
    case repeated(key: String)
    /// A sign of life and nothing else.
    case heartbeat
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
}

/// A plate that a camera saw, with what the session knows about its age.
package struct ObservedPlate: Hashable, Sendable {
    package var observation: PlateObservation
    /// On our monotonic clock, corrected for the camera's skew; the receipt where its clock is not believed.
    package var capturedAt: Uptime
    package var freshness: Freshness
    /// The camera's stamp minus receipt, as measured at this event; nil when it sent none.
    package var clockOffset: Duration?
    /// Where the pictures stand in the body of the push, in the order of `observation.images`.
    package var pictures: [Range<Int>]

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
        pictures: [Range<Int>]
    ) {
        self.clockOffset = clockOffset
        self.observation = observation
        self.capturedAt = capturedAt
        self.freshness = freshness
        self.pictures = pictures
    }
}
