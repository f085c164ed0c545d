// SPDX-License-Identifier: Apache-2.0

/// Packs rows into a directory, off the loop. Rows come in any order; of two with one number the later
/// stands, as in the journal.
package struct DirectoryBuilder: Sendable {
    private var columns: DirectoryColumns
    private var permitIndex: Table<Int64, Int32> = Table()
    private var entryIndex: Table<Int64, Int32> = Table()
    private var householdIndex: Table<Int64, Int32> = Table()

    package init() { self.init(updating: .empty) }

    /// Starts from what is in force, to put changes on top.
    package init(updating directory: Directory) {
        columns = directory.columns
        columns.texts.unseal()
        for (index, row) in columns.permits.enumerated() { permitIndex[row.id] = Int32(clamping: index) }
        for (index, row) in columns.entries.enumerated() { entryIndex[row.id] = Int32(clamping: index) }
        for (index, row) in columns.households.enumerated() {
            householdIndex[row.id] = Int32(clamping: index)
        }
    }

    package mutating func set(_ permit: Permit) throws(DirectoryError) {
        if let plate = permit.plate, plate.hasWildcard { throw .wildcardInPlate(plate) }
        let row = columns.pack(permit)
        if let index = permitIndex[permit.id] {
            columns.permits[Int(index)] = row
        } else {
            permitIndex[permit.id] = Int32(clamping: columns.permits.count)
            columns.permits.append(row)
        }
    }

    package mutating func set(_ entry: ListEntry) throws(DirectoryError) {
        if let problem = entry.problem { throw .invalidEntry(problem) }
        guard !entry.plate.hasWildcard else { throw .wildcardInPlate(entry.plate) }
        let row = columns.pack(entry)
        if let index = entryIndex[entry.id] {
            columns.entries[Int(index)] = row
        } else {
            entryIndex[entry.id] = Int32(clamping: columns.entries.count)
            columns.entries.append(row)
        }
    }

    package mutating func set(_ household: Household) {
        let row = columns.pack(household)
        if let index = householdIndex[household.id] {
            columns.households[Int(index)] = row
        } else {
            householdIndex[household.id] = Int32(clamping: columns.households.count)
            columns.households.append(row)
        }
    }

    private mutating func remove(household id: Int64) {
        guard let index = householdIndex.remove(id), let last = columns.households.popLast() else { return }
        guard last.id != id else { return }
        columns.households[Int(index)] = last
        householdIndex[last.id] = index
    }

    package mutating func apply(_ change: DirectoryChange) throws(DirectoryError) {
        switch change {
        case .permitSet(let permit), .permitEnded(let permit): try set(permit)
        case .householdSet(let household): set(household)
        case .householdRemoved(let household): remove(household: household.id)
        case .listEntrySet(let entry), .listEntryEnded(let entry): try set(entry)
        }
    }

    /// A row of the projections; rows of other tables are passed over.
    package mutating func add(_ row: ProjectionRow) throws(DirectoryError) {
        do throws(FieldError) {
            switch row.key.table {
            case .permit: try addUnlessRefused(Permit(from: Fields(row.value)))
            case .household: set(try Household(from: Fields(row.value)))
            case .listEntry: try addUnlessRefused(ListEntry(from: Fields(row.value)))
            default: break
            }
        } catch {
            throw .unreadableRow(row.key, error)
        }
    }

    /// What the payload's own reading let pass cannot be refused by `set`.
    private mutating func addUnlessRefused(_ permit: Permit) throws(FieldError) {
        do { try set(permit) } catch { throw .unknownValue(key: "plate", value: permit.credential.shown) }
    }

    private mutating func addUnlessRefused(_ entry: ListEntry) throws(FieldError) {
        do { try set(entry) } catch { throw .unknownValue(key: "plate", value: entry.plate.text) }
    }

    /// - Parameters:
    ///   - asOf: the last record that these rows include.
    ///   - confirmedAt: when their source last confirmed them; nil: there is no source to grow stale against.
    package consuming func build(
        asOf: Sequence, confirmedAt: WallTime? = nil, limit: Int = Directory.limit
    ) throws(DirectoryError) -> Directory {
        let count = columns.permits.count + columns.entries.count
        guard count <= limit else { throw .tooManyCredentials(count: count, limit: limit) }
        columns.permits.sort { ($0.credential, $0.id) < ($1.credential, $1.id) }
        columns.entries.sort { ($0.plate, $0.id) < ($1.plate, $1.id) }
        columns.households.sort { $0.id < $1.id }
        columns.texts.seal()
        return Directory(columns: columns, asOf: asOf, confirmedAt: confirmedAt)
    }
}
