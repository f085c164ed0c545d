// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// `ledger key`: what a receipt is checked with; the text form of a key in a signed note (c2sp.org/signed-note).
package struct LedgerKeyResult: ResultValue {
    package var origin: String
    package var key: String

    package init(origin: String, key: String) {
        self.origin = origin
        self.key = key
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("origin", origin)
        fields.put("key", key)
    }

    package init(from fields: Fields) throws(FieldError) {
        self.init(origin: try fields.string("origin"), key: try fields.string("key"))
    }
}

/// `ledger checkpoint`: the signed size and root of the ledger (c2sp.org/tlog-checkpoint).
package struct CheckpointResult: ResultValue {
    package var size: Int64
    /// When it was signed.
    package var at: WallTime
    /// The signed note, to be published as it is.
    package var note: String

    package init(size: Int64, at: WallTime, note: String) {
        self.size = size
        self.at = at
        self.note = note
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("size", size)
        fields.put("at", time: at)
        fields.put("note", note)
    }

    package init(from fields: Fields) throws(FieldError) {
        self.init(
            size: try fields.integer("size"), at: try fields.time("at"), note: try fields.string("note"))
    }
}
