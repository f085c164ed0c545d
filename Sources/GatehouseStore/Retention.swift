// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
import GatehouseProof

/// Whether retention may take a record's payload.
package enum RetentionVerdict: Hashable, Sendable {
    case delete
    /// Money, and the records of deletions: never.
    case keepForever
    /// An open stay, a dispute, not yet sent: asked again next time.
    case keepForNow
}

/// When payloads go. Headers and hashes stay for ever (about 110 bytes a record); a payload that is gone
/// leaves pages half empty, which SQLite joins and uses again.
///
/// A clock must not be able to empty the journal, so for age:
/// - it counts only while the clock is synchronised;
/// - records go in their order. One written under a doubtful clock, or dated later than now, is as old as
///   the next one that can be believed, never older;
/// - a day takes at most `share` percent of the payloads that are left, or twice what came in since the day
///   before, or `floor`, whichever is most: so it catches up with any traffic;
/// - the next day comes `interval` after the last, on the wall clock *or* the one that runs from boot,
///   whichever says less. A synchronised clock ten years ahead thus costs one share a day.
///
/// Over the size, the oldest go without regard to any clock, but never the newest `sizeSpares` records: a
/// bound that is too small must not empty the journal either.
///
/// A plan has at most `step` payloads; the next one is made when it was carried out, until there is none.
package struct RetentionPolicy: Sendable {
    package var maximumAge: Duration
    /// Of the pages in use; nil for no bound.
    package var maximumBytes: Int64?
    /// Upstream has these; later records are never touched.
    package var acknowledgedThrough: Sequence
    package var sizeSpares: Int64 = 20_000
    package var share = 5
    package var floor = 2_000
    /// Bounds a plan's memory and the time of its deletion.
    package var step = 10_000
    package var interval: Duration = .seconds(20 * 3_600)
    package var verdict: @Sendable (StoredRecord) -> RetentionVerdict

    package init(
        maximumAge: Duration, maximumBytes: Int64? = nil, acknowledgedThrough: Sequence,
        verdict: @escaping @Sendable (StoredRecord) -> RetentionVerdict
    ) {
        self.maximumAge = maximumAge
        self.maximumBytes = maximumBytes
        self.acknowledgedThrough = acknowledgedThrough
        self.verdict = verdict
    }
}

/// What goes. Submit `record` to the journal first; when it is committed, call `Journal.execute`.
package struct RetentionPlan: Hashable, Sendable {
    /// Ascending, never empty.
    package var sequences: [Sequence]
    package var reason: PayloadsDeleted.Reason
    /// Where the next plan begins to look.
    var resumeAfter: Sequence
    /// What the day may take after this plan; nil when age is not the reason.
    var day: RetentionDay?
    var at: Moment
    /// The boot that `at.uptime` belongs to.
    var boot: String

    package var record: PayloadsDeleted {
        PayloadsDeleted(
            from: sequences.first ?? Sequence(0), through: sequences.last ?? Sequence(0),
            count: sequences.count, reason: reason)
    }

    /// For a person's request: these and no others, whatever their age. That they are neither money nor
    /// unsent nor of an open stay is the caller's to see to.
    package init(request sequences: [Sequence], at moment: Moment) {
        self.init(
            sequences: Array(Set(sequences)).sorted(), reason: .request, resumeAfter: Sequence(0), day: nil,
            at: moment, boot: "")
    }

    init(
        sequences: [Sequence], reason: PayloadsDeleted.Reason, resumeAfter: Sequence, day: RetentionDay?,
        at moment: Moment, boot: String
    ) {
        self.sequences = sequences
        self.reason = reason
        self.resumeAfter = resumeAfter
        self.day = day
        at = moment
        self.boot = boot
    }
}

/// What a day may still take by age, and whether it begins with this plan.
struct RetentionDay: Hashable, Sendable {
    var left: Int64
    /// Records that there were when it began.
    var count: Int64
    var isNew: Bool
}

/// Goes through the records in their order and collects what may go.
struct RetentionScan {
    let policy: RetentionPolicy
    let reason: PayloadsDeleted.Reason
    /// Records up to here, and at most so many.
    let through: Sequence
    let limit: Int
    /// Bytes still to be freed; nil when only age counts.
    var excess: Int64?

    private(set) var sequences: [Sequence] = []
    private(set) var resumeAfter: Sequence
    private var mayResume = true

    /// What is old enough.
    init(_ policy: RetentionPolicy, oldThrough: Sequence, limit: Int, from start: Sequence) {
        self.policy = policy
        self.limit = limit
        reason = .age
        through = min(oldThrough, policy.acknowledgedThrough)
        resumeAfter = start
    }

    /// What must go for its size.
    init(_ policy: RetentionPolicy, excess: Int64, last: Int64, from start: Sequence) {
        self.policy = policy
        self.excess = excess
        limit = policy.step
        reason = .size
        through = min(Sequence(max(0, last - policy.sizeSpares)), policy.acknowledgedThrough)
        resumeAfter = start
    }

    /// False when nothing from this record on can go.
    mutating func take(_ record: StoredRecord) -> Bool {
        guard record.sequence <= through, sequences.count < limit, excess.map({ $0 > 0 }) ?? true
        else { return false }
        if let payload = record.payload, record.kind != PayloadsDeleted.kind {
            switch policy.verdict(record) {
            case .delete:
                sequences.append(record.sequence)
                excess = excess.map { $0 - Int64(payload.count + RecordHash.saltSize) }
            case .keepForever: break
            case .keepForNow: mayResume = false
            }
        }
        if mayResume { resumeAfter = record.sequence }
        return true
    }
}
