// SPDX-License-Identifier: Apache-2.0

/// State folded from the journal, as rows of canonical bytes: what the process starts from, what a seal
/// hashes and what `gatehouse verify` folds again.
package enum ProjectionTable: String, Hashable, Comparable, Sendable, CaseIterable {
    case permit, household, listEntry = "list_entry", stay, area, lane, fault, site
    case account, debt, balance, serial, tariff, coupon, stored, history
    case collection, boundPlate = "bound_plate", laneQuote = "lane_quote"
    case ledgerKey = "ledger_key"
    case visit

    package static func < (a: ProjectionTable, b: ProjectionTable) -> Bool { a.rawValue < b.rawValue }
}

package struct ProjectionKey: Hashable, Comparable, Sendable {
    package var table: ProjectionTable
    /// Decimal number or name, unique in the table.
    package var key: String

    package init(_ table: ProjectionTable, _ key: String) {
        self.table = table
        self.key = key
    }

    package static func < (a: ProjectionKey, b: ProjectionKey) -> Bool {
        (a.table, a.key) < (b.table, b.key)
    }
}

package struct ProjectionChange: Hashable, Sendable {
    package var row: ProjectionKey
    /// nil deletes the row.
    package var value: [UInt8]?

    package init(_ row: ProjectionKey, _ value: [UInt8]?) {
        self.row = row
        self.value = value
    }
}

package struct ProjectionRow: Hashable, Sendable {
    package var key: ProjectionKey
    package var value: [UInt8]

    package init(_ key: ProjectionKey, _ value: [UInt8]) {
        self.key = key
        self.value = value
    }
}

/// Folds records into projection rows: the one way durable state changes, live and in recovery, so that
/// journal and state cannot disagree.
package protocol JournalFolding {
    /// State before the first record, or as some projection rows say.
    init(rows: [ProjectionRow]) throws(FieldError)
    /// What the record changes. The caller writes or compares the rows.
    mutating func fold(_ record: StoredRecord) throws(FieldError) -> [ProjectionChange]
}
