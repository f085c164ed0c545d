// SPDX-License-Identifier: Apache-2.0

/// Who is inside: stays that are not finished, exits that belong to none, and the counts, all folded from
/// stay facts and nothing else.
///
/// A finished stay leaves the book and the projection at once; the journal keeps it. Nothing here needs it
/// longer: a second exit of its plate is an unmatched exit, and the same plate within `same_plate_interval`
/// is the lane's business.
package struct StayBook: Equatable, Sendable {
    /// So many unmatched exits wait for a person; the oldest then only count, until a recount settles them.
    package static let maximumUnmatchedExits = 256

    package private(set) var stays: Table<StayID, Stay> = Table()
    package private(set) var unmatchedExits: Table<Sequence, UnmatchedExit> = Table()
    package private(set) var areas: Table<String, AreaCount> = Table()
    /// Cars counted inside by household; absent is none.
    package private(set) var carsInside: Table<Int64, Int> = Table()
    /// Those of them that came in on a permit.
    package private(set) var permitCarsInside: Table<Int64, Int> = Table()
    /// Their stays, by number.
    private var insideOfHousehold: Table<Int64, [StayID]> = Table()
    private var bySkeleton: Table<PlateSkeleton, [StayID]> = Table()
    /// First seen at an exit, and not gone yet as far as is known.
    private(set) var atExit: [StayID] = []

    package init() {}

    package init(rows: [ProjectionRow]) throws(FieldError) {
        for row in rows where row.key.table == .area {
            var count = try AreaCount(from: Fields(row.value))
            // Counted again from the stays, so that the two cannot disagree.
            count.inside = 0
            areas[row.key.key] = count
        }
        for row in rows where row.key.table == .stay {
            let fields = try Fields(row.value)
            if let exit = Self.exitNumber(row.key) {
                unmatchedExits[exit] = try UnmatchedExit(from: fields)
            } else {
                let stay = try Stay(from: fields)
                put(stay, at: stay.id)
            }
        }
    }

    // MARK: Questions

    package func stay(_ id: StayID) -> Stay? { stays[id] }

    /// The newest unfinished stay booked to a plate.
    package func stay(of plate: Plate) -> Stay? { stays(of: plate).last }

    /// Unfinished stays booked to a plate, in order of their numbers.
    package func stays(of plate: Plate) -> [Stay] {
        guard let skeleton = PlateSkeleton.all(of: plate).first else { return [] }
        return (bySkeleton[skeleton] ?? []).compactMap { stays[$0] }.filter { $0.plate == plate }
    }

    package func count(of area: String) -> AreaCount { areas[area] ?? AreaCount() }

    /// Not clamped; `AreaCount.shown` is what people see.
    package func occupancy(of area: String) -> Int { count(of: area).occupancy }

    /// Unfinished stays of a plate and of its look-alikes, in order of their numbers.
    package func stays(near plate: Plate) -> [Stay] {
        var ids: [StayID] = []
        let around = PlateSkeleton.all(of: plate) + PlateSkeleton.around(plate, reach: .oneFreeEdit)
        for skeleton in around { ids += bySkeleton[skeleton] ?? [] }
        ids.sort()
        var distinct: [StayID] = []
        for id in ids where distinct.last != id { distinct.append(id) }
        return distinct.compactMap { stays[$0] }
    }

    /// Cars of a household counted inside, in order of their numbers.
    func inside(ofHousehold id: Int64) -> [Stay] {
        (insideOfHousehold[id] ?? []).compactMap { stays[$0] }
    }

    // MARK: The fold

    /// The one way the book changes, live and in recovery. Total: a fact about an unknown stay changes
    /// nothing.
    package mutating func apply(_ fact: StayFact, sequence: Sequence) -> [ProjectionChange] {
        switch fact {
        case .opened, .imported: return Stay(opened: sequence, by: fact).map { put($0, at: sequence) } ?? []
        case .closed(let id, _, _, _, _), .marked(let id, _, _, _), .corrected(let id, _, _, _),
            .claimed(let id, _, _, _):
            return change(id) { $0.take(fact) }
        case .matched(let id, let exit, _): return match(id, exit, by: fact)
        case .unmatchedExit(let exit): return add(exit, sequence)
        case .areaRecounted(let area, let counted, _): return recount(area, counted, sequence)
        case .countUnderflow(let area, _):
            areas[area, default: AreaCount()].underflows += 1
            return [row(of: area)]
        }
    }

    private mutating func change(_ id: StayID, _ mutate: (inout Stay) -> Void) -> [ProjectionChange] {
        guard var stay = stays[id] else { return [] }
        let wasCounted = stay.isCountedInside
        mutate(&stay)
        if wasCounted, stay.isSettledOnPaper, let recount = count(of: stay.opening.area).recountedAt,
            id < recount
        {
            areas[stay.opening.area, default: AreaCount()].correction += 1
        }
        return put(stay, at: id)
    }

    @discardableResult
    private mutating func put(_ stay: Stay, at id: StayID) -> [ProjectionChange] {
        if let old = stays[id] {
            count(old, -1)
            unindex(old)
        }
        count(stay, 1)
        if stay.opening.isAtExit {
            atExit.removeAll { $0 == id }
            if !stay.state.isFinal { atExit = (atExit + [id]).sorted() }
        }
        if stay.state.isFinal {
            stays.remove(id)
        } else {
            stays[id] = stay
            index(stay)
        }
        let value = stay.state.isFinal ? nil : FieldWriter.object { stay.write(to: &$0) }
        return [ProjectionChange(stay.row, value), row(of: stay.opening.area)]
    }

    private mutating func match(
        _ id: StayID, _ number: Sequence, by fact: StayFact
    ) -> [ProjectionChange] {
        guard stays[id] != nil, let exit = unmatchedExits.remove(number) else { return [] }
        areas[exit.area, default: AreaCount()].unmatchedExits -= 1
        let changes = change(id) { $0.take(fact, matching: exit.exit) }
        return [ProjectionChange(Self.row(ofExit: number), nil), row(of: exit.area)] + changes
    }

    private mutating func add(_ exit: UnmatchedExit, _ number: Sequence) -> [ProjectionChange] {
        areas[exit.area, default: AreaCount()].unmatchedExits += 1
        unmatchedExits[number] = exit
        var changes = [
            ProjectionChange(Self.row(ofExit: number), FieldWriter.object { exit.write(to: &$0) }),
            row(of: exit.area),
        ]
        if unmatchedExits.count > Self.maximumUnmatchedExits, let oldest = unmatchedExits.keysInOrder.first {
            unmatchedExits.remove(oldest)
            changes.append(ProjectionChange(Self.row(ofExit: oldest), nil))
        }
        return changes
    }

    private mutating func recount(_ area: String, _ counted: Int, _ number: Sequence) -> [ProjectionChange] {
        var count = count(of: area)
        count.unmatchedExits = 0
        count.correction = counted &- count.inside
        count.recountedAt = number
        areas[area] = count
        let settled = unmatchedExits.inOrder.filter { $0.value.area == area }.map(\.key)
        for exit in settled { unmatchedExits.remove(exit) }
        return settled.map { ProjectionChange(Self.row(ofExit: $0), nil) } + [row(of: area)]
    }

    // MARK: Indices

    private mutating func count(_ stay: Stay, _ change: Int) {
        // Every area of a stay has its row, also where nobody is counted.
        let change = stay.isCountedInside ? change : 0
        areas[stay.opening.area, default: AreaCount()].inside += change
        guard change != 0, let household = stay.holder.household else { return }
        let inside = (carsInside[household] ?? 0) + change
        if inside == 0 { carsInside.remove(household) } else { carsInside[household] = inside }
        if stay.holder.vehicleClass == .permit {
            let own = (permitCarsInside[household] ?? 0) + change
            if own == 0 { permitCarsInside.remove(household) } else { permitCarsInside[household] = own }
        }
        let others = (insideOfHousehold[household] ?? []).filter { $0 != stay.id }
        let all = change > 0 ? (others + [stay.id]).sorted() : others
        if all.isEmpty { insideOfHousehold.remove(household) } else { insideOfHousehold[household] = all }
    }

    private mutating func index(_ stay: Stay) {
        guard let plate = stay.plate else { return }
        // In order of numbers, so that the book is the same whether lived or recovered.
        for skeleton in PlateSkeleton.all(of: plate) {
            bySkeleton[skeleton] = ((bySkeleton[skeleton] ?? []) + [stay.id]).sorted()
        }
    }

    private mutating func unindex(_ stay: Stay) {
        guard let plate = stay.plate else { return }
        for skeleton in PlateSkeleton.all(of: plate) {
            let rest = (bySkeleton[skeleton] ?? []).filter { $0 != stay.id }
            if rest.isEmpty { bySkeleton.remove(skeleton) } else { bySkeleton[skeleton] = rest }
        }
    }

    private func row(of area: String) -> ProjectionChange {
        ProjectionChange(
            ProjectionKey(.area, area), FieldWriter.object { count(of: area).write(to: &$0) })
    }

    private static func row(ofExit number: Sequence) -> ProjectionKey {
        ProjectionKey(.stay, "exit-\(number.number)")
    }

    private static func exitNumber(_ key: ProjectionKey) -> Sequence? {
        guard key.key.hasPrefix("exit-") else { return nil }
        return Int64(key.key.dropFirst(5)).map { Sequence($0) }
    }
}

