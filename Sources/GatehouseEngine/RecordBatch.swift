// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Records between the decision and the disk: those that wait for company, those in flight, and how far
/// the journal is durable. Bounded by number and bytes, those of the rows they change included; half full means that
/// the store counts as unavailable and takes the essential only, full that it takes nothing.
package struct RecordBatch: Sendable {
    package static let maximumRecords = 4096
    package static let maximumBytes = 1 << 20

    static let crowding =
        "\(maximumRecords / 2) records or \(maximumBytes >> 11) KiB wait for the disk, which does not answer"

    /// When the most impatient of the waiting records has to go.
    package private(set) var deadline: Uptime?

    private var waiting: [Record] = []
    private var sent: [(sequence: Sequence, bytes: Int)] = []
    private var bytes = 0
    private var durable = Sequence(0)

    package init() {}

    /// Not yet durable, submitted or not.
    package var inFlight: Int { waiting.count + sent.count }

    package var room: RecordRoom {
        if inFlight >= Self.maximumRecords || bytes >= Self.maximumBytes { return .none }
        return inFlight >= Self.maximumRecords / 2 || bytes >= Self.maximumBytes / 2 ? .essential : .all
    }

    /// Sequence 0 stands for "nothing to wait for".
    package func isDurable(_ sequence: Sequence) -> Bool { sequence <= durable }

    package mutating func append(_ record: Record, at now: Uptime) {
        if durable == Sequence(0), waiting.isEmpty, sent.isEmpty {
            durable = Sequence(record.sequence.number - 1)
        }
        waiting.append(record)
        bytes += record.weight
        let limit = now + record.patience
        deadline = deadline.map { min($0, limit) } ?? limit
    }

    /// All that waits, if one of them may not wait longer.
    package mutating func takeDue(at now: Uptime) -> [Record] {
        guard let limit = deadline, limit <= now else { return [] }
        defer { waiting = [] }
        deadline = nil
        sent += waiting.map { ($0.sequence, $0.weight) }
        return waiting
    }

    package mutating func committed(through sequence: Sequence) {
        durable = max(durable, sequence)
        let done = sent.prefix { $0.sequence <= durable }
        bytes -= done.reduce(0) { $0 + $1.bytes }
        sent.removeFirst(done.count)
    }
}

extension Record {
    fileprivate var weight: Int {
        changes.reduce(payload.count) { $0 + $1.row.key.utf8.count + ($1.value?.count ?? 0) }
    }
}
