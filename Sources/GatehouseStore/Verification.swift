// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
package import GatehouseProof

/// What `gatehouse verify` found. A value: the command prints `text` and ends with `isSound`.
package struct VerificationReport: Hashable, Sendable {
    /// Up to the record that was last when the verification began.
    package var recordsChecked: Int64 = 0
    package var head: Sequence = Sequence(0)
    /// Hash of the last record: the number to compare with what upstream or a printed report says, since a
    /// journal cut off at its end is whole in itself.
    package var headHash: Digest = .genesis
    package var payloadsDeleted: Int64 = 0
    /// Records of money and of the ledger's keys, and the root of their tree as the records make it (RFC 9162 §2.1): to be compared with any
    /// checkpoint that was published.
    package var ledgerSize: Int64 = 0
    package var ledgerRoot: Digest = MerkleHash.empty
    /// In the order of the records; the first names where the trouble starts.
    package var troubles: [VerificationTrouble] = []
    /// Not every trouble is listed.
    package var isCutShort = false
    /// The seal from which records were folded; 0 is the beginning; nil when no start was whole.
    package var foldedFrom: Sequence?
    package var rowsCompared = 0

    package var isSound: Bool { troubles.isEmpty && foldedFrom != nil }

    package var firstBad: Sequence? { troubles.compactMap(\.sequence).min() }

    static let maximumTroubles = 100

    mutating func add(_ trouble: VerificationTrouble) {
        if troubles.count < Self.maximumTroubles { troubles.append(trouble) } else { isCutShort = true }
    }

    package var text: String {
        var lines = [
            "records 1 to \(head.number): \(recordsChecked) checked, \(payloadsDeleted) with deleted payload",
            "last hash \(headHash)",
        ]
        if ledgerSize > 0 { lines.append("ledger of \(ledgerSize) records, root \(ledgerRoot)") }
        switch foldedFrom {
        case .some(let start) where start.number == 0:
            lines.append("state folded from the beginning, \(rowsCompared) rows compared")
        case .some(let start):
            lines.append(
                "state folded from the seal at record \(start.number), \(rowsCompared) rows compared")
        case nil:
            lines.append("state not folded: neither the beginning nor a seal is whole")
        }
        lines += troubles.map { "BAD: \($0.text)" }
        if isCutShort { lines.append("BAD: and more") }
        lines.append(
            isSound
                ? "sound" : "NOT SOUND: keep the folder as it is, and compare with a backup and with upstream"
        )
        return lines.joined(separator: "\n")
    }
}

package enum VerificationTrouble: Hashable, Sendable {
    /// Records from here to before the next one found are not there.
    case missing(from: Sequence, through: Sequence)
    /// The header, or the hash before it, is not what was hashed.
    case hash(Sequence)
    /// The payload is not what was hashed.
    case payload(Sequence)
    /// Deleted, and no record says so.
    case deletedWithoutRecord(Sequence)
    /// More payloads are gone than the records of deletion say.
    case deletedTooMany(Int64, recorded: Int64)
    /// A seal or the mark of an orderly end names a later record: the journal's end was cut off.
    case truncated(Sequence, knownThrough: Sequence)
    case seal(Sequence)
    /// A payload that the fold cannot read.
    case fold(Sequence, FieldError)
    /// The projection row differs from what the records say.
    case row(ProjectionKey)
    /// The first record whose leaf, or a node above it, is not in the ledger as the records make it.
    case ledger(Sequence)
    /// The ledger has other leaves than the journal has records of money.
    case ledgerSize(Int64, records: Int64)
    /// A signed checkpoint over so many records has another root than they make, or there are not so many.
    case checkpoint(size: Int64)
    /// Signed by a key that no record before it names.
    case checkpointKey(size: Int64)
    /// A key of the ledger that the one before did not name, or that does not sign for itself.
    case ledgerKey(Sequence)
    /// The bookings of the record do not add up to nothing.
    case unbalanced(Sequence)
    /// SQLite cannot read past this record.
    case unreadable(after: Sequence, String)

    package var sequence: Sequence? {
        switch self {
        case .missing(let first, _), .hash(let first), .payload(let first), .deletedWithoutRecord(let first),
            .fold(let first, _), .ledger(let first), .ledgerKey(let first), .unbalanced(let first):
            first
        case .truncated(let last, _), .unreadable(let last, _): last.next
        case .seal, .row, .deletedTooMany, .ledgerSize, .checkpoint, .checkpointKey: nil
        }
    }

    package var text: String {
        switch self {
        case .missing(let from, let through):
            "records \(from.number) to \(through.number) are missing"
        case .hash(let at): "record \(at.number): header or order changed, its hash does not check"
        case .payload(let at): "record \(at.number): payload changed, its hash does not check"
        case .deletedWithoutRecord(let at):
            "record \(at.number): payload deleted, but no record of kind payloadsDeleted covers it"
        case .deletedTooMany(let count, let recorded):
            "\(count) payloads are deleted, the records of deletion account for \(recorded)"
        case .truncated(let last, let known):
            "the journal ends at record \(last.number), but went to \(known.number): its end is cut off"
        case .seal(let at): "the seal at record \(at.number) does not check"
        case .fold(let at, let error): "record \(at.number): payload cannot be read: \(error)"
        case .row(let key): "projection \(key.table.rawValue) \(key.key) differs from what the records say"
        case .ledger(let at): "record \(at.number): the ledger does not have it as the journal does"
        case .ledgerSize(let leaves, let records):
            "the ledger has \(leaves) leaves for \(records) records of money"
        case .checkpoint(let size):
            "the ledger is not the one of \(size) records whose checkpoint was signed"
        case .checkpointKey(let size):
            "the checkpoint over \(size) records is signed by a key that no record before it names"
        case .ledgerKey(let at):
            "record \(at.number): the ledger's key is not named by the one before, or does not sign for itself"
        case .unbalanced(let at): "record \(at.number): its bookings do not add up to nothing"
        case .unreadable(let after, let words): "unreadable after record \(after.number): \(words)"
        }
    }
}
