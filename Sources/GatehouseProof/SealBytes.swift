// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// The canonical bytes of the projections at one record, which a seal stores and hashes.
///
///     "GHS1"                  4   names this layout
///     seq                     8   the last record folded into these rows, big-endian
///     then for every row, in the order of the UTF-8 bytes of (table, key):
///     length, table           4 + …
///     length, key             4 + …
///     length, value           4 + …
package enum SealBytes {
    /// Rows in any order.
    package static func encode(_ rows: [ProjectionRow], at sequence: Sequence) -> [UInt8] {
        var bytes = Array("GHS1".utf8)
        bytes.append(bigEndian: sequence.number)
        for row in rows.sorted(by: { precedes($0.key, $1.key) }) {
            bytes.append(counted: row.key.table.rawValue)
            bytes.append(counted: row.key.key)
            bytes.append(counted: row.value)
        }
        return bytes
    }

    /// nil for anything `encode` does not write. Never traps.
    package static func decode(
        _ bytes: [UInt8]
    ) -> (sequence: Sequence, rows: [ProjectionRow])? {
        var cursor = ByteCursor(bytes)
        guard let tag = cursor.take(4), tag.elementsEqual("GHS1".utf8), let number = cursor.bigEndian()
        else { return nil }
        var rows: [ProjectionRow] = []
        while !cursor.isAtEnd {
            guard let table = cursor.counted().flatMap({ String(validating: $0, as: UTF8.self) }),
                let named = ProjectionTable(rawValue: table),
                let key = cursor.counted().flatMap({ String(validating: $0, as: UTF8.self) }),
                let value = cursor.counted()
            else { return nil }
            let row = ProjectionRow(ProjectionKey(named, key), Array(value))
            if let last = rows.last, !precedes(last.key, row.key) { return nil }
            rows.append(row)
        }
        return (Sequence(number), rows)
    }

    private static func precedes(_ a: ProjectionKey, _ b: ProjectionKey) -> Bool {
        if a.table == b.table { return a.key.utf8.lexicographicallyPrecedes(b.key.utf8) }
        return a.table.rawValue.utf8.lexicographicallyPrecedes(b.table.rawValue.utf8)
    }
}
