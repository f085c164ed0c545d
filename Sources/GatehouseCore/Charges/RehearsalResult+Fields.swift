// SPDX-License-Identifier: Apache-2.0

/// As JSON: amounts in minor units, groups in a fixed order.
extension RehearsalResult {
    package func write(to fields: inout FieldWriter) {
        fields.put("tariff", tariff)
        fields.put("version", version)
        fields.put("currency", currency)
        fields.put("uncharged", uncharged)
        all.write(to: &fields)
        fields.put("by_class", objects: ofClass.inOrder) { line, fields in
            fields.put("class", line.key)
            line.value.write(to: &fields)
        }
        fields.put("by_holder", objects: ofHolder.inOrder) { line, fields in
            fields.put("holder", line.key.rawValue)
            line.value.write(to: &fields)
        }
        fields.put("by_hour", objects: Array(ofHour.enumerated())) { line, fields in
            fields.put("hour", line.offset)
            line.element.write(to: &fields)
        }
        fields.put("spread", objects: spread.rows) { row, fields in
            if let upTo = row.upTo { fields.put("up_to", upTo.minorUnits) } else { fields.putNull("up_to") }
            fields.put("more", row.more)
            fields.put("less", row.less)
        }
        fields.put("rises", objects: rises) { $0.write(to: &$1) }
        fields.put("falls", objects: falls) { $0.write(to: &$1) }
        fields.put("left_out", objects: leftOut.inOrder.filter { $0.value != 0 }) { line, fields in
            fields.put("why", line.key.rawValue)
            fields.put("count", line.value)
        }
        fields.put("unreadable_records", unreadableRecords)
    }
}

extension RehearsalSums {
    package func write(to fields: inout FieldWriter) {
        fields.put("stays", stays)
        fields.put("before", before.minorUnits)
        fields.put("after", after.minorUnits)
        for (key, side) in [("more", more), ("less", less)] {
            fields.put(
                key,
                object: {
                    $0.put("stays", side.stays)
                    $0.put("amount", side.amount.minorUnits)
                })
        }
        fields.put("same", same)
    }
}

extension RehearsalChange {
    package func write(to fields: inout FieldWriter) {
        fields.put("stay", stay.number)
        fields.put("before", before.minorUnits)
        fields.put("after", after.minorUnits)
    }
}
