// SPDX-License-Identifier: Apache-2.0

/// What a guard says that a vehicle is, where its plate says something else: a change of the facts that are priced and not
/// of money (`tariffs.md` §3.1). What is nil stays as the site's rules have it.
package struct Classification: Hashable, Sendable {
    package var vehicleClass: String?
    package var energy: VehicleEnergy?
    /// Why it never pays.
    package var exemption: String?
    /// Who says so, for whoever reads the bill.
    package var by: String

    package init(
        vehicleClass: String? = nil, energy: VehicleEnergy? = nil, exemption: String? = nil, by: String = ""
    ) {
        self.vehicleClass = vehicleClass
        self.energy = energy
        self.exemption = exemption
        self.by = by
    }

    package var isEmpty: Bool { vehicleClass == nil && energy == nil && exemption == nil }

    /// - Returns: which rule decides then.
    func change(_ vehicle: inout BilledVehicle) -> String {
        vehicle.vehicleClass = vehicleClass ?? vehicle.vehicleClass
        vehicle.energy = energy ?? vehicle.energy
        vehicle.exemption = exemption ?? vehicle.exemption
        return "person \(by)"
    }
}

package struct ClassifiedFact: Hashable, Sendable {
    package var stay: StayID
    package var classification: Classification
    package var reason: String
    package var by: Operator
    /// Of the site: an exemption is a release, and counts on its day.
    package var day: CivilDate

    package init(
        stay: StayID, classification: Classification, reason: String, by: Operator, day: CivilDate
    ) {
        self.stay = stay
        self.classification = classification
        self.reason = reason
        self.by = by
        self.day = day
    }
}

extension Classification: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("class", ifPresent: vehicleClass)
        fields.put("energy", ifPresent: energy?.rawValue)
        fields.put("exempt", ifPresent: exemption)
        if !by.isEmpty { fields.put("said_by", by) }
    }

    package init(from fields: Fields) throws(FieldError) {
        self.init(
            vehicleClass: try fields.stringIfPresent("class"),
            energy: try fields.wordIfPresent("energy", as: VehicleEnergy.self),
            exemption: try fields.stringIfPresent("exempt"),
            by: try fields.stringIfPresent("said_by") ?? "")
    }
}

extension ClassifiedFact: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("stay", stay.number)
        classification.write(to: &fields)
        fields.put("reason", reason)
        by.write(to: &fields)
        fields.put("day", day.text)
    }

    package init(from fields: Fields) throws(FieldError) {
        stay = StayID(try fields.integer("stay"))
        classification = try Classification(from: fields)
        reason = try fields.string("reason")
        by = try Operator(from: fields.object("by"))
        guard let day = try fields.dateIfPresent("day") else { throw .missing(key: "day") }
        self.day = day
    }
}
