// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What a Vzenith camera, or one that copies it, pushed (`lpr-cameras.md` §3.1, §3.4, §3.6).
package struct VzenithEvent: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case plate(VzenithPlate)
        /// As JSON with clones, which read an answer in their own words.
        case heartbeat(isJSON: Bool)
        /// A contact of the camera changed: 0 to 3 are its inputs 1 to 4.
        case input(source: Int64, value: Int64)
        /// Bytes that came in on its serial port.
        case serial(port: Int64, bytes: [UInt8])
        /// A vehicle lingers or has turned back: no arrival. What the loops see of it counts.
        case trigger(Int64)
        /// A picture that was asked for, …
        case other(type: String)
    }

    package var content: Content
    package var device: CameraIdentity
    package var at: CameraTime?
    /// Of a plate result, whatever triggered it; the answer names it again.
    package var plateID: Int64?
}

package struct VzenithPlate: Hashable, Sendable {
    package var observation: PlateObservation
    /// In the order of `observation.images`.
    package var pictures: [[UInt8]]
}

/// What documents leave open or makers do differently.
package struct VzenithDialect: Hashable, Sendable {
    /// Whose numbers `type` has.
    package enum Make: String, Hashable, Sendable, CaseIterable {
        /// By the members that only copies send, else by the plate.
        case auto
        case vzenith
        /// Qianyi, Alphadigi, Boyue.
        case qianyi
    }

    package var make: Make
    /// The `direction` in the picture that is towards the lens.
    package var approach: Int
    /// Closing brackets that a truncated text lacks are put back.
    package var repairsTruncation: Bool

    package init(make: Make = .auto, approach: Int = 4, repairsTruncation: Bool = false) {
        self.make = make
        self.approach = approach
        self.repairsTruncation = repairsTruncation
    }
}
