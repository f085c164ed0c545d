// SPDX-License-Identifier: Apache-2.0

/// What may happen in an exploration, beside timers.
package struct ExplorerScope: Hashable, Sendable {
    /// Who moves the inputs.
    package enum Inputs: Hashable, Sendable {
        /// Nobody in particular: any level at any instant, bounces included. More states than can be counted.
        case free
        /// Vehicles and the arm, as `Surroundings` has them; each level is believed before the next thing
        /// happens. An input that says anything else is a fault.
        case physical
    }

    package enum Part: String, Hashable, Sendable, CaseIterable {
        /// Orders, the guard's button, a payment.
        case people
        case fire
    }

    package var name: String
    package var inputs: Inputs
    package var roles: [LanePlateRole]
    package var vehicles: Int
    package var parts: Set<Part>
    /// How many of the moves may be faults.
    package var faults: Int

    package init(
        name: String = "anything, one fault", inputs: Inputs = .free,
        roles: [LanePlateRole] = LanePlateRole.allCases,
        vehicles: Int = 2, parts: Set<Part> = Set(Part.allCases), faults: Int = 1
    ) {
        self.name = name
        self.inputs = inputs
        self.roles = roles
        self.vehicles = vehicles
        self.parts = parts
        self.faults = faults
    }

    /// From the smallest to everything; how many of them are seen to the last state depends on the lane.
    package static let all: [ExplorerScope] = [
        ExplorerScope(
            name: "a granted vehicle", inputs: .physical, roles: [.granted], vehicles: 1, parts: [],
            faults: 0),
        ExplorerScope(
            name: "a granted vehicle, one fault", inputs: .physical, roles: [.granted], vehicles: 1,
            parts: [], faults: 1),
        ExplorerScope(
            name: "two granted vehicles, one fault", inputs: .physical, roles: [.granted], vehicles: 2,
            parts: [], faults: 1),
        ExplorerScope(
            name: "a granted vehicle, fire", inputs: .physical, roles: [.granted], vehicles: 1,
            parts: [.fire], faults: 0),
        ExplorerScope(name: "anything, one fault"),
    ]
}
