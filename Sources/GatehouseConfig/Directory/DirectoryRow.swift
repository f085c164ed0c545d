// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A line of a directory file, understood but not yet looked up: households and areas are names.
package enum DirectoryRow: Hashable, Sendable {
    case permit(Permit)
    case household(Household)
    case list(ListEntry)

    package struct Permit: Hashable, Sendable {
        package var line: Int
        /// nil only in a row with mistakes.
        package var credential: Credential?
        /// Nil for a permit of its own.
        package var household: String?
        package var holder: String?
        /// Inclusive local dates; nil: open.
        package var validFrom: CivilDate?
        package var validTo: CivilDate?
        /// Nil: always. An empty list cannot be written; a row without windows has no restriction.
        package var windows: [DirectoryWindow]?
        /// Empty: every area.
        package var areas: [String]
        /// Nil: both.
        package var direction: TravelDirection?
        /// A visitor's, in place of days and windows.
        package var visit: Visit?
    }

    package struct Visit: Hashable, Sendable {
        package var from: LocalStamp
        package var to: LocalStamp
        package var minutes: Int?
        /// Nil: as often as it likes.
        package var entries: Int?
    }

    package struct Household: Hashable, Sendable {
        package var line: Int
        package var household: String
        /// Places that its vehicles may take at once; nil: no quota is stated and none is counted.
        package var spaces: Int?
    }

    package struct ListEntry: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case denyEntry = "deny_entry"
            case denyBoth = "deny_both"
            case watch, allow, emergency
        }

        package var line: Int
        /// nil only in a row with mistakes.
        package var plate: Plate?
        package var kind: Kind
        package var reason: String
        package var author: String
        package var validFrom: CivilDate?
        /// Last day; an allow entry always has one.
        package var expires: CivilDate?
        /// Number of the police request that `deny_both` rests on.
        package var document: String?
        /// Who answers for it; an allow entry always has one.
        package var holder: String?
    }

    package var line: Int {
        switch self {
        case .permit(let row): row.line
        case .household(let row): row.line
        case .list(let row): row.line
        }
    }
}
