// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

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
