// SPDX-License-Identifier: Apache-2.0

import GRDB
package import GatehouseCore
package import GatehouseEngine
import GatehouseProof

/// The journal as the uplink's only queue.
extension Journal: OutboxJournal {
    private static let outboxCursor = "uplink"

    package func outbox(after: Sequence, limit: Int) throws(StoreFault) -> [OutboxRecord] {
        let low = max(0, after.number)
        let rows = try reader.rows(after: low, through: low + Int64(max(0, limit)), limit: limit)
        return rows.map { OutboxRecord(record: $0.record, salt: $0.salt, hash: $0.hash.bytes) }
    }

    package func outboxCursor() throws(StoreFault) -> Sequence {
        Sequence(try reader.cursor(Self.outboxCursor) ?? 0)
    }

    package func moveOutboxCursor(to sequence: Sequence, _ isDurable: @escaping @Sendable (Bool) -> Void) {
        enqueue { queue in
            let result = queue.flatMap { queue in
                Journal.transact(queue) { db in
                    try db.execute(
                        sql: "INSERT OR REPLACE INTO cursor (name, value) VALUES (?, ?)",
                        arguments: [Self.outboxCursor, sequence.number])
                }
            }
            if case .success = result { isDurable(true) } else { isDurable(false) }
        }
    }
}
