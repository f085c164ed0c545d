// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A record as upstream gets it: with what the chain of hashes is checked by. `salt` and the record's payload are nil
/// once they were deleted.
package struct OutboxRecord: Hashable, Sendable {
    package var record: StoredRecord
    package var salt: [UInt8]?
    package var hash: [UInt8]

    package init(record: StoredRecord, salt: [UInt8]?, hash: [UInt8]) {
        self.record = record
        self.salt = salt
        self.hash = hash
    }
}

/// What the uplink needs of the journal. `GatehouseStore` implements it. Calls come from the uplink's own thread, which
/// may block.
package protocol OutboxJournal: Sendable {
    /// Durable records after this one, ascending and without gaps, at most `limit`.
    func outbox(after: Sequence, limit: Int) throws(StoreFault) -> [OutboxRecord]
    /// How far upstream confirmed, as of the last `moveOutboxCursor` that is durable; 0 at first.
    func outboxCursor() throws(StoreFault) -> Sequence
    /// `isDurable` comes from another thread.
    func moveOutboxCursor(to: Sequence, _ isDurable: @escaping @Sendable (Bool) -> Void)
}
