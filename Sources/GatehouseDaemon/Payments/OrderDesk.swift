// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseEngine
internal import GatehouseSync
internal import Synchronization

/// Where providers fetch the orders that the gateway has for them, and wait for the next one: it calls nobody over HTTP,
/// so somebody comes.
final class OrderDesk: Sendable {
    private struct State: Sendable {
        var board: OrderBoard
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var lastWaiter: UInt64 = 0
        var fetchedAt: Uptime?
    }

    /// Whoever waits comes at least every `OrderQuery.longestWait`.
    static let patience: Duration = .seconds(60)

    private let clock: SystemClock
    private let state: Mutex<State>

    init(clock: SystemClock) {
        self.clock = clock
        // No process before this one came so far.
        state = Mutex(State(board: OrderBoard(beginningAt: clock.now().wall.milliseconds)))
    }

    // MARK: From the engine's thread

    func put(_ request: CollectionRequest) {
        let now = clock.uptime()
        wake { $0.board.put(request, at: now) }
    }

    func remove(_ number: Sequence) { state.withLock { $0.board.remove(number) } }

    /// Whoever waits is sent away with what there is.
    func dismiss() { wake { _ in } }

    private func wake(_ change: (inout sending State) -> Void) {
        let all = state.withLock { state in
            change(&state)
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for one in all { one.resume() }
    }

    // MARK: From whoever asks

    /// Since nobody was here; a fetch that waits is somebody.
    func isLonely(since start: Uptime) -> Bool {
        let last = state.withLock { $0.fetchedAt }
        return clock.uptime() - max(last ?? start, start) > Self.patience
    }

    func fetch(_ query: OrderQuery) async -> PaymentReply {
        let (first, revision) = look(query)
        guard first.isEmpty, query.wait > 0 else {
            return PaymentReply(orders: first, revision: revision)
        }
        await news(after: revision, within: .seconds(query.wait))
        let (next, last) = look(query)
        return PaymentReply(orders: next, revision: last)
    }

    private func look(_ query: OrderQuery) -> (orders: [CollectionRequest], revision: Int64) {
        let now = clock.uptime()
        return state.withLock { state in
            state.fetchedAt = now
            return (state.board.news(for: query, at: now), state.board.revision)
        }
    }

    /// Returns when the board changed or at the end of the time.
    private func news(after revision: Int64, within limit: Duration) async {
        await withCheckedContinuation { continuation in
            let waiter: UInt64? = state.withLock { state in
                guard state.board.revision == revision else { return nil }
                state.lastWaiter += 1
                state.waiting[state.lastWaiter] = continuation
                return state.lastWaiter
            }
            guard let waiter else { return continuation.resume() }
            Task { [self] in
                try? await Task.sleep(for: limit)
                state.withLock { $0.waiting.removeValue(forKey: waiter) }?.resume()
            }
        }
    }
}
