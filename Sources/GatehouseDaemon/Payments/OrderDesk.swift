// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseEngine
internal import GatehouseSync
internal import GatehouseTransport
internal import Synchronization

/// Where providers fetch the orders that the gateway has for them, and wait for the next one: it calls nobody over HTTP,
/// so somebody comes.
final class OrderDesk: Sendable {
    private struct Waiter: Sendable {
        var continuation: CheckedContinuation<Void, Never>
        var connection: PushConnection?
    }

    private struct State: Sendable {
        var board: OrderBoard
        var waiting: [UInt64: Waiter] = [:]
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
        for one in all { one.continuation.resume() }
    }

    /// So many wait.
    var waiters: Int { state.withLock { $0.waiting.count } }

    /// Whoever waited there is gone; his place is for others.
    func left(_ connection: PushConnection) {
        let gone = state.withLock { state in
            let ids = state.waiting.filter { $0.value.connection === connection }.keys
            return ids.compactMap { state.waiting.removeValue(forKey: $0) }
        }
        for one in gone { one.continuation.resume() }
    }

    // MARK: From whoever asks

    /// Since nobody was here; a fetch that waits is somebody.
    func isLonely(since start: Uptime) -> Bool {
        let last = state.withLock { $0.fetchedAt }
        return clock.uptime() - max(last ?? start, start) > Self.patience
    }

    func fetch(_ query: OrderQuery, by connection: PushConnection? = nil) async -> PaymentReply {
        let (first, revision) = look(query)
        guard first.isEmpty, query.wait > 0 else {
            return PaymentReply(orders: first, revision: revision)
        }
        await news(after: revision, within: .seconds(query.wait), by: connection)
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

    /// Returns when the board changed, at the end of the time, or when nobody waits for it.
    private func news(
        after revision: Int64, within limit: Duration, by connection: PushConnection?
    ) async {
        await withCheckedContinuation { continuation in
            let waiter: UInt64? = state.withLock { state in
                // Under the lock: who leaves from here on is found among those who wait.
                guard state.board.revision == revision, connection?.isGone != true else { return nil }
                state.lastWaiter += 1
                state.waiting[state.lastWaiter] = Waiter(continuation: continuation, connection: connection)
                return state.lastWaiter
            }
            guard let waiter else { return continuation.resume() }
            Task { [self] in
                try? await Task.sleep(for: limit)
                state.withLock { $0.waiting.removeValue(forKey: waiter) }?.continuation.resume()
            }
        }
    }
}
