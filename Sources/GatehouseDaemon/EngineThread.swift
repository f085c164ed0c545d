// SPDX-License-Identifier: Apache-2.0

internal import CGatehouseSystem
internal import Foundation
internal import GatehouseEngine
internal import Synchronization

/// Runs the engine's loop on a thread of its own, in the real-time class when the system grants it.
final class EngineThread: Sendable {
    static let priority: Int32 = 20
    private let ended = DispatchSemaphore(value: 0)
    private let granted = Atomic<Bool>(false)
    /// Handed over and not kept: beside a copy the first change of each table would copy it whole.
    private let initial = Mutex<EngineState?>(nil)

    /// The scheduler's class was granted; else the reason stands in `gatehouse status`.
    var isRealtime: Bool { granted.load(ordering: .relaxed) }

    func start(_ loop: EngineLoop, _ state: EngineState) {
        initial.withLock { $0 = state }
        let thread = Thread { @Sendable [self] in
            guard let state = initial.withLock({ $0.take() }) else { return }
            granted.store(gh_thread_realtime(Self.priority) == 0, ordering: .relaxed)
            loop.run(state)
            ended.signal()
        }
        thread.name = "engine"
        thread.start()
    }

    /// After the inbox was closed.
    func join() { ended.wait() }
}
