// SPDX-License-Identifier: Apache-2.0

/// A right to pass: which vehicle or card, where, which way, when. Rights are a union, cut by denials; their order
/// means nothing (`access-rules.md` §3 notes a, e).
package struct Permit: Hashable, Sendable {
    package enum Direction: String, Hashable, Sendable, CaseIterable {
        case `in`, out, both

        package func covers(_ direction: TravelDirection) -> Bool {
            self == .both || rawValue == direction.rawValue
        }
    }

    package var id: Int64
    package var credential: Credential
    package var household: Int64?
    /// Names of areas; nil: all of the site.
    package var areas: [String]?
    package var direction: Direction
    /// First and last civil day; nil: no limit on that side.
    package var validFrom: CivilDate?
    package var validTo: CivilDate?
    /// nil: always; empty: never.
    package var windows: [WeeklyWindow]?
    /// Cuts the rights of other permits of this vehicle or card instead of giving one.
    package var isDenial: Bool
    /// Whose it is, for the people at the desk.
    package var holder: String
    /// Ended before its time; such a permit never comes back.
    package var endedAt: WallTime?
    /// Of a visitor; it stands in place of days and weekly windows.
    package var visit: Visit?

    package init(
        id: Int64, credential: Credential, household: Int64? = nil, areas: [String]? = nil,
        direction: Direction = .both, validFrom: CivilDate? = nil, validTo: CivilDate? = nil,
        windows: [WeeklyWindow]? = nil, isDenial: Bool = false, holder: String = "",
        endedAt: WallTime? = nil, visit: Visit? = nil
    ) {
        self.id = id
        self.credential = credential
        self.household = household
        self.areas = areas
        self.direction = direction
        self.validFrom = validFrom
        self.validTo = validTo
        self.windows = windows
        self.isDenial = isDenial
        self.holder = holder
        self.endedAt = endedAt
        self.visit = visit
    }

    package init(
        id: Int64, plate: Plate, household: Int64? = nil, areas: [String]? = nil,
        direction: Direction = .both, validFrom: CivilDate? = nil, validTo: CivilDate? = nil,
        windows: [WeeklyWindow]? = nil, isDenial: Bool = false, holder: String = "",
        endedAt: WallTime? = nil, visit: Visit? = nil
    ) {
        self.init(
            id: id, credential: .plate(plate), household: household, areas: areas, direction: direction,
            validFrom: validFrom, validTo: validTo, windows: windows, isDenial: isDenial, holder: holder,
            endedAt: endedAt, visit: visit)
    }

    package var plate: Plate? { credential.plate }

    package func hasEnded(at instant: WallTime) -> Bool { endedAt.map { $0 <= instant } ?? false }

    package func covers(area: String) -> Bool { areas?.contains(area) ?? true }

    package func isOpen(at time: CivilTime) -> Bool { windows?.contains { $0.contains(time) } ?? true }

    package func isValid(on date: CivilDate, graceDays: Int = 0) -> Bool {
        if let validFrom, date < validFrom { return false }
        if let validTo, date.daysSince1970 - validTo.daysSince1970 > graceDays { return false }
        return true
    }

    /// By the window of a visit, or else by days.
    package func isValid(at instant: WallTime, on date: CivilDate, graceDays: Int = 0) -> Bool {
        visit.map { $0.admits(at: instant) } ?? isValid(on: date, graceDays: graceDays)
    }

    /// `2026-01-01..2026-12-31`, for explanations.
    package var validityText: String { "\(validFrom?.text ?? "")..\(validTo?.text ?? "")" }
}

extension Permit: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("id", id)
        credential.write(to: &fields)
        fields.put("household", ifPresent: household)
        if let areas { fields.put("areas", strings: areas) }
        fields.put("direction", direction.rawValue)
        fields.put("from", ifPresent: validFrom?.text)
        fields.put("to", ifPresent: validTo?.text)
        if let windows { fields.put("windows", objects: windows) { $0.write(to: &$1) } }
        fields.put("deny", ifTrue: isDenial)
        fields.put("holder", holder)
        fields.put("ended_at", ifPresent: endedAt?.milliseconds)
        if let visit { fields.put("visit", object: visit.write) }
    }

    package init(from fields: Fields) throws(FieldError) {
        id = try fields.integer("id")
        credential = try Credential(from: fields)
        household = try fields.integerIfPresent("household")
        areas = fields.has("areas") ? try fields.strings("areas") : nil
        direction = try fields.word("direction", as: Direction.self)
        validFrom = try fields.dateIfPresent("from")
        validTo = try fields.dateIfPresent("to")
        windows = nil
        if fields.has("windows") {
            var list: [WeeklyWindow] = []
            for window in try fields.objects("windows") { list.append(try WeeklyWindow(from: window)) }
            windows = list
        }
        isDenial = try fields.bool("deny")
        holder = try fields.string("holder")
        endedAt = try fields.wallTimeIfPresent("ended_at")
        visit = try fields.objectIfPresent("visit").map(Visit.init(from:))
    }
}

extension Fields {
    /// A civil date as `CivilDate.text` writes it.
    package func dateIfPresent(_ key: String) throws(FieldError) -> CivilDate? {
        guard let text = try stringIfPresent(key) else { return nil }
        guard let date = CivilDate(text: text) else { throw .unknownValue(key: key, value: text) }
        return date
    }

    /// Milliseconds since 1970.
    package func wallTimeIfPresent(_ key: String) throws(FieldError) -> WallTime? {
        try integerIfPresent(key).map { WallTime(milliseconds: $0) }
    }

    package func wallTime(_ key: String) throws(FieldError) -> WallTime {
        WallTime(milliseconds: try integer(key))
    }
}
