// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Calls of a payment platform on their way to the site: a few at a time, so that a flood of them leaves the inbox its
/// places for the guard and the technician, and a bound on those that wait.
final class PaymentQueue: Sendable {
    typealias Job = @Sendable () async -> Void

    private struct State: Sendable {
        var running = 0
        var waiting: [Job] = []
    }

    private let width: Int
    let places: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - width: at work at once.
    ///   - places: at work and waiting.
    init(width: Int, places: Int) {
        self.width = width
        self.places = places
    }

    /// false: full, and the job is not done.
    func add(_ job: @escaping Job) -> Bool {
        let (isTaken, mayStart) = state.withLock { state in
            if state.running < width {
                state.running += 1
                return (true, true)
            }
            guard state.running + state.waiting.count < places else { return (false, false) }
            state.waiting.append(job)
            return (true, false)
        }
        if mayStart { Task { await work(beginningWith: job) } }
        return isTaken
    }

    private func work(beginningWith first: @escaping Job) async {
        var next: Job? = first
        while let job = next {
            await job()
            next = state.withLock { state in
                guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
                state.running -= 1
                return nil
            }
        }
    }
}
