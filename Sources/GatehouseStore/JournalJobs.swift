// SPDX-License-Identifier: Apache-2.0

import GRDB
import GatehouseCore
package import GatehouseEngine
import Synchronization

extension Journal {
    /// Commits after which an idle moment is used for a checkpoint. Not each: a page written by many
    /// commits then goes to the flash once.
    static let checkpointEvery = 200

    /// To be called whenever nothing waits (the engine's tick with an empty inbox is often enough). Cheap
    /// and without waiting; the checkpoint itself is PASSIVE, on its own connection and thread. Without idle
    /// moments the log is bounded by `StoreDatabase.hardCapFrames`.
    package func checkpointIfIdle() {
        guard commitsSinceCheckpoint.load(ordering: .relaxed) >= Self.checkpointEvery,
            inbox.withLock({ $0.records.isEmpty }),
            !isCheckpointQueued.exchange(true, ordering: .relaxed)
        else { return }
        upkeep.enqueue { [self] in
            _ = try? checkpoint()
            isCheckpointQueued.store(false, ordering: .relaxed)
        }
    }

    /// Frames in the log and how many of them are in the database now.
    @discardableResult
    func checkpoint() throws(StoreFault) -> (log: Int, moved: Int) {
        commitsSinceCheckpoint.store(0, ordering: .relaxed)
        let counts = try classifying {
            try checkpointer.writeWithoutTransaction { db in try db.checkpoint(.passive) }
        }
        return (counts.walFrameCount, counts.checkpointedFrameCount)
    }

    /// Runs reads on a thread of their own: for tasks, which must not block.
    package func read<Value: Sendable>(
        _ work: @escaping @Sendable (JournalReader) throws(StoreFault) -> Value
    ) async throws(StoreFault) -> Value {
        try await reading.run { [reader] () throws(StoreFault) in try work(reader) }
    }

    /// Moves a named cursor (how far upstream acknowledged) and waits until that is durable.
    package func setCursor(_ name: String, to value: Int64) async throws(StoreFault) {
        precondition(name != CleanMark.name, "this cursor is the journal's own")
        try await write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO cursor (name, value) VALUES (?, ?)", arguments: [name, value])
        }
    }

    /// Keeps verifications and deletions apart: one that reads while the other deletes would report damage
    /// where there is none.
    func walkingAlone<Value>(
        _ work: () async throws(StoreFault) -> Value
    ) async throws(StoreFault) -> Value {
        guard !isWalking.exchange(true, ordering: .acquiring) else {
            throw .failed("a verification or a deletion is under way: try again when it has ended")
        }
        defer { isWalking.store(false, ordering: .releasing) }
        return try await work()
    }

    /// One transaction of the journal's own on the writer thread, between two commits of records. It must
    /// be short. Fails without a retry.
    func write<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreFault) -> Value {
        let result: Result<Value, StoreFault> = await withCheckedContinuation { continuation in
            enqueue { queue in
                continuation.resume(returning: queue.flatMap { queue in Journal.transact(queue, work) })
            }
        }
        return try result.get()
    }

    func enqueue(_ job: @escaping Job) {
        let isClosed = inbox.withLock { inbox in
            if !inbox.isClosed { inbox.jobs.append(job) }
            return inbox.isClosed
        }
        if isClosed { job(.failure(.failed("the journal is closed"))) } else { signal { _ in } }
    }

    static func transact<Value>(
        _ queue: DatabaseQueue, _ work: (Database) throws -> Value
    ) -> Result<Value, StoreFault> {
        do {
            return .success(
                try queue.writeWithoutTransaction { db in
                    try db.execute(sql: "BEGIN IMMEDIATE")
                    do {
                        let value = try work(db)
                        try db.execute(sql: "COMMIT")
                        return value
                    } catch {
                        if db.isInsideTransaction { try? db.rollback() }
                        throw error
                    }
                })
        } catch { return .failure(StoreFault(error, at: queue.path)) }
    }
}
