// SPDX-License-Identifier: Apache-2.0

/// A fact about who may pass, for the journal. Each carries the whole row as it stands afterwards, so the
/// newest fact about a number is its state.
package enum DirectoryChange: Hashable, Sendable {
    case permitSet(Permit)
    /// The row with `endedAt`.
    case permitEnded(Permit)
    case householdSet(Household)
    /// No permit names it any more.
    case householdRemoved(Household)
    case listEntrySet(ListEntry)
    /// The row with the `effectiveTo` that ended it.
    case listEntryEnded(ListEntry)

    package var kind: String {
        switch self {
        case .permitSet: "permitSet"
        case .permitEnded: "permitEnded"
        case .householdSet: "householdSet"
        case .householdRemoved: "householdRemoved"
        case .listEntrySet: "listEntrySet"
        case .listEntryEnded: "listEntryEnded"
        }
    }

    package static let kinds = [
        "permitSet", "permitEnded", "householdSet", "householdRemoved", "listEntrySet", "listEntryEnded",
    ]

    package func write(to fields: inout FieldWriter) {
        switch self {
        case .permitSet(let permit), .permitEnded(let permit): permit.write(to: &fields)
        case .householdSet(let household), .householdRemoved(let household): household.write(to: &fields)
        case .listEntrySet(let entry), .listEntryEnded(let entry): entry.write(to: &fields)
        }
    }

    /// `.unknownKind` for a record that is about something else.
    package init(kind: String, from fields: Fields) throws(FieldError) {
        switch kind {
        case "permitSet": self = .permitSet(try Permit(from: fields))
        case "permitEnded": self = .permitEnded(try Permit(from: fields))
        case "householdSet": self = .householdSet(try Household(from: fields))
        case "householdRemoved": self = .householdRemoved(try Household(from: fields))
        case "listEntrySet": self = .listEntrySet(try ListEntry(from: fields))
        case "listEntryEnded": self = .listEntryEnded(try ListEntry(from: fields))
        default: throw .unknownKind(kind)
        }
    }

    package var payload: [UInt8] { FieldWriter.object { write(to: &$0) } }

    /// The row as the projection keeps it: its payload, or nothing once the household is gone. Ended
    /// permits and entries stay, so that a refusal can name what ended.
    package var projection: ProjectionChange {
        switch self {
        case .permitSet(let permit), .permitEnded(let permit):
            ProjectionChange(ProjectionKey(.permit, String(permit.id)), payload)
        case .householdSet(let household):
            ProjectionChange(ProjectionKey(.household, String(household.id)), payload)
        case .householdRemoved(let household):
            ProjectionChange(ProjectionKey(.household, String(household.id)), nil)
        case .listEntrySet(let entry), .listEntryEnded(let entry):
            ProjectionChange(ProjectionKey(.listEntry, String(entry.id)), payload)
        }
    }
}
