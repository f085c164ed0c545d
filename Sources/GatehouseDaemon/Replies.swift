// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import Synchronization

/// Who waits for the engine's answers. Bounded: beyond the limit the newest caller is refused at once.
final class Replies: Sendable {
    private struct State: Sendable {
        var next: UInt64 = 1
        var waiting = Table<ReplyID, @Sendable (Answer) -> Void>()
    }

    private static let limit = 256
    private let state = Mutex(State())

    /// Registers before the event is offered; nil when too many wait already.
    func expect(_ answer: @escaping @Sendable (Answer) -> Void) -> ReplyID? {
        state.withLock { state in
            guard state.waiting.count < Self.limit else { return nil }
            let id = ReplyID(state.next)
            state.next += 1
            state.waiting[id] = answer
            return id
        }
    }

    func answer(_ id: ReplyID, _ answer: Answer) {
        state.withLock { $0.waiting.remove(id) }?(answer)
    }

    /// The event found no place in the inbox.
    func forget(_ id: ReplyID) { state.withLock { _ = $0.waiting.remove(id) } }
}
