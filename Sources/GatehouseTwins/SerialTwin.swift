// SPDX-License-Identifier: Apache-2.0

internal import CGatehouseSystem
internal import Foundation
package import GatehouseCore
package import GatehouseSimulation
internal import Glibc
internal import Synchronization

/// A model of a device at the far end of a real pseudo-terminal: a thread carries its bytes and lets its time pass. It
/// shares no code with the driver at the near end.
package final class SerialTwin<Model: Sendable>: Sendable {
    /// What a site file names: a link to the end that the gateway opens.
    package let path: String
    private let state: Mutex<State>
    private let turn: @Sendable (inout Model, _ received: [UInt8], Uptime) -> [UInt8]

    private struct State: Sendable {
        var model: Model
        var isStopped = false
    }

    private let master: Int32
    /// Keeps the gateway's end open, so that the master does not read an error while nobody is attached.
    private let keeper: Int32

    /// - Parameter turn: what it received since the last turn, perhaps nothing; gives what it sends now.
    package init(
        _ name: String, _ model: Model,
        turn: @escaping @Sendable (inout Model, _ received: [UInt8], Uptime) -> [UInt8]
    ) throws {
        let tag = UInt32.random(in: 0 ... .max)
        path = "\(FileManager.default.temporaryDirectory.path)/gatehouse-\(name)-\(getpid())-\(tag)"
        state = Mutex(State(model: model))
        self.turn = turn
        var terminal = [CChar](repeating: 0, count: 128)
        let capacity = terminal.count
        master = unsafe gh_pty_open(&terminal, capacity)
        guard master >= 0 else { throw TwinError.system("no pseudo-terminal", -master) }
        let end = terminal.firstIndex(of: 0) ?? terminal.endIndex
        let near = String(decoding: terminal[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        keeper = unsafe gh_open_raw(near)
        guard keeper >= 0 else { throw TwinError.system("cannot open \(near)", -keeper) }
        guard unsafe symlink(near, path) == 0 else { throw TwinError.system("cannot link \(path)") }
    }

    package func start() {
        Thread.detachNewThread { [self] in run() }
    }

    /// The thread ends within a tick and closes both ends.
    package func stop() {
        unsafe unlink(path)
        state.withLock { $0.isStopped = true }
    }

    /// Looks at the model or does something with it, at this instant.
    package func with<Answer: Sendable>(
        _ body: (inout Model, Uptime) throws -> Answer
    ) rethrows -> Answer {
        try state.withLock { try body(&$0.model, TwinClock.uptime()) }
    }

    private func run() {
        var buffer = [UInt8](repeating: 0, count: 256)
        while !state.withLock({ $0.isStopped }) {
            var wanted = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&wanted, 1, 5)
            var received: [UInt8] = []
            if wanted.revents & Int16(POLLIN) != 0 {
                let count = unsafe buffer.withUnsafeMutableBytes {
                    unsafe read(master, $0.baseAddress, $0.count)
                }
                if count > 0 { received = Array(buffer[..<count]) }
            }
            let sent = state.withLock { turn(&$0.model, received, TwinClock.uptime()) }
            guard !sent.isEmpty else { continue }
            _ = unsafe sent.withUnsafeBytes { unsafe write(master, $0.baseAddress, $0.count) }
        }
        close(master)
        close(keeper)
    }
}

extension SerialTwin where Model == CardReaderModel {
    /// A card reader on a line of its own.
    package static func reader(_ style: CardReaderModel.Style) throws -> SerialTwin {
        try SerialTwin("reader", CardReaderModel(style)) { model, _, now in model.bytes(until: now) }
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
