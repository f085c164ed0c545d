// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
package import GatehouseSimulation
internal import Synchronization

/// A display card that has a line to itself, on a real pseudo-terminal.
package final class DisplayTwin: Sendable {
    private let tty: TtyTwin
    private let state: Mutex<State>

    private struct State: Sendable {
        var card: DisplayCardModel
        var replies: [DisplayCardModel.Reply] = []
    }

    package init(_ kind: DisplayCardModel.Kind = .card64) throws {
        state = Mutex(State(card: DisplayCardModel(kind)))
        tty = try TtyTwin("card")
    }

    /// What a site file names: a link to the end that the gateway opens.
    package var path: String { tty.path }

    package func start() {
        tty.start { [self] bytes, now in
            state.withLock { state in
                state.card.advance(to: now)
                if !bytes.isEmpty { state.replies += state.card.receive(bytes, at: now) }
                let due = state.replies.filter { $0.at <= now }
                state.replies.removeAll { $0.at <= now }
                return due.map(\.bytes)
            }
        }
    }

    package func pull() { tty.pull() }

    package func plugIn() throws { try tty.plugIn() }

    package func stop() { tty.stop() }

    package func freeLine() { tty.freeLine() }

    /// Looks at the card, or breaks something on it.
    package func with<Answer: Sendable>(_ body: (inout DisplayCardModel) throws -> Answer) rethrows -> Answer
    {
        try state.withLock { try body(&$0.card) }
    }
}
