// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
package import GatehouseCore
package import GatehouseEngine

/// A journal opened for one walk through what it says of stays, permits and money. Writes nothing; pages are short
/// transactions, so that beside a running daemon neither a commit nor a checkpoint waits.
package final class StayHistory: Sendable {
    private let reader: JournalReader
    /// Holds the lock of a stopped journal.
    private let offline: OfflineJournal?

    /// A stopped journal or a backup; refused while a daemon runs on it.
    package init(offline path: String) throws(StoreFault) {
        let offline = try OfflineJournal(path)
        self.offline = offline
        reader = offline.reader
    }

    /// Also a journal in use: readers of a write-ahead log are in nobody's way, and take no lock.
    package init(beside path: String) throws(StoreFault) {
        offline = nil
        reader = JournalReader(try Self.open(StoreFolder(path: path)))
    }

    package func close() {
        if let offline { offline.close() } else { try? reader.close() }
    }

    /// - Parameter window: of the instants at which stays ended, seconds since 1970.
    package func rehearse(
        _ tariff: Tariff, in zone: ZoneRules, endedIn window: Range<Int64> = .min ..< .max
    ) throws(StoreFault) -> RehearsalResult {
        var fold = RehearsalFold(tariff, in: zone, endedIn: window)
        try forEachRecord(of: RehearsalFold.kinds) { fold.fold($0) }
        return fold.finish()
    }

    /// Up to the record that is last when the walk begins.
    private func forEachRecord(
        of kinds: [String], _ take: (StoredRecord) -> Void
    ) throws(StoreFault) {
        let end = Sequence(try reader.count())
        var after = Sequence(0)
        while after < end {
            let page = try reader.records(after: after, kinds: kinds, limit: JournalReader.maximumLimit)
            for record in page where record.sequence <= end { take(record) }
            guard page.count == JournalReader.maximumLimit, let last = page.last else { return }
            after = last.sequence
        }
    }

    /// SQLite wants shared memory beside a log, which who may only read cannot make and an empty log does not need.
    private static func open(_ folder: StoreFolder) throws(StoreFault) -> DatabaseQueue {
        try folder.refuseLoss(traces: true)
        do throws(StoreFault) {
            return try open(folder, immutable: false)
        } catch {
            guard folder.size(of: folder.writeAheadLog) == 0 else { throw error }
            return try open(folder, immutable: true)
        }
    }

    private static func open(
        _ folder: StoreFolder, immutable: Bool
    ) throws(StoreFault) -> DatabaseQueue {
        try classifying(at: folder.path) {
            let queue = try StoreDatabase.openReader(folder, immutable: immutable)
            try queue.read { db in try StoreSchema.checkIsOurs(db) }
            return queue
        }
    }
}
