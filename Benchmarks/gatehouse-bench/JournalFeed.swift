// SPDX-License-Identifier: Apache-2.0

import Dispatch
import GatehouseCore
import GatehouseEngine
import GatehouseStore
import Synchronization

/// Writes batches to a journal as fast as it takes them, each its own transaction: the next is handed over
/// when the one before is durable, on the journal's own thread, so that nobody's waking up is measured.
final class JournalFeed: Sendable {
    private struct State {
        var journal: Journal?
        var batches: [[Record]]
        /// How many were handed over.
        var next = 0
        var failure: String?
    }

    private let state: Mutex<State>
    private let ended = DispatchSemaphore(value: 0)

    init(_ batches: [[Record]]) { state = Mutex(State(batches: batches)) }

    /// Seconds from the first hand-over to the last commit.
    func run(_ folder: String) throws -> Double {
        let (journal, _) = try Journal.open(folder) { [self] result in take(result) }
        defer { journal.close() }
        state.withLock { $0.journal = journal }
        let start = ContinuousClock.now
        handOver()
        ended.wait()
        let seconds = Double((ContinuousClock.now - start).inNanoseconds) / 1e9
        if let failure = state.withLock({ $0.failure }) { throw BenchFailure(words: failure) }
        return seconds
    }

    private func take(_ result: JournalResult) {
        switch result {
        case .committed(let through):
            let isWhole = state.withLock { $0.batches[$0.next - 1].last?.sequence.number == through }
            if isWhole { handOver() }
        case .commitFailed(_, let fault):
            state.withLock { $0.failure = "a commit failed: \(fault.words)" }
            ended.signal()
        }
    }

    private func handOver() {
        let (journal, batch) = state.withLock { state in
            let batch = state.next < state.batches.count ? state.batches[state.next] : nil
            state.next += 1
            return (state.journal, batch)
        }
        guard let journal, let batch else {
            ended.signal()
            return
        }
        journal.submit(batch)
    }
}
