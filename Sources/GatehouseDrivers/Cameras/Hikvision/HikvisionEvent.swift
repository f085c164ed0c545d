// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What a Hikvision camera pushed (`lpr-cameras.md` §1.4).
package struct HikvisionEvent: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case plate(HikvisionPlate)
        /// The camera lives; `videoloss` `inactive` is one as well.
        case heartbeat
        /// `IO`, `VMD`, …
        case other(type: String)
    }

    package var content: Content
    package var device: CameraIdentity
    package var at: CameraTime?
}

package struct HikvisionPlate: Hashable, Sendable {
    package var observation: PlateObservation
    package var channel: Int?
    /// Where the pictures stand in the body, in the order of `observation.images`.
    package var pictures: [Range<Int>]
}
