// SPDX-License-Identifier: Apache-2.0

import Dispatch
import GatehouseStore
import GRDB
import Synchronization

/// Holds the writer thread at its first passage until it is opened: a disk that stalls.
final class Gate: Sendable {
    private let isSpent = Atomic<Bool>(false)
    private let released = DispatchSemaphore(value: 0)
    private let arrivals = AsyncStream.makeStream(of: Void.self)

    func pass() {
        guard !isSpent.exchange(true, ordering: .relaxed) else { return }
        arrivals.continuation.yield()
        released.wait()
    }

    /// Until the writer thread stands before the gate.
    func arrived() async {
        for await _ in arrivals.stream { return }
    }

    func open() { released.signal() }
}

/// Fails chosen steps of commits, in order, once each; then the disk is well again.
final class FailingDisk: Sendable {
    private let planned: Mutex<[(step: JournalStep, error: any Error & Sendable)]>

    init(_ planned: [(step: JournalStep, error: any Error & Sendable)]) { self.planned = Mutex(planned) }

    func arm(_ step: JournalStep, _ error: any Error & Sendable) {
        planned.withLock { $0.append((step, error)) }
    }

    func check(_ step: JournalStep) throws {
        let error: (any Error & Sendable)? = planned.withLock { planned in
            guard let first = planned.first, first.step == step else { return nil }
            planned.removeFirst()
            return first.error
        }
        if let error { throw error }
    }
}
