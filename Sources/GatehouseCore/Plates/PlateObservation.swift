// SPDX-License-Identifier: Apache-2.0

/// Motion relative to the lens; flickers for a standing vehicle, so it neither opens nor bills.
package enum ObservedDirection: String, Hashable, Sendable {
    case approach, leave, unknown
}

/// A picture kept beside the journal, named by its content.
package struct ImageReference: Hashable, Sendable {
    /// `plate`, `overview`, `vehicle`, `other`.
    package var role: String
    package var bytes: Int
    /// Lower-case hexadecimal.
    package var sha256: String

    package init(role: String, bytes: Int, sha256: String) {
        self.role = role
        self.bytes = bytes
        self.sha256 = sha256
    }
}

/// What a camera claims, as its wire format said it and before anything is believed.
package struct PlateObservation: Hashable, Sendable {
    package var raw: String
    package var color: PlateColor
    package var declaredKind: PlateKind
    /// 0–100, nil when the device gives none.
    package var confidence: Int?
    package var direction: ObservedDirection
    /// The camera's own stamp.
    package var capturedAt: WallTime?
    /// False for re-sent events: recorded, never opened for.
    package var isLive: Bool
    /// The vendor's event identity, else nil.
    package var duplicateKey: String?
    /// The camera acted on its own list (`barrierGateCtrlType` ≠ 0): an opening by somebody else.
    package var openedByCamera: Bool
    package var images: [ImageReference]
    /// Before the camera's own correction from a list of its own; nil where it corrected nothing.
    package var original: String?
    /// The vendor's word or number for the kind, as sent: `92TypeCivil`.
    package var typeCode: String?

    package init(
        raw: String, color: PlateColor = .unknown, declaredKind: PlateKind = .unknown,
        confidence: Int? = nil, direction: ObservedDirection = .unknown, capturedAt: WallTime? = nil,
        isLive: Bool = true, duplicateKey: String? = nil, openedByCamera: Bool = false,
        images: [ImageReference] = [], original: String? = nil, typeCode: String? = nil
    ) {
        self.original = original
        self.typeCode = typeCode
        self.raw = raw
        self.color = color
        self.declaredKind = declaredKind
        self.confidence = confidence
        self.direction = direction
        self.capturedAt = capturedAt
        self.isLive = isLive
        self.duplicateKey = duplicateKey
        self.openedByCamera = openedByCamera
        self.images = images
    }
}

/// An observation that the lane accepted: recorded, parsed and looked up once.
package struct PlateRead: Hashable, Sendable {
    /// Where the camera looks at the vehicle; weighs in the vote (`lanes.md` §7.1).
    package enum CameraRole: String, Hashable, Sendable { case front, rear }

    /// The `plateRead` record.
    package var record: Sequence
    package var reading: PlateReading
    /// 0–100; 0 when the device gives none.
    package var confidence: Int
    package var role: CameraRole
    package var direction: ObservedDirection
    /// Which way the camera's side of a two-way lane leads; nil: the lane's only way.
    package var travel: TravelDirection?
    /// When the camera took the picture, on our monotonic clock and after correction of its skew.
    package var capturedAt: Uptime
    /// Live-marked and fresh: may open. Others are recorded only.
    package var mayOpen: Bool
    package var duplicateKey: String?
    /// The plate stands exactly in the directory, on a list or in an open stay: closes the vote at once.
    package var isKnown: Bool
    /// The camera opened by its own list.
    package var openedByCamera: Bool

    package init(
        record: Sequence, reading: PlateReading, confidence: Int, role: CameraRole = .front,
        direction: ObservedDirection = .unknown, capturedAt: Uptime, mayOpen: Bool = true,
        duplicateKey: String? = nil, isKnown: Bool = false, openedByCamera: Bool = false,
        travel: TravelDirection? = nil
    ) {
        self.record = record
        self.reading = reading
        self.confidence = confidence
        self.role = role
        self.direction = direction
        self.capturedAt = capturedAt
        self.mayOpen = mayOpen
        self.duplicateKey = duplicateKey
        self.isKnown = isKnown
        self.openedByCamera = openedByCamera
        self.travel = travel
    }
}
