// SPDX-License-Identifier: Apache-2.0

/// Permits and households as they stood at a place in the journal, for one stay at a time: a directory of everybody would
/// be built anew with every change.
struct RehearsalRights: Sendable {
    private var permits = Table<Int64, Permit>()
    private var permitsOfPlate = Table<Plate, [Int64]>()
    private var households = Table<Int64, Household>()

    mutating func take(_ change: DirectoryChange) {
        switch change {
        case .permitSet(let permit), .permitEnded(let permit): set(permit)
        case .householdSet(let household): households[household.id] = household
        case .householdRemoved(let household): households.remove(household.id)
        case .listEntrySet, .listEntryEnded: break
        }
    }

    /// What prices one stay.
    func directory(of stay: Stay) -> Directory {
        var builder = DirectoryBuilder()
        if let id = stay.holder.household, let household = households[id] { builder.set(household) }
        for id in stay.plate.flatMap({ permitsOfPlate[$0] }) ?? [] {
            // A permit with unread characters is in no directory.
            if let permit = permits[id] { try? builder.set(permit) }
        }
        return (try? builder.build(asOf: stay.id)) ?? .empty
    }

    private mutating func set(_ permit: Permit) {
        if let plate = permits[permit.id]?.plate {
            let others = (permitsOfPlate[plate] ?? []).filter { $0 != permit.id }
            if others.isEmpty { permitsOfPlate.remove(plate) } else { permitsOfPlate[plate] = others }
        }
        // Cards open doors and pay for nothing.
        guard let plate = permit.plate else {
            permits.remove(permit.id)
            return
        }
        permits[permit.id] = permit
        permitsOfPlate[plate, default: []].append(permit.id)
    }
}
