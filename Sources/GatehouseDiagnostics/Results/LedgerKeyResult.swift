// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// `ledger key` and `ledger rotate-key`: what receipts are checked with, in the text form of a key in a signed note
/// (c2sp.org/signed-note), and how one comes from an earlier key to it.
package struct LedgerKeyResult: ResultValue {
    package struct Earlier: Hashable, Sendable {
        package var key: String
        /// The record that put another in its place.
        package var until: Int64
        /// It could not say who follows it: it is worth nothing any more.
        package var isLost: Bool
    }

    package var origin: String
    package var key: String
    /// That put it in force; nil: none says so yet.
    package var record: Int64?
    /// Oldest first.
    package var earlier: [Earlier]
    /// Signed notes, oldest first: of each change the words of whoever could speak.
    package var statements: [String]
    /// Where the private half lies; nil: it is the credential's.
    package var file: String?
    /// The service manager hands over a key that is not in force any more.
    package var isCredentialOutdated: Bool

    package init(
        origin: String, key: String, keys: LedgerKeys, file: String? = nil, isCredentialOutdated: Bool = false
    ) {
        self.origin = origin
        self.key = key
        record = keys.entries.last?.record.number
        earlier = zip(keys.entries, keys.entries.dropFirst()).map { entry, next in
            Earlier(
                key: entry.fact.key, until: next.record.number, isLost: next.fact.change == .lost)
        }
        statements = keys.entries.compactMap(\.fact.statement)
        self.file = file
        self.isCredentialOutdated = isCredentialOutdated
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("origin", origin)
        fields.put("key", key)
        fields.put("record", ifPresent: record)
        if !earlier.isEmpty {
            fields.put("earlier", objects: earlier) { one, fields in
                fields.put("key", one.key)
                fields.put("until", one.until)
                fields.put("lost", ifTrue: one.isLost)
            }
        }
        if !statements.isEmpty { fields.put("statements", strings: statements) }
        fields.put("file", ifPresent: file)
        fields.put("credential_outdated", ifTrue: isCredentialOutdated)
    }

    package init(from fields: Fields) throws(FieldError) {
        origin = try fields.string("origin")
        key = try fields.string("key")
        record = try fields.integerIfPresent("record")
        earlier = []
        for one in try fields.objects("earlier") {
            earlier.append(
                Earlier(
                    key: try one.string("key"), until: try one.integer("until"),
                    isLost: try one.bool("lost")))
        }
        statements = try fields.strings("statements")
        file = try fields.stringIfPresent("file")
        isCredentialOutdated = try fields.bool("credential_outdated")
    }
}
