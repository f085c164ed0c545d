// SPDX-License-Identifier: Apache-2.0

/// What a camera says about itself.
package struct CameraIdentity: Hashable, Sendable {
    /// Serial number or identifier, else the hardware address.
    package var id: String?
    /// What the camera believes its address is; the peer's address counts.
    package var address: String?
    package var model: String?
}
