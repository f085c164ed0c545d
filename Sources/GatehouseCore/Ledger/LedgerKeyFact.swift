// SPDX-License-Identifier: Apache-2.0

/// Which key signs the ledger from here on. A leaf of the ledger itself: every checkpoint by a key is over the record
/// that names it. Public halves only.
package struct LedgerKeyFact: Hashable, Sendable {
    package enum Change: String, Hashable, Sendable, CaseIterable {
        /// The first key.
        case begun = "ledgerKeyBegun"
        /// The key before says in the statement who follows it.
        case rotated = "ledgerKeyRotated"
        /// The key before is gone and can say nothing: the new one speaks for itself.
        case lost = "ledgerKeyLost"
    }

    package var change: Change
    /// name+hash+base64, as it is published (c2sp.org/signed-note).
    package var key: String
    /// Key before, where it is known: a signature alone does not tell it.
    package var previous: String?
    /// A signed note, its bytes as text; none of the first key.
    package var statement: String?
    package var by: Operator?
    package var reason: String?

    package init(
        _ change: Change, key: String, previous: String? = nil, statement: String? = nil, by: Operator? = nil,
        reason: String? = nil
    ) {
        self.change = change
        self.key = key
        self.previous = previous
        self.statement = statement
        self.by = by
        self.reason = reason
    }

    package static let kinds = Change.allCases.map(\.rawValue)
}

extension LedgerKeyFact: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("key", key)
        fields.put("previous", ifPresent: previous)
        fields.put("statement", ifPresent: statement)
        by?.write(to: &fields)
        fields.put("reason", ifPresent: reason)
    }

    /// Of a record, whose kind says what changed.
    package init(kind: String, from fields: Fields) throws(FieldError) {
        guard let change = Change(rawValue: kind) else { throw .unknownKind(kind) }
        self.change = change
        key = try fields.string("key")
        previous = try fields.stringIfPresent("previous")
        statement = try fields.stringIfPresent("statement")
        by = try fields.objectIfPresent("by").map { by throws(FieldError) in try Operator(from: by) }
        reason = try fields.stringIfPresent("reason")
    }

    /// Of a projection's row.
    package init(from fields: Fields) throws(FieldError) {
        try self.init(kind: try fields.string("change"), from: fields)
    }
}

/// The keys of a ledger in the order of their records, folded from those and nothing else.
package struct LedgerKeys: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var record: Sequence
        package var fact: LedgerKeyFact
    }

    package private(set) var entries: [Entry] = []

    package init() {}

    /// The one that signs; nil: none is on record yet.
    package var current: String? { entries.last?.fact.key }

    /// Whoever made the change knew of the one before. It is decided where the records are made, so of two at once one
    /// is refused.
    func mayFollow(_ fact: LedgerKeyFact) -> Bool { fact.previous == current }

    mutating func apply(_ fact: LedgerKeyFact, _ record: Sequence) -> [ProjectionChange] {
        entries.append(Entry(record: record, fact: fact))
        let value = FieldWriter.object { fields in
            fields.put("change", fact.change.rawValue)
            fact.write(to: &fields)
        }
        return [ProjectionChange(ProjectionKey(.ledgerKey, String(record.number)), value)]
    }
}

extension LedgerKeys {
    /// Of its own table; other rows are passed over.
    package init(rows: [ProjectionRow]) throws(FieldError) {
        for row in rows where row.key.table == .ledgerKey {
            guard let number = Int64(row.key.key) else {
                throw .unknownValue(key: ProjectionTable.ledgerKey.rawValue, value: row.key.key)
            }
            entries.append(
                Entry(record: Sequence(number), fact: try LedgerKeyFact(from: Fields(row.value))))
        }
        entries.sort { $0.record < $1.record }
    }
}
