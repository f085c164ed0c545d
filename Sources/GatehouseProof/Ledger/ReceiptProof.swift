// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What a receipt carries so that its holder can show, to anybody and without this gateway, that the record
/// it is about stands in the ledger. It holds the payload of that one record with its salt, and of all others
/// only hashes.
package struct ReceiptProof: Hashable, Sendable {
    /// The header of the record, as `RecordHash` hashes it.
    package var sequence: Sequence
    package var kind: String
    package var format: Int
    /// Both clocks and how good the civil one was.
    package var at: Moment
    /// The kernel's boot id, which tells whose monotonic clock `at.uptime` is.
    package var boot: String
    /// 16 bytes. The payload's hash is SHA-256(salt ‖ payload).
    package var salt: [UInt8]
    /// The JSON of the record exactly as the journal has it, UTF-8.
    package var payload: [UInt8]
    /// Of the record's leaf in the tree, from 0.
    package var leaf: Int64
    /// Leaves of the tree that `path` and `checkpoint` are about.
    package var size: Int64
    /// The siblings from the leaf up to the root (RFC 9162 §2.1.3).
    package var path: [Digest]
    /// A signed note (c2sp.org/tlog-checkpoint) over the tree of `size` leaves, its bytes.
    package var checkpoint: [UInt8]
    /// From the tree of `size` leaves to that of a later checkpoint, which the verifier has (RFC 9162
    /// §2.1.4); nil when the receipt knows of none.
    package var consistency: [Digest]?
    /// Of the tree that `consistency` leads to, and no other; nil: of a receipt that is older than this. Nothing is
    /// believed for it, it only tells a checkpoint that does not fit from a ledger that does not.
    package var consistencySize: Int64?

    /// nil once the record's payload was deleted: there is nothing left to show.
    package init?(
        record: StoredRecord, salt: [UInt8], leaf: Int64, size: Int64, path: [Digest],
        checkpoint: [UInt8], consistency: [Digest]? = nil, consistencySize: Int64? = nil
    ) {
        guard let payload = record.payload else { return nil }
        sequence = record.sequence
        kind = record.kind
        format = record.format
        at = record.at
        boot = record.boot
        self.salt = salt
        self.payload = payload
        self.leaf = leaf
        self.size = size
        self.path = path
        self.checkpoint = checkpoint
        self.consistency = consistency
        self.consistencySize = consistencySize
    }

    /// Of the record as shown, whatever the tree has.
    package var leafHash: Digest {
        let record = StoredRecord(
            sequence: sequence, kind: kind, format: format, at: at, boot: boot, payload: nil)
        return LedgerLeaf.hash(
            header: RecordHash.header(of: record),
            payloadHash: RecordHash.payload(salt: salt, payload: payload))
    }
}