extension Stay {
    /// What the fact in this record opens; nil when it opens none.
    package init?(opened id: StayID, by fact: StayFact) {
        switch fact {
        case .opened(let opening): self.init(id: id, opening: opening)
        case .imported(let opening, _):
            self.init(id: id, opening: opening)
            flags.append("imported")
        default: return nil
        }
    }

    /// What a fact makes of the stay that it is about.
    /// - Parameter exit: the unmatched one that `.matched` names.
    package mutating func take(_ fact: StayFact, matching exit: Exit? = nil) {
        switch fact {
        case .closed(_, let state, let exit, let flags, _), .marked(_, let state, let exit, let flags):
            self.state = state
            self.exit = exit
            self.flags += flags
        case .corrected(_, let reading, let holder, let repairer),
            .claimed(_, let reading, let holder, let repairer):
            correct(to: reading, holder: holder, by: repairer)
        case .matched:
            state = .closed
            self.exit = exit
        case .opened, .imported, .unmatchedExit, .areaRecounted, .countUnderflow: break
        }
    }

    /// Finished without having been seen to leave.
    fileprivate var isSettledOnPaper: Bool { state.isFinal && exit?.lane == nil }

    private mutating func correct(to reading: PlateReading, holder: StayHolder, by repairer: StayRepairer) {
        let code = PlateReading(plate: plate, raw: plate?.text ?? "", isNoPlate: true)
        let before = corrections.last?.after ?? opening.reading ?? code
        corrections.append(
            Correction(by: repairer.by, reason: repairer.reason, before: before, after: reading))
        plate = reading.plate
        self.holder = holder
    }
}
