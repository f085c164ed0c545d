// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Where an explanation reads records: the journal of a running daemon, or one that is stopped.
package struct RecordSource<Failure: Error> {
    package var record: (Sequence) throws(Failure) -> StoredRecord?
    /// Ascending from the record after, at most so many.
    package var after: (Sequence, _ limit: Int) throws(Failure) -> [StoredRecord]
    /// The same of the records of money alone, however many others lie between.
    package var money: (Sequence, _ limit: Int) throws(Failure) -> [StoredRecord]

    package init(
        record: @escaping (Sequence) throws(Failure) -> StoredRecord?,
        after: @escaping (Sequence, _ limit: Int) throws(Failure) -> [StoredRecord],
        money: @escaping (Sequence, _ limit: Int) throws(Failure) -> [StoredRecord]
    ) {
        self.record = record
        self.after = after
        self.money = money
    }
}
