// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// A plan while it is read: what stands where, with places, so that rules which look at several parts can
/// still name a line.
struct SiteDraft {
    var plan: SitePlan
    var devices: [DeviceDraft] = []
    var lanes: [LaneDraft] = []
    /// Their numbers go on after those of the lanes.
    var walkways: [WalkwayDraft] = []
    var fire: FireDraft?
    /// Whether it was understood or not.
    var hasUplink = false
    var interlocks: [InterlockDraft] = []

    func device(_ id: DeviceID) -> DeviceDraft { devices[id.index] }

    /// In the order of their numbers.
    var laneNames: [String] { lanes.map(\.name) + walkways.map(\.name) }

    /// The site's contact releases the lane of this number, or its own does.
    func isReleasedByFire(_ lane: LaneID, _ inputs: [InputDraft]) -> Bool {
        fire.map { $0.input != nil && $0.lanes.contains(lane) } == true || inputs.contains { $0.role.isFire }
    }
}

struct DeviceDraft {
    var name: String
    var field: Field
    /// Nil after an error in it: what depends on it is not judged.
    var profile: HardwareProfile?
    var addressField: Field?
    var address = ""
    /// A camera that passes its bytes on, instead of an address.
    var through: PassageDraft?
    /// A radio between us and the device.
    var isWireless = false
    var linkedModes: Bool?
    /// Channel of its own output that its own list drives.
    var ownListOutput: Int?
    var settings: Table<String, String> = Table()

    /// What tells it from the others on its bus.
    var unit: String? { settings["address"] ?? settings["unit"] }

    /// How many it has: a board's are counted by its profile, the lines of a chip where they are named.
    var outputs: Int { lines("output_lines") ?? profile?.capabilities.relays ?? 0 }
    var inputs: Int { lines("input_lines") ?? profile?.capabilities.inputs ?? 0 }

    /// Dots of the codes that a display draws; nil: it draws none.
    var displayCode: String? {
        guard profile?.kind == .display, let dots = settings["qr"], dots != "none" else { return nil }
        return dots
    }

    private func lines(_ key: String) -> Int? { settings[key].map { $0.split(separator: ",").count } }

    var hasLinkedModes: Bool { linkedModes ?? profile?.capabilities.linkedModes ?? false }
}

struct PassageDraft {
    var field: Field
    var port: CameraPort
}

/// A statement by a person on site: printed by every check.
package struct Statement: Hashable, Sendable {
    package var confirmedBy: String
    package var date: String
}

extension Statement {
    /// nil after an error.
    init?(_ field: Field) {
        guard let reader = field.mapping() else { return nil }
        let name = Self.person(reader.required("confirmed_by", "the person who saw it work"))
        let date = reader.required("date", "when, for example 2026-03-02")?.date()
        reader.finish()
        guard let name, let date else { return nil }
        self.init(confirmedBy: name, date: date.text)
    }

    /// It is printed by every check: a name, and nothing that moves a terminal's cursor.
    private static func person(_ field: Field?) -> String? {
        guard let field, let name = field.text() else { return nil }
        let isName = name.contains(where: \.isLetter) && name.count <= 64
        let hasControls = name.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard isName, !hasControls else {
            field.error("use the name of a person, at most 64 characters", found: name)
            return nil
        }
        return name
    }
}

/// The area that a lane leads into or out of.
struct AreaName {
    let areas: [AreaPlan]

    func read(_ reader: MappingReader) -> AreaID? {
        guard let area = reader.required("area", "the area that it leads into or out of"),
            let name = area.raw(expecting: "the name of an area")
        else { return nil }
        let names = areas.map(\.name)
        if let index = names.firstIndex(of: name) { return AreaID(index) }
        let hint = nearest(to: name, among: names).map { "did you mean \($0)?" }
        area.error("no such area", found: name, hint: hint ?? "known: \(names.joined(separator: ", "))")
        return nil
    }
}

struct InputDraft {
    enum Role: Hashable {
        case lane(LaneInput)
        case walkway(WalkwayInput)
        case fire
        case fireReset

        var isSafety: Bool { if case .lane(.safety) = self { true } else { false } }
        var isFire: Bool { self == .fire }
    }

    var role: Role
    var field: Field
    var terminal: Terminal
    var contact: ContactWiring
    var sensor: SensorKind
    var source: InputSource
    var staleAfter: Duration
    var isWireless: Bool
    var acceptsBrokenWire: Bool
    var hasLimitedPresence: Bool
}

struct OutputDraft {
    var output: LaneOutput
    var field: Field
    var terminal: Terminal
}

struct DisplayDraft {
    var field: Field
    var wire: DisplayWire
}

struct ScannerDraft {
    var field: Field
    var wire: ScannerWire
}

struct LaneDraft {
    var plan: LanePlan
    var field: Field
    /// Fields by key, for the place of a message.
    var fields: [String: Field] = [:]
    var inputs: [InputDraft] = []
    var outputs: [OutputDraft] = []
    var cameras: [CameraWire] = []
    var displays: [DisplayDraft] = []
    var scanner: ScannerDraft?
    /// The same for everybody who pays at this lane.
    var paymentCode: String?
    /// Its own rule for a vehicle that owes nothing.
    var zeroFee: Field?
    var hasTrailers = false
    var antiCrush: Statement?
    var fireHardwired: Statement?
    var controller: HardwareProfile?
    var automaticClosing: Bool?
    var closeDelay: Duration?
    var interlock: String?
    /// Timers that the site gave itself.
    var givenTimers: Set<String> = []
    /// What was understood: a rule about something that was not would only repeat the mistake.
    var knowsKind = false
    var knowsArea = false
    var knowsClosing = false

    var isComplete: Bool { knowsKind && knowsArea && knowsClosing }

    var name: String { plan.name }
    var path: String { field.path }
    var safety: [InputDraft] { inputs.filter(\.role.isSafety) }

    func has(_ input: LaneInput) -> Bool { inputs.contains { $0.role == .lane(input) } }

    func error(at key: String? = nil, _ message: String, hint: String? = nil) {
        add(.error, at: key, message, hint: hint)
    }

    func warning(at key: String? = nil, _ message: String, hint: String? = nil) {
        add(.warning, at: key, message, hint: hint)
    }

    private func add(_ severity: ConfigIssue.Severity, at key: String?, _ message: String, hint: String?) {
        let place = key.flatMap { fields[$0] } ?? field
        let path = key.map { "\(field.path).\($0)" } ?? field.path
        field.log.add(severity, at: place.mark, path: path, message, hint: hint)
    }
}

struct FireDraft {
    var field: Field
    var input: InputDraft?
    var reset: InputDraft?
    var lanes: [LaneID]
}

struct InterlockDraft {
    var name: String
    var field: Field
    var isAirlock: Bool
    /// `north.clear`: the lane and the role of the sensor between the arms.
    var between: Field?

    static let sensors: [String: LaneInput] = ["clear": .clear, "presence": .presence]
}
