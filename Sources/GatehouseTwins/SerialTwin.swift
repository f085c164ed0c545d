// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
package import GatehouseSimulation
internal import Synchronization

/// A model of a device at the far end of a real pseudo-terminal: its bytes are carried and its time passes. It shares no
/// code with the driver at the near end.
package final class SerialTwin<Model: Sendable>: Sendable {
    private let tty: TtyTwin
    private let model: Mutex<Model>
    private let turn: @Sendable (inout Model, _ received: [UInt8], Uptime) -> [UInt8]

    /// - Parameter turn: what it received since the last turn, perhaps nothing; gives what it sends now.
    package init(
        _ name: String, _ model: Model,
        turn: @escaping @Sendable (inout Model, _ received: [UInt8], Uptime) -> [UInt8]
    ) throws {
        self.model = Mutex(model)
        self.turn = turn
        tty = try TtyTwin(name)
    }

    /// What a site file names: a link to the end that the gateway opens.
    package var path: String { tty.path }

    package func start() {
        tty.start { [self] received, now in
            let sent = model.withLock { turn(&$0, received, now) }
            return sent.isEmpty ? [] : [sent]
        }
    }

    package func pull() { tty.pull() }

    package func plugIn() throws { try tty.plugIn() }

    package func stop() { tty.stop() }

    package func freeLine() { tty.freeLine() }

    /// Looks at the model or does something with it, at this instant.
    package func with<Answer: Sendable>(
        _ body: (inout Model, Uptime) throws -> Answer
    ) rethrows -> Answer {
        try model.withLock { try body(&$0, TwinClock.uptime()) }
    }
}

extension SerialTwin where Model == CardReaderModel {
    /// A card reader on a line of its own.
    package static func reader(_ style: CardReaderModel.Style) throws -> SerialTwin {
        try SerialTwin("reader", CardReaderModel(style)) { model, _, now in model.bytes(until: now) }
    }
}

extension SerialTwin where Model == CodeScannerModel {
    /// A scanner of payment codes on a line of its own.
    package static func scanner(_ style: CodeScannerModel.Style) throws -> SerialTwin {
        try SerialTwin("scanner", CodeScannerModel(style)) { model, received, now in
            model.receive(received)
            return model.bytes(until: now)
        }
    }
}

/// A turnstile's board on its line; replies come a little later, as boards answer.
package struct TurnstileTwinModel: Sendable {
    package var unit = TurnstileModel()
    fileprivate var replies: [RelayBoardModel.Reply] = []
}

extension SerialTwin where Model == TurnstileTwinModel {
    package static func turnstile() throws -> SerialTwin {
        try SerialTwin("turnstile", TurnstileTwinModel()) { model, received, now in
            model.unit.advance(to: now)
            if !received.isEmpty { model.replies += model.unit.board.receive(received, at: now) }
            model.unit.advance(to: now)
            let due = model.replies.filter { $0.at <= now }
            model.replies.removeAll { $0.at <= now }
            return due.flatMap(\.bytes)
        }
    }
}
