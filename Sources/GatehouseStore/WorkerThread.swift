// SPDX-License-Identifier: Apache-2.0

package import Dispatch
import Foundation
import GatehouseEngine
import Synchronization

/// One thread that does one thing after another, so that slow reads and checkpoints stand neither in a
/// thread of the concurrency pool nor before a commit. `stop()` must be called.
package final class WorkerThread: Sendable {
    private struct Queue {
        var work: [@Sendable () -> Void] = []
        var isStopping = false
    }

    private let queue = Mutex(Queue())
    private let wake = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    package init(name: String) {
        let thread = Thread { @Sendable [self] in run() }
        thread.name = name
        thread.start()
    }

    /// Work handed over after `stop()` is dropped: false.
    @discardableResult
    package func enqueue(_ work: @escaping @Sendable () -> Void) -> Bool {
        let accepted = queue.withLock { queue in
            if !queue.isStopping { queue.work.append(work) }
            return !queue.isStopping
        }
        if accepted { wake.signal() }
        return accepted
    }

    func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws(StoreFault) -> Value
    ) async throws(StoreFault) -> Value {
        let result: Result<Value, StoreFault> = await withCheckedContinuation { continuation in
            let accepted = enqueue {
                do throws(StoreFault) {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
            if !accepted { continuation.resume(returning: .failure(.failed("the journal is closed"))) }
        }
        return try result.get()
    }

    /// Finishes what waits, then ends the thread; waits for that no longer than `patience`.
    package func stop(within patience: DispatchTimeInterval = .never) {
        let isFirst = queue.withLock { queue in
            defer { queue.isStopping = true }
            return !queue.isStopping
        }
        guard isFirst else { return }
        wake.signal()
        _ = ended.wait(timeout: .now() + patience)
    }

    private func run() {
        while true {
            wake.wait()
            let (work, isStopping) = queue.withLock { queue in
                defer { queue.work = [] }
                return (queue.work, queue.isStopping)
            }
            for item in work { item() }
            if isStopping { break }
        }
        ended.signal()
    }
}
