// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
package import GatehouseCore
package import GatehouseEngine
import GatehouseProof

extension JournalReader {
    /// Checks the whole chain, then folds the records from the newest seal that can be and compares with the
    /// projection table. Bounded transactions; records written meanwhile are not looked at. Takes seconds
    /// per million records: on its own thread, or offline.
    package func verify<Folding: JournalFolding>(
        folding: Folding.Type
    ) throws(StoreFault) -> VerificationReport {
        let head: (sequence: Int64, rows: [ProjectionRow], closed: Int64?) = try classifying {
            try queue.read { db in
                (
                    try Int64.fetchOne(db, sql: "SELECT max(seq) FROM journal") ?? 0,
                    try ProjectionRow.fetchAll(db),
                    try Int64.fetchOne(
                        db, sql: "SELECT value FROM cursor WHERE name = ?", arguments: [CleanMark.name])
                )
            }
        }
        var check = ChainCheck()
        check.run(self, through: head.sequence)
        var report = check.report
        let newestSeal = (try? seals().first?.sequence.number) ?? 0
        let evidence = max(head.closed ?? 0, newestSeal)
        if evidence > head.sequence {
            report.add(.truncated(Sequence(head.sequence), knownThrough: Sequence(evidence)))
        }
        do throws(StoreFault) {
            try compare(folding, with: head.rows, &report)
        } catch { report.add(.unreadable(after: report.head, "\(error)")) }
        // Of a journal that could not be walked to its end the sums are not all.
        let differing = report.head.number == head.sequence ? check.postings.differences(from: head.rows) : []
        for account in differing where !report.troubles.contains(.row(account)) {
            report.add(.row(account))
        }
        return report
    }

    private func compare<Folding: JournalFolding>(
        _ folding: Folding.Type, with rows: [ProjectionRow], _ report: inout VerificationReport
    ) throws(StoreFault) {
        for seal in try seals() where seal.sequence <= report.head {
            guard let sealed = try self.rows(of: seal) else {
                report.add(.seal(seal.sequence))
                continue
            }
            if try fold(folding, from: seal.sequence, sealed, with: rows, &report) { return }
        }
        _ = try fold(folding, from: Sequence(0), [], with: rows, &report)
    }

    /// False when a payload after `start` is deleted: an older start cannot be whole either, but says so.
    private func fold<Folding: JournalFolding>(
        _ folding: Folding.Type, from start: Sequence, _ initial: [ProjectionRow],
        with actual: [ProjectionRow], _ report: inout VerificationReport
    ) throws(StoreFault) -> Bool {
        var state: Folding
        do throws(FieldError) { state = try Folding(rows: initial) } catch {
            report.add(.fold(start, error))
            return false
        }
        var folded: [ProjectionKey: [UInt8]] = [:]
        for row in initial { folded[row.key] = row.value }
        var after = start
        while after < report.head {
            let rows = try rows(
                after: after.number, through: report.head.number, limit: ChainCheck.chunk)
            guard let last = rows.last else { break }
            for row in rows {
                guard row.record.payload != nil else { return false }
                do throws(FieldError) {
                    for change in try state.fold(row.record) { folded[change.row] = change.value }
                } catch {
                    report.add(.fold(row.record.sequence, error))
                }
            }
            after = last.record.sequence
        }
        report.foldedFrom = start
        report.rowsCompared = actual.count
        for row in actual {
            if folded[row.key] != row.value { report.add(.row(row.key)) }
            folded[row.key] = nil
        }
        for key in folded.keys.sorted() { report.add(.row(key)) }
        return true
    }
}

extension Journal {
    /// Inside the running daemon, on a connection of its own for as long as it takes: commits go on.
    package func verify<Folding: JournalFolding & Sendable>(
        folding: Folding.Type
    ) async throws(StoreFault) -> VerificationReport {
        try await walkingAlone { () throws(StoreFault) in
            let thread = WorkerThread(name: "journal-verify")
            defer { thread.stop() }
            return try await thread.run { [folder] () throws(StoreFault) in
                let reader = JournalReader(try classifying { try StoreDatabase.openReader(folder) })
                defer { try? reader.close() }
                return try reader.verify(folding: folding)
            }
        }
    }
}

/// A stopped journal or a backup, opened for reading only: `gatehouse verify --offline FOLDER`. Refused
/// while a daemon runs on it; a copy without the lock file, or on a read-only medium, needs no lock.
package final class OfflineJournal: Sendable {
    package let reader: JournalReader
    private let lock: StoreLock?

    /// - Parameter isWritten: a daemon may be writing it, and goes on: what is read is what was committed. Not for a
    ///   verification, which wants to know that nobody else is at it.
    package init(_ path: String, isWritten: Bool = false) throws(StoreFault) {
        let folder = StoreFolder(path: path)
        try folder.refuseLoss(traces: true)
        let isReadOnlyMedium = StoreLock.isReadOnlyMedium(folder)
        let isLockable =
            !isWritten && !isReadOnlyMedium && FileManager.default.fileExists(atPath: folder.lock)
        lock = isLockable ? try StoreLock(folder, .shared) : nil
        let queue = try classifying {
            let immutable = isReadOnlyMedium && folder.size(of: folder.writeAheadLog) == 0
            let queue = try StoreDatabase.openReader(folder, immutable: immutable)
            try queue.read { db in
                try StoreSchema.checkVersion(Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0)
            }
            return queue
        }
        reader = JournalReader(queue)
    }

    package func close() {
        try? reader.close()
        lock?.release()
    }
}
