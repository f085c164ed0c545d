// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// `gatehouse permit show`: rows as the journal keeps them, ended ones too.
package struct PermitResult: ResultValue {
    package var permits: [Permit]
    /// Those that the permits name; all of them when no plate was asked for.
    package var households: [Household]
    /// Entries that are used, of the visitors' passes that limit them.
    package var entriesUsed: Table<Int64, Int>

    package init(permits: [Permit], households: [Household], visits: VisitEntries = VisitEntries()) {
        self.permits = permits
        self.households = households
        entriesUsed = Table(
            permits.filter { $0.visit?.entries != nil }.map { ($0.id, visits.count(of: $0.id)) })
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("permits", objects: permits) { $0.write(to: &$1) }
        fields.put("households", objects: households) { $0.write(to: &$1) }
        guard !entriesUsed.isEmpty else { return }
        fields.put("entries_used", objects: entriesUsed.inOrder) { used, fields in
            fields.put("permit", used.key)
            fields.put("entries", used.value)
        }
    }

    package init(from fields: Fields) throws(FieldError) {
        permits = []
        households = []
        entriesUsed = Table()
        for object in try fields.objects("permits") { permits.append(try Permit(from: object)) }
        for object in try fields.objects("households") { households.append(try Household(from: object)) }
        for object in try fields.objects("entries_used") {
            entriesUsed[try object.integer("permit")] = try object.int("entries")
        }
    }
}

/// `gatehouse list show`.
package struct ListResult: ResultValue {
    package var entries: [ListEntry]

    package init(entries: [ListEntry]) { self.entries = entries }

    package func write(to fields: inout FieldWriter) {
        fields.put("entries", objects: entries) { $0.write(to: &$1) }
    }

    package init(from fields: Fields) throws(FieldError) {
        entries = []
        for object in try fields.objects("entries") { entries.append(try ListEntry(from: object)) }
    }
}
