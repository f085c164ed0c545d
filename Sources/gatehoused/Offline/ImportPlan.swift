// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore
import GatehouseDiagnostics

/// A directory file against what is in force: what to send. A household is known by its name, a permit by
/// plate or card and household, an entry by list and plate, so the same file imported twice changes nothing.
struct ImportPlan {
    /// Changes per request.
    static let chunk = 200

    private(set) var households: [Household] = []
    private var permits: [(row: DirectoryRow.Permit, credential: Credential)] = []
    private var entries: [(row: DirectoryRow.ListEntry, plate: Plate)] = []

    init(_ rows: [DirectoryRow], known: PermitResult) {
        var named: Set<String> = []
        for row in rows {
            switch row {
            case .household(let row):
                named.insert(row.household)
                addHousehold(row.household, spaces: row.spaces, known)
            case .permit(let row):
                if let credential = row.credential { permits.append((row, credential)) }
            case .list(let row):
                if let plate = row.plate { entries.append((row, plate)) }
            }
        }
        for (row, _) in permits {
            guard let name = row.household, named.insert(name).inserted else { continue }
            if !known.households.contains(where: { $0.name == name }) {
                addHousehold(name, spaces: nil, known)
            }
        }
    }

    var counts: String {
        "\(households.count) households, \(permits.count) permits, \(entries.count) list entries"
    }

    private mutating func addHousehold(_ name: String, spaces: Int?, _ known: PermitResult) {
        let old = known.households.first { $0.name == name }
        let new = Household(id: old?.id ?? 0, name: name, spaces: spaces)
        if old != new { households.append(new) }
    }

    /// Permits and list entries that differ from what is in force, once all households have their numbers.
    func changes(
        households numbers: [Household], permits known: [Permit], entries: [ListEntry], zone: ZoneRules
    ) -> [DirectoryChange] {
        let byName = Dictionary(numbers.map { ($0.name, $0.id) }, uniquingKeysWith: { $1 })
        let inForce = Dictionary(
            known.filter { $0.endedAt == nil }.map {
                (PermitKey($0.credential, $0.household, $0.visit), $0)
            },
            uniquingKeysWith: { $1 })
        let now = LocalTime.now
        let listed = Dictionary(
            entries.filter { $0.effectiveTo.map { now < $0 } ?? true }.map { (EntryKey($0), $0) },
            uniquingKeysWith: { $1 })
        var changes: [DirectoryChange] = []
        for (row, credential) in permits {
            let household = row.household.flatMap { byName[$0] }
            let visit = row.visit.map { Self.visit($0, zone) }
            let old = inForce[PermitKey(credential, household, visit)]
            let new = Self.permit(row, credential, household, visit, id: old?.id ?? 0)
            if new != old { changes.append(.permitSet(new)) }
        }
        for (row, plate) in self.entries {
            var new = Self.entry(row, plate, zone, now)
            if let old = listed[EntryKey(new)] {
                new.id = old.id
                if row.validFrom == nil { new.effectiveFrom = old.effectiveFrom }
                if new == old { continue }
            } else if let to = new.effectiveTo, to <= new.effectiveFrom {
                // Over before it began: there is nothing to end.
                continue
            }
            changes.append(.listEntrySet(new))
        }
        return changes
    }

    private static func permit(
        _ row: DirectoryRow.Permit, _ credential: Credential, _ household: Int64?, _ visit: Visit?, id: Int64
    ) -> Permit {
        Permit(
            id: id, credential: credential, household: household, areas: row.areas.isEmpty ? nil : row.areas,
            direction: row.direction.flatMap { Permit.Direction(rawValue: $0.rawValue) } ?? .both,
            validFrom: row.validFrom, validTo: row.validTo,
            windows: row.windows?.compactMap(WindowsArgument.core), holder: row.holder ?? "",
            visit: visit)
    }

    private static func visit(_ row: DirectoryRow.Visit, _ zone: ZoneRules) -> Visit {
        Visit(
            from: WallTime(milliseconds: row.from.instant(in: zone) * 1000),
            to: WallTime(milliseconds: row.to.instant(in: zone) * 1000), minutes: row.minutes,
            entries: row.entries)
    }

    private static func entry(
        _ row: DirectoryRow.ListEntry, _ plate: Plate, _ zone: ZoneRules, _ now: WallTime
    ) -> ListEntry {
        let list: ListEntry.List =
            switch row.kind {
            case .denyEntry, .denyBoth: .block
            case .watch: .watch
            case .allow: .allow
            case .emergency: .emergency
            }
        return ListEntry(
            id: 0, list: list, plate: plate,
            effectiveFrom: row.validFrom.map { midnight($0, zone) } ?? now,
            effectiveTo: row.expires.map { midnight($0.next, zone) },
            reason: row.reason, author: row.author, variant: row.kind == .denyBoth ? .denyBoth : .denyEntry,
            document: row.document, owner: row.holder)
    }

    private static func midnight(_ date: CivilDate, _ zone: ZoneRules) -> WallTime {
        WallTime(milliseconds: zone.instant(localSecond: Int64(date.daysSince1970) * 86_400) * 1000)
    }
}

/// What makes two rows the same permit.
private struct PermitKey: Hashable {
    var credential: Credential
    var household: Int64
    /// One visit is not another; what it gives may change.
    var visit: Range<WallTime>?

    init(_ credential: Credential, _ household: Int64?, _ visit: Visit?) {
        self.visit = visit.map { $0.from..<max($0.from, $0.to) }
        self.credential = credential
        self.household = household ?? -1
    }
}

/// What makes two rows the same entry.
private struct EntryKey: Hashable {
    var list: ListEntry.List
    var plate: Plate

    init(_ entry: ListEntry) {
        list = entry.list
        plate = entry.plate
    }
}
