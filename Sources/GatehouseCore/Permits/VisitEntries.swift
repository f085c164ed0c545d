// SPDX-License-Identifier: Apache-2.0

/// Which stays began on visitors' passes that limit their number (`access-rules.md` §1.4). A stay begins with a passage,
/// so whoever was only granted one has used nothing; nor has a stay that never was. Folded from records and nothing else.
package struct VisitEntries: Equatable, Sendable {
    /// By pass; one without a limit is not counted.
    private var stays: Table<Int64, [StayID]> = Table()

    package init() {}

    package func count(of pass: Int64) -> Int { stays[pass]?.count ?? 0 }

    /// It gives no entry any more.
    /// - Parameter stay: the one that is asked about, which may itself have used it up.
    package func areUsedUp(of permit: Permit, besides stay: StayID? = nil) -> Bool {
        guard let most = permit.visit?.entries else { return false }
        return (stays[permit.id] ?? []).count { $0 != stay } >= most
    }

    /// A limit counts from the record that sets it on.
    mutating func apply(_ change: DirectoryChange) -> [ProjectionChange] {
        guard case .permitSet(let permit) = change else { return [] }
        let isCounted = permit.visit?.entries != nil
        guard isCounted != (stays[permit.id] != nil) else { return [] }
        return set(permit.id, isCounted ? [] : nil)
    }

    /// - Parameter book: as it is before the fact.
    mutating func apply(_ fact: StayFact, _ sequence: Sequence, to book: StayBook) -> [ProjectionChange] {
        guard !stays.isEmpty, let id = fact.stay(openedBy: sequence) else { return [] }
        let before = book.stay(id)
        var after = before ?? Stay(opened: id, by: fact)
        after?.take(fact)
        guard before?.usedPass != after?.usedPass else { return [] }
        var changes: [ProjectionChange] = []
        if let pass = before?.usedPass, let known = stays[pass] {
            changes += set(pass, known.filter { $0 != id })
        }
        if let pass = after?.usedPass, let known = stays[pass] {
            changes += set(pass, (known + [id]).sorted())
        }
        return changes
    }

    private mutating func set(_ pass: Int64, _ ids: [StayID]?) -> [ProjectionChange] {
        let value = ids.map { ids in FieldWriter.object { $0.put("stays", integers: ids.map(\.number)) } }
        if let ids { stays[pass] = ids } else { stays.remove(pass) }
        return [ProjectionChange(Self.row(of: pass), value)]
    }

    package static func row(of pass: Int64) -> ProjectionKey { ProjectionKey(.visit, String(pass)) }
}

extension VisitEntries {
    /// Of its own table; other rows are passed over.
    package init(rows: [ProjectionRow]) throws(FieldError) {
        for row in rows where row.key.table == .visit {
            guard let pass = Int64(row.key.key) else {
                throw .unknownValue(key: ProjectionTable.visit.rawValue, value: row.key.key)
            }
            stays[pass] = try Fields(row.value).integers("stays").map { StayID($0) }
        }
    }
}

extension Stay {
    /// The visitor's pass on which it began.
    fileprivate var usedPass: Int64? {
        holder.vehicleClass == .visitor && state != .cancelled && !opening.isAtExit ? holder.permit : nil
    }
}

extension StayFact {
    /// The stay whose holder or state it says; nil: it says neither.
    fileprivate func stay(openedBy sequence: Sequence) -> StayID? {
        switch self {
        case .opened, .imported: sequence
        case .closed(let id, _, _, _, _), .marked(let id, _, _, _), .corrected(let id, _, _, _),
            .claimed(let id, _, _, _):
            id
        case .matched, .unmatchedExit, .areaRecounted, .countUnderflow: nil
        }
    }
}
