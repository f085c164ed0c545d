// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
package import GatehouseSimulation
internal import Synchronization

/// A lane's relay board, and a display card if there is one on its line, on a real pseudo-terminal. It shares no
/// code with the drivers at the other end.
package final class RelayTwin: Sendable {
    private let tty: TtyTwin
    private let state: Mutex<State>

    private struct State: Sendable {
        var model: LaneTwinModel
        var replies: [RelayBoardModel.Reply] = []
        var starts = 0
    }

    package init(
        wiring: LaneTwinModel.Wiring = LaneTwinModel.Wiring(),
        barrier: BarrierModel.Settings = BarrierModel.Settings(), card: DisplayCardModel? = nil
    ) throws {
        var model = LaneTwinModel(wiring: wiring, barrier: barrier, at: TwinClock.uptime())
        model.card = card
        state = Mutex(State(model: model))
        tty = try TtyTwin("board")
    }

    /// What a site file names: a link to the end that the gateway opens.
    package var path: String { tty.path }

    package func plugIn() throws { try tty.plugIn() }

    package func pull() { tty.pull() }

    /// How often somebody at the other end began by writing all relays at once, as one does who opened the line.
    package var starts: Int { state.withLock { $0.starts } }

    package func start() {
        tty.start { [self] bytes, now in turn(bytes, at: now) }
    }

    package func stop() { tty.stop() }

    package func freeLine() { tty.freeLine() }

    /// Looks at the lane or does something in it, at this instant.
    package func with<Answer: Sendable>(_ body: (inout LaneTwinModel) throws -> Answer) rethrows -> Answer {
        try state.withLock { state in
            state.model.advance(to: TwinClock.uptime())
            return try body(&state.model)
        }
    }

    /// Replies whose time has come.
    private func turn(_ bytes: [UInt8], at now: Uptime) -> [[UInt8]] {
        state.withLock { state in
            state.model.advance(to: now)
            if bytes.count > 1, bytes[1] == 0x0F { state.starts += 1 }
            if !bytes.isEmpty { state.replies += state.model.receive(bytes, at: now) }
            let due = state.replies.filter { $0.at <= now }
            state.replies.removeAll { $0.at <= now }
            return due.map(\.bytes)
        }
    }
}
