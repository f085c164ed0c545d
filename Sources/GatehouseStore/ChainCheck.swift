// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import GatehouseProof

/// Walks the whole chain, record by record, in bounded memory: what it keeps grows only with the number of
/// gaps between deleted payloads.
struct ChainCheck {
    private(set) var report = VerificationReport()
    /// What the records' bookings add up to.
    private(set) var postings = PostingsCheck()
    private var previous = Digest.genesis
    private var deleted: [ClosedRange<Int64>] = []
    private var claims: [ClosedRange<Int64>] = []
    private var claimed: Int64 = 0

    static let chunk = 500

    mutating func run(_ reader: JournalReader, through head: Int64) {
        var ledger = LedgerCheck()
        do throws(StoreFault) {
            try ledger.begin(reader)
        } catch { report.add(.unreadable(after: Sequence(0), "\(error)")) }
        walk(reader, through: head, &ledger)
        (report.ledgerSize, report.ledgerRoot) = (ledger.tree.size, ledger.tree.root)
        postings = ledger.postings
    }

    private mutating func walk(_ reader: JournalReader, through head: Int64, _ ledger: inout LedgerCheck) {
        var after: Int64 = 0
        while after < head {
            do throws(StoreFault) {
                let rows = try reader.rows(after: after, through: head, limit: Self.chunk)
                for row in rows { check(row) }
                for trouble in try ledger.take(rows, reader) { report.add(trouble) }
                guard let last = rows.last else { break }
                after = last.record.sequence.number
            } catch {
                report.add(.unreadable(after: Sequence(after), "\(error)"))
                return
            }
        }
        if report.head.number < head { missing(through: head) }
        judgeDeletions()
        do throws(StoreFault) {
            for trouble in try ledger.finish(reader, through: head) { report.add(trouble) }
        } catch { report.add(.unreadable(after: report.head, "\(error)")) }
    }

    private mutating func check(_ row: JournalRow) {
        let number = row.record.sequence.number
        if number != report.head.number + 1 { missing(through: number - 1) }
        if row.expectedHash(after: previous) != row.hash { report.add(.hash(row.record.sequence)) }
        if !row.payloadMatches { report.add(.payload(row.record.sequence)) }
        if row.record.payload == nil { noteDeleted(number) }
        if row.record.kind == PayloadsDeleted.kind { noteClaim(row.record) }
        report.recordsChecked += 1
        report.head = row.record.sequence
        report.headHash = row.hash
        previous = row.hash
    }

    private mutating func missing(through last: Int64) {
        report.add(.missing(from: report.head.next, through: Sequence(last)))
    }

    private mutating func noteDeleted(_ number: Int64) {
        report.payloadsDeleted += 1
        if let last = deleted.last, last.upperBound == number - 1 {
            deleted[deleted.count - 1] = last.lowerBound...number
        } else {
            deleted.append(number...number)
        }
    }

    private mutating func noteClaim(_ record: StoredRecord) {
        guard let payload = record.payload, let fields = try? Fields(payload),
            let claim = try? PayloadsDeleted(from: fields), claim.from.number > 0,
            claim.from <= claim.through, claim.through < record.sequence
        else { return }
        let range = claim.from.number...claim.through.number
        claims.append(range)
        claimed &+= min(Int64(max(0, claim.count)), range.upperBound - range.lowerBound + 1)
    }

    private mutating func judgeDeletions() {
        let covered = Self.merged(claims)
        for run in deleted
        where !covered.contains(where: { $0.contains(run.lowerBound) && $0.contains(run.upperBound) }) {
            let first = run.first { number in !covered.contains { $0.contains(number) } }
            if let first { report.add(.deletedWithoutRecord(Sequence(first))) }
        }
        if report.payloadsDeleted > claimed, covered.isEmpty == false {
            report.add(.deletedTooMany(report.payloadsDeleted, recorded: claimed))
        }
    }

    /// Sorted, with neighbours joined.
    private static func merged(_ ranges: [ClosedRange<Int64>]) -> [ClosedRange<Int64>] {
        var result: [ClosedRange<Int64>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, range.lowerBound <= last.upperBound + 1 {
                result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }
}
