// SPDX-License-Identifier: Apache-2.0

/// One fact, numbered and ready for the journal. Salt and hashes are the writer's: the core needs no
/// cryptography.
package struct Record: Hashable, Sendable {
    package var sequence: Sequence
    /// Stable name of the fact, `accessGranted`; with `format` it says how to read `payload`.
    package var kind: String
    package var format: Int
    package var at: Moment
    /// The kernel's boot id, which tells whose monotonic clock `at.uptime` is.
    package var boot: String
    /// JSON, see `FieldWriter`. The bytes hashed, stored, sent and exported.
    package var payload: [UInt8]
    /// What the projections become, written in the same transaction.
    package var changes: [ProjectionChange]
    /// How long it may wait for company, for the sake of the flash: zero when something waits for it (a held
    /// grant, a technician's answer).
    package var patience: Duration

    package init(
        sequence: Sequence, kind: String, format: Int = 1, at: Moment, boot: String, payload: [UInt8],
        changes: [ProjectionChange] = [], patience: Duration = .zero
    ) {
        self.sequence = sequence
        self.kind = kind
        self.format = format
        self.at = at
        self.boot = boot
        self.payload = payload
        self.changes = changes
        self.patience = patience
    }
}

/// A record as read back. Payload and salt are nil once retention or a person's request deleted them.
package struct StoredRecord: Hashable, Sendable {
    package var sequence: Sequence
    package var kind: String
    package var format: Int
    package var at: Moment
    package var boot: String
    package var payload: [UInt8]?

    /// As the journal will give it back.
    package init(_ record: Record) {
        self.init(
            sequence: record.sequence, kind: record.kind, format: record.format, at: record.at,
            boot: record.boot, payload: record.payload)
    }

    package init(
        sequence: Sequence, kind: String, format: Int, at: Moment, boot: String, payload: [UInt8]?
    ) {
        self.sequence = sequence
        self.kind = kind
        self.format = format
        self.at = at
        self.boot = boot
        self.payload = payload
    }
}
