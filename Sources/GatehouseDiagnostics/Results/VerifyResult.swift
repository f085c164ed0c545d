// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// `gatehouse verify`: whether the journal is what was once written.
package struct VerifyResult: ResultValue {
    package struct Trouble: ResultValue {
        /// Where it starts, if at a record.
        package var record: Int64?
        package var text: String

        package init(record: Int64?, text: String) {
            self.record = record
            self.text = text
        }

        package func write(to fields: inout FieldWriter) {
            fields.put("record", ifPresent: record)
            fields.put("text", text)
        }

        package init(from fields: Fields) throws(FieldError) {
            self.init(record: try fields.integerIfPresent("record"), text: try fields.string("text"))
        }
    }

    package var isSound: Bool
    package var recordsChecked: Int64
    package var head: Int64
    /// Hash of the last record, to compare with what upstream or a printed report says.
    package var headHash: String
    package var payloadsDeleted: Int64
    /// The seal from which state was folded, 0 the beginning; nil: no start was whole.
    package var foldedFrom: Int64?
    package var rowsCompared: Int
    package var troubles: [Trouble]
    /// Not every trouble is listed.
    package var isCutShort: Bool

    package init(
        isSound: Bool, recordsChecked: Int64, head: Int64, headHash: String, payloadsDeleted: Int64,
        foldedFrom: Int64?, rowsCompared: Int, troubles: [Trouble], isCutShort: Bool
    ) {
        self.isSound = isSound
        self.recordsChecked = recordsChecked
        self.head = head
        self.headHash = headHash
        self.payloadsDeleted = payloadsDeleted
        self.foldedFrom = foldedFrom
        self.rowsCompared = rowsCompared
        self.troubles = troubles
        self.isCutShort = isCutShort
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("sound", isSound)
        fields.put("records_checked", recordsChecked)
        fields.put("head", head)
        fields.put("head_hash", headHash)
        fields.put("payloads_deleted", payloadsDeleted)
        fields.put("folded_from", ifPresent: foldedFrom)
        fields.put("rows_compared", rowsCompared)
        fields.put("troubles", objects: troubles) { $0.write(to: &$1) }
        fields.put("cut_short", ifTrue: isCutShort)
    }

    package init(from fields: Fields) throws(FieldError) {
        self.init(
            isSound: try fields.bool("sound"), recordsChecked: try fields.integer("records_checked"),
            head: try fields.integer("head"), headHash: try fields.string("head_hash"),
            payloadsDeleted: try fields.integer("payloads_deleted"),
            foldedFrom: try fields.integerIfPresent("folded_from"),
            rowsCompared: try fields.int("rows_compared"),
            troubles: try fields.values("troubles", as: Trouble.self),
            isCutShort: try fields.bool("cut_short"))
    }
}
