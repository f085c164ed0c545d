// SPDX-License-Identifier: Apache-2.0

/// Texts of rows in one buffer, each once, referred to by number.
struct TextPool: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var numbers: Table<String, Int32> = Table()

    mutating func number(of text: String) -> Int32 {
        if let known = numbers[text] { return known }
        bytes.append(contentsOf: text.utf8)
        ends.append(bytes.count)
        numbers[text] = Int32(clamping: ends.count - 1)
        return Int32(clamping: ends.count - 1)
    }

    subscript(_ number: Int32) -> String {
        let index = Int(number)
        return String(decoding: bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]], as: UTF8.self)
    }

    /// Ends building: the look-up by text is no longer needed and would cost more than the texts.
    mutating func seal() { numbers = Table() }

    /// After `seal`, for the next directory.
    mutating func unseal() {
        for number in ends.indices { numbers[self[Int32(clamping: number)]] = Int32(clamping: number) }
    }
}

/// Values of which few distinct ones exist (sets of areas, weekly schedules), each once.
struct ValuePool<Value: Hashable & Sendable>: Sendable {
    private var values: [Value] = []

    mutating func number(of value: Value) -> Int32 {
        if let index = values.lastIndex(of: value) { return Int32(clamping: index) }
        values.append(value)
        return Int32(clamping: values.count - 1)
    }

    subscript(_ number: Int32) -> Value { values[Int(number)] }
}

/// A permit as a row of fixed size. −1 stands for "none".
struct PermitRow: Sendable {
    var credential: UInt64
    var id: Int64
    var household: Int64
    var endedAt: Int64
    var validFrom: Int32
    var validTo: Int32
    var areas: Int32
    var windows: Int32
    var holder: Int32
    /// Bits 0–1 direction, bit 2 denial, bit 3 household present, bit 4: `windows` is the number of a visit.
    var bits: UInt8
}

/// A list entry as a row of fixed size.
struct ListRow: Sendable {
    var plate: UInt64
    var id: Int64
    var from: Int64
    var to: Int64
    var reason: Int32
    var author: Int32
    var document: Int32
    var owner: Int32
    var list: UInt8
    var deniesBoth: Bool
}

/// A household as a row of fixed size.
struct HouseholdRow: Sendable {
    var id: Int64
    var name: Int32
    /// −1: not counted.
    var spaces: Int32
}

/// Rows of permits, lists and households with what they refer to: what a builder fills and a directory keeps.
struct DirectoryColumns: Sendable {
    var permits: [PermitRow] = []
    var entries: [ListRow] = []
    var households: [HouseholdRow] = []
    var texts = TextPool()
    var areas: ValuePool<[String]> = ValuePool()
    var windows: ValuePool<[WeeklyWindow]> = ValuePool()
    /// Hardly two are alike.
    var visits: [Visit] = []

    mutating func pack(_ permit: Permit) -> PermitRow {
        let direction: UInt8 =
            switch permit.direction {
            case .in: 0
            case .out: 1
            case .both: 2
            }
        var windows = permit.windows.map { self.windows.number(of: $0) } ?? -1
        if let visit = permit.visit {
            visits.append(visit)
            windows = Int32(clamping: visits.count - 1)
        }
        return PermitRow(
            credential: permit.credential.packed, id: permit.id, household: permit.household ?? -1,
            endedAt: permit.endedAt?.milliseconds ?? .max,
            validFrom: permit.validFrom.map { Int32(clamping: $0.daysSince1970) } ?? .min,
            validTo: permit.validTo.map { Int32(clamping: $0.daysSince1970) } ?? .max,
            areas: permit.areas.map { areas.number(of: $0) } ?? -1,
            windows: windows,
            holder: texts.number(of: permit.holder),
            bits: direction | (permit.isDenial ? 4 : 0) | (permit.household == nil ? 0 : 8)
                | (permit.visit == nil ? 0 : 16))
    }

    func unpack(_ row: PermitRow) -> Permit {
        let directions: [Permit.Direction] = [.in, .out, .both, .both]
        let isVisit = row.bits & 16 != 0
        return Permit(
            id: row.id, credential: Credential(packed: row.credential),
            household: row.bits & 8 == 0 ? nil : row.household,
            areas: row.areas < 0 ? nil : areas[row.areas], direction: directions[Int(row.bits & 3)],
            validFrom: row.validFrom == .min ? nil : CivilDate(daysSince1970: Int(row.validFrom)),
            validTo: row.validTo == .max ? nil : CivilDate(daysSince1970: Int(row.validTo)),
            windows: row.windows < 0 || isVisit ? nil : windows[row.windows], isDenial: row.bits & 4 != 0,
            holder: texts[row.holder],
            endedAt: row.endedAt == .max ? nil : WallTime(milliseconds: row.endedAt),
            visit: isVisit ? visits[Int(row.windows)] : nil)
    }

    mutating func pack(_ entry: ListEntry) -> ListRow {
        let list: UInt8 =
            switch entry.list {
            case .block: 0
            case .watch: 1
            case .allow: 2
            case .emergency: 3
            }
        return ListRow(
            plate: entry.plate.packed, id: entry.id, from: entry.effectiveFrom.milliseconds,
            to: entry.effectiveTo?.milliseconds ?? .max, reason: texts.number(of: entry.reason),
            author: texts.number(of: entry.author),
            document: entry.document.map { texts.number(of: $0) } ?? -1,
            owner: entry.owner.map { texts.number(of: $0) } ?? -1, list: list,
            deniesBoth: entry.variant == .denyBoth)
    }

    func unpack(_ row: ListRow) -> ListEntry {
        ListEntry(
            id: row.id, list: [.block, .watch, .allow, .emergency][Int(min(row.list, 3))],
            plate: Plate(packed: row.plate),
            effectiveFrom: WallTime(milliseconds: row.from),
            effectiveTo: row.to == .max ? nil : WallTime(milliseconds: row.to), reason: texts[row.reason],
            author: texts[row.author], variant: row.deniesBoth ? .denyBoth : .denyEntry,
            document: row.document < 0 ? nil : texts[row.document],
            owner: row.owner < 0 ? nil : texts[row.owner])
    }

    mutating func pack(_ household: Household) -> HouseholdRow {
        HouseholdRow(
            id: household.id, name: texts.number(of: household.name),
            spaces: household.spaces.map { Int32(clamping: max(0, $0)) } ?? -1)
    }

    func unpack(_ row: HouseholdRow) -> Household {
        Household(id: row.id, name: texts[row.name], spaces: row.spaces < 0 ? nil : Int(row.spaces))
    }
}
