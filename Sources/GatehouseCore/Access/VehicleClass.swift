// SPDX-License-Identifier: Apache-2.0

/// As what a vehicle is inside.
package enum VehicleClass: String, Hashable, Sendable, CaseIterable {
    case permit, temporary, visitor, allowlist, emergency, unidentified
}

extension Decision {
    /// As what its vehicle enters.
    package var vehicleClass: VehicleClass {
        if isEmergency { return .emergency }
        switch reason {
        case .allowlisted: return .allowlist
        case .temporaryVehicle, .quotaAsTemporary: return .temporary
        case .visitorPass: return .visitor
        default: break
        }
        if permit != nil { return .permit }
        return plate == nil ? .unidentified : .temporary
    }
}
