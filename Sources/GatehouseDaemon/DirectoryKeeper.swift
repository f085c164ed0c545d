// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseEngine
internal import GatehouseStore
internal import CGatehouseSystem
internal import Logging
internal import Synchronization

/// Builds the directory off the loop, from what is durable: when permits, households or lists changed and
/// that change is on disk, their rows are read, packed and handed over as one reference. A burst of changes
/// makes one build; one that fails is tried again.
final class DirectoryKeeper: Sendable {
    private let schedule = Mutex(BuildSchedule())
    private let inbox: Inbox
    private let clock: SystemClock
    private let logger: Logger
    private let journal: Mutex<Journal?> = Mutex(nil)

    init(inbox: Inbox, clock: SystemClock, logger: Logger) {
        self.inbox = inbox
        self.clock = clock
        self.logger = logger
    }

    func attach(_ journal: Journal) { self.journal.withLock { $0 = journal } }

    static func build(from rows: [ProjectionRow], asOf: Sequence) throws(DirectoryError) -> Directory {
        var builder = DirectoryBuilder()
        for row in rows { try builder.add(row) }
        return try builder.build(asOf: asOf)
    }

    /// From the engine's thread, when the records are on their way or already on disk.
    func changed(through sequence: Sequence) {
        schedule.withLock { $0.changed(through: sequence) }
        buildIfDue()
    }

    /// From the journal's thread, after each commit.
    func committed(through sequence: Sequence) {
        schedule.withLock { $0.committed(through: sequence) }
        buildIfDue()
    }

    /// Also to be called every second, for a build that has to be tried again.
    func buildIfDue() {
        guard let journal = journal.withLock({ $0 }) else { return }
        let now = clock.uptime()
        guard let due = schedule.withLock({ $0.begin(at: now) }) else { return }
        Task { await rebuild(journal, asOf: due) }
    }

    private func rebuild(_ journal: Journal, asOf: Sequence) async {
        do {
            let directory = try await journal.read { reader throws(StoreFault) in
                let rows = try reader.rows()
                return Result { () throws(DirectoryError) in try Self.build(from: rows, asOf: asOf) }
            }.get()
            inbox.offer(.site(.directory(directory)))
            logger.info(
                "directory in force",
                metadata: ["credentials": "\(directory.count)", "record": "\(asOf.number)"])
            schedule.withLock { $0.succeeded(asOf) }
        } catch {
            logger.error("directory could not be built, to be tried again; the old one stays: \(error)")
            let now = clock.uptime()
            schedule.withLock { $0.failed(at: now) }
        }
        gh_trim_heap()
        buildIfDue()
    }
}
