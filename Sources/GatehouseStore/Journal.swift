// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import GRDB
package import GatehouseCore
import GatehouseEngine
import Synchronization

/// The durable memory of a gateway: records and projections in one SQLite file, written by one thread.
///
/// The writer takes everything that waits into one transaction and answers with `onResult`, on its own
/// thread. When a commit fails it keeps the records and tries again, 250 ms to 5 s apart, reports the fault
/// once per kind, and `.committed` when it works again. `close()` must be called.
package final class Journal: JournalPort {
    package typealias Hook = @Sendable (JournalStep) throws -> Void
    typealias Job = @Sendable (Result<DatabaseQueue, StoreFault>) -> Void

    struct Inbox {
        var records: [Record] = []
        var jobs: [Job] = []
        var submitted: Int64
        var closing: ContinuousClock.Instant?
        var isClosed = false
        /// The wake-up already on its way.
        var isSignalled = false
    }

    let folder: StoreFolder
    let inbox: Mutex<Inbox>
    let wake = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let onResult: @Sendable (JournalResult) -> Void
    private let isClean = Mutex(false)
    private let lostCount = Atomic<Int>(0)
    private let lock: StoreLock
    let writerQueue: DatabaseQueue
    /// Checkpoints, seals and deletions are thought out here; only their writes go to the writer.
    let upkeep = WorkerThread(name: "journal-upkeep")
    /// Questions from tasks, which must not block, and must not hold up a checkpoint either.
    let reading = WorkerThread(name: "journal-read")
    /// A verification and a deletion exclude each other.
    let isWalking = Atomic<Bool>(false)
    let checkpointer: DatabaseQueue
    let commitsSinceCheckpoint = Atomic<Int>(0)
    let isCheckpointQueued = Atomic<Bool>(false)
    /// Reads for diagnostics, on their own connection.
    package let reader: JournalReader

    init(_ parts: Parts, onResult: @escaping @Sendable (JournalResult) -> Void) {
        folder = parts.folder
        lock = parts.lock
        writerQueue = parts.writer
        checkpointer = parts.checkpointer
        reader = parts.reader
        inbox = Mutex(Inbox(submitted: parts.last.sequence))
        self.onResult = onResult
        let writer = JournalWriter(parts.writer, last: parts.last, hook: parts.hook)
        let thread = Thread { @Sendable [self] in run(writer) }
        thread.name = "journal"
        thread.start()
    }

    struct Parts: Sendable {
        var folder: StoreFolder
        var lock: StoreLock
        var writer: DatabaseQueue
        var checkpointer: DatabaseQueue
        var reader: JournalReader
        var last: JournalWriter.ChainEnd
        var hook: Hook?
    }

    /// Never waits. Records arrive in order and without gaps; anything after `close()` is dropped, and was
    /// never acknowledged.
    package func submit(_ records: [GatehouseCore.Record]) {
        guard !records.isEmpty else { return }
        signal { inbox in
            for record in records {
                precondition(
                    record.sequence.number == inbox.submitted + 1, "records are numbered without gaps")
                inbox.submitted += 1
            }
            inbox.records.append(contentsOf: records)
        }
    }

    /// Commits what waits and ends the threads; waits for that at most `within` when the disk fails, and
    /// for as long as the disk takes when it stalls. True when every record submitted is durable.
    @discardableResult
    package func close(within: Duration = .seconds(5)) -> Bool {
        let isFirst = inbox.withLock { inbox in
            defer { inbox.closing = inbox.closing ?? ContinuousClock.now + within }
            return inbox.closing == nil
        }
        guard isFirst else { return isClean.withLock { $0 } }
        wake.signal()
        ended.wait()
        upkeep.stop()
        reading.stop()
        try? reader.close()
        try? checkpointer.close()
        if !isClean.withLock({ $0 }) { lock.excuse() }
        try? writerQueue.close()
        lock.release()
        return isClean.withLock { $0 }
    }

    /// After `close`: how many of the records submitted are not durable.
    package var lost: Int { lostCount.load(ordering: .relaxed) }

    func signal(_ change: (inout Inbox) -> Void) {
        let mustWake = inbox.withLock { inbox in
            change(&inbox)
            defer { inbox.isSignalled = true }
            return !inbox.isSignalled
        }
        if mustWake { wake.signal() }
    }

    private struct Taken {
        var records: [Record]
        var jobs: [Job]
        var closing: ContinuousClock.Instant?
    }

    private func take() -> Taken {
        inbox.withLock { inbox in
            defer {
                inbox.records = []
                inbox.jobs = []
                inbox.isSignalled = false
            }
            return Taken(records: inbox.records, jobs: inbox.jobs, closing: inbox.closing)
        }
    }

    /// The writer thread. Jobs wait while a commit is owed: the records come first.
    private func run(_ initial: JournalWriter) {
        var writer = initial
        var held: [Record] = []
        var jobs: [Job] = []
        var trouble = Trouble()
        var closing: ContinuousClock.Instant?
        while true {
            let isDue = trouble.wait(wake, until: closing)
            let taken = take()
            held += taken.records
            jobs += taken.jobs
            closing = taken.closing
            if !held.isEmpty, isDue || closing != nil {
                do throws(StoreFault) {
                    try writer.commit(held)
                    held = []
                    trouble = Trouble()
                    commitsSinceCheckpoint.add(1, ordering: .relaxed)
                    onResult(.committed(through: writer.last.sequence))
                } catch {
                    if trouble.isNews(error) {
                        onResult(.commitFailed(after: writer.last.sequence, error))
                    }
                }
            }
            if held.isEmpty {
                for job in jobs { job(.success(writerQueue)) }
                jobs = []
            }
            if let closing, held.isEmpty || ContinuousClock.now >= closing {
                finish(jobs, owed: held.count)
                return
            }
        }
    }

    private func finish(_ jobs: [Job], owed: Int) {
        let (rest, late) = inbox.withLock { inbox in
            inbox.isClosed = true
            return (inbox.jobs, inbox.records.count)
        }
        lostCount.store(owed + late, ordering: .relaxed)
        for job in jobs + rest { job(.failure(.failed("the journal is closed"))) }
        let marked = owed == 0 && (try? CleanMark.set(writerQueue)) != nil
        isClean.withLock { $0 = marked }
        ended.signal()
    }
}

/// From one attempt at a failing disk to the next: 250 ms, then twice as long each time, up to 5 s.
struct RetryPause {
    private var length = Duration.milliseconds(250)

    mutating func next() -> Duration {
        defer { length = min(length * 2, .seconds(5)) }
        return length
    }
}

/// The retry of a failing commit: what was reported and when the next attempt is due.
private struct Trouble {
    private var reported: StoreFault?
    private var pause = RetryPause()
    private var due: ContinuousClock.Instant?

    /// Until something arrives, the next attempt is due or the journal must be closed; true when a commit
    /// may be tried.
    func wait(_ wake: DispatchSemaphore, until closing: ContinuousClock.Instant?) -> Bool {
        guard let due else {
            wake.wait()
            return true
        }
        let left = min(due, closing ?? due) - ContinuousClock.now
        if left > .zero {
            _ = wake.wait(timeout: .now() + .milliseconds(Int(clamping: left.inMilliseconds) + 1))
        }
        return ContinuousClock.now >= due
    }

    mutating func isNews(_ fault: StoreFault) -> Bool {
        due = ContinuousClock.now + pause.next()
        defer { reported = fault }
        return reported.map { !$0.isSameKind(as: fault) } ?? true
    }
}
