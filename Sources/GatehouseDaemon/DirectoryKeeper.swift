// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseEngine
internal import GatehouseStore
internal import CGatehouseSystem
internal import Logging
internal import Synchronization

/// Builds the directory off the loop, from what is durable: when permits, households or lists changed and
/// that change is on disk, their rows are read, packed and handed over as one reference. A burst of changes
/// makes one build.
final class DirectoryKeeper: Sendable {
    private struct State: Sendable {
        var wanted = Sequence(0)
        var durable = Sequence(0)
        var built = Sequence(0)
        var isBuilding = false
    }

    private let state = Mutex(State())
    private let inbox: Inbox
    private let logger: Logger
    private let journal: Mutex<Journal?> = Mutex(nil)

    init(inbox: Inbox, logger: Logger) {
        self.inbox = inbox
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
        state.withLock { $0.wanted = max($0.wanted, sequence) }
        buildIfDue()
    }

    /// From the journal's thread, after each commit.
    func committed(through sequence: Sequence) {
        state.withLock { $0.durable = max($0.durable, sequence) }
        buildIfDue()
    }

    /// Only what is on disk counts as read: a change that was made while a build ran may not be there yet.
    private func buildIfDue() {
        guard let journal = journal.withLock({ $0 }) else { return }
        let due = state.withLock { state -> Sequence? in
            guard !state.isBuilding, state.wanted > state.built, state.durable >= state.wanted else {
                return nil
            }
            state.isBuilding = true
            return state.wanted
        }
        guard let due else { return }
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
        } catch {
            logger.error("directory could not be built; the old one stays: \(error)")
        }
        gh_trim_heap()
        state.withLock { state in
            state.built = asOf
            state.isBuilding = false
        }
        buildIfDue()
    }
}
