// SPDX-License-Identifier: Apache-2.0

/// From what is seen of a plate to the class that a tariff prices. The colour is evidence for the class, not the class
/// itself (`tariffs.md` §3.1): a site's own rules come first, and the stay keeps which rule decided.
package struct ClassRule: Hashable, Sendable {
    /// Empty: any.
    package var colours: [PlateColor]
    /// Empty: any.
    package var kinds: [PlateKind]
    package var vehicleClass: String
    package var energy: VehicleEnergy?
    /// Why it never pays; nil: it pays.
    package var exemption: String?

    package init(
        colours: [PlateColor] = [], kinds: [PlateKind] = [], vehicleClass: String = "small",
        energy: VehicleEnergy? = nil, exemption: String? = nil
    ) {
        self.colours = colours
        self.kinds = kinds
        self.vehicleClass = vehicleClass
        self.energy = energy
        self.exemption = exemption
    }

    func fits(_ reading: PlateReading?) -> Bool {
        let (colour, kind) = (reading?.color ?? .unknown, reading?.kind ?? .unknown)
        return (colours.isEmpty || colours.contains(colour)) && (kinds.isEmpty || kinds.contains(kind))
    }

    /// What holds where a site says nothing. Exempt by law: police, military and armed police; rescue vehicles by their
    /// plates (§2, 36).
    package static let usual: [ClassRule] = [
        ClassRule(kinds: [.police], exemption: "police"),
        ClassRule(kinds: [.military, .armedPolice], exemption: "military"),
        ClassRule(kinds: [.emergency], exemption: "emergency"),
        ClassRule(kinds: [.motorcycle], vehicleClass: "motorcycle"),
        ClassRule(colours: [.yellowGreen], vehicleClass: "large", energy: .newEnergy),
        ClassRule(colours: [.green], energy: .newEnergy),
        ClassRule(colours: [.yellow], vehicleClass: "large"),
        ClassRule(),
    ]

    /// The rule that decides, and its place: `site 1`, `usual 5`.
    package static func first(
        fitting reading: PlateReading?, among own: [ClassRule]
    ) -> (rule: ClassRule, name: String) {
        if let index = own.firstIndex(where: { $0.fits(reading) }) {
            return (own[index], "site \(index + 1)")
        }
        let index = usual.firstIndex { $0.fits(reading) } ?? usual.count - 1
        return (usual[index], "usual \(index + 1)")
    }
}

extension BilledVehicle {
    init(_ rule: ClassRule, colour: PlateColor?) {
        self.init()
        vehicleClass = rule.vehicleClass
        energy = rule.energy
        exemption = rule.exemption
        plateColour = colour?.word
    }
}

extension PlateColor {
    /// As GTF-1 writes it.
    fileprivate var word: String? {
        switch self {
        case .yellowGreen: "yellow_green"
        case .other, .unknown: nil
        default: rawValue
        }
    }
}
