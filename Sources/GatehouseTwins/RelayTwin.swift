// SPDX-License-Identifier: Apache-2.0

internal import CGatehouseSystem
internal import Foundation
internal import GatehouseCore
package import GatehouseSimulation
internal import Glibc
internal import Synchronization

/// A lane's relay board on a real pseudo-terminal: a thread carries bytes between the tty and the model and
/// lets the model's time pass. It shares no code with the driver at the other end.
package final class RelayTwin: Sendable {
    /// What a site file names: the end that the gateway opens.
    package let path: String
    private let master: Int32
    /// Keeps the gateway's end open, so that the master does not read an error while nobody is attached.
    private let keeper: Int32
    private let state: Mutex<State>

    private struct State: Sendable {
        var model: LaneTwinModel
        var replies: [RelayBoardModel.Reply] = []
        var isStopped = false
    }

    private static let tick: Int32 = 5

    package init(
        wiring: LaneTwinModel.Wiring = LaneTwinModel.Wiring(),
        barrier: BarrierModel.Settings = BarrierModel.Settings()
    ) throws {
        var name = [CChar](repeating: 0, count: 128)
        let capacity = name.count
        let opened = unsafe gh_pty_open(&name, capacity)
        guard opened >= 0 else { throw TwinError.system("no pseudo-terminal", -opened) }
        let end = name.firstIndex(of: 0) ?? name.endIndex
        let path = String(decoding: name[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let kept = unsafe gh_open_raw(path)
        guard kept >= 0 else {
            close(opened)
            throw TwinError.system("cannot open \(path)", -kept)
        }
        self.path = path
        master = opened
        keeper = kept
        let model = LaneTwinModel(wiring: wiring, barrier: barrier, at: TwinClock.uptime())
        state = Mutex(State(model: model))
    }

    package func start() {
        Thread.detachNewThread { [self] in run() }
    }

    /// The thread ends within a tick and closes both ends.
    package func stop() { state.withLock { $0.isStopped = true } }

    /// Looks at the lane or does something in it, at this instant.
    package func with<Answer: Sendable>(_ body: (inout LaneTwinModel) throws -> Answer) rethrows -> Answer {
        try state.withLock { state in
            state.model.advance(to: TwinClock.uptime())
            return try body(&state.model)
        }
    }

    /// A program that was killed leaves its exclusive use on a terminal that others still hold open. On a real
    /// port the last close ends it.
    package func freeLine() { _ = ioctl(keeper, UInt(TIOCNXCL)) }

    private func run() {
        var buffer = [UInt8](repeating: 0, count: 256)
        while true {
            var wanted = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&wanted, 1, Self.tick)
            var received: [UInt8] = []
            if wanted.revents & Int16(POLLIN) != 0 {
                let count = unsafe buffer.withUnsafeMutableBytes {
                    unsafe read(master, $0.baseAddress, $0.count)
                }
                if count > 0 { received = Array(buffer[..<count]) }
            }
            guard let due = turn(received, at: TwinClock.uptime()) else { break }
            for reply in due { send(reply) }
        }
        close(master)
        close(keeper)
    }

    /// Replies whose time has come; nil: stopped.
    private func turn(_ bytes: [UInt8], at now: Uptime) -> [[UInt8]]? {
        state.withLock { state -> [[UInt8]]? in
            guard !state.isStopped else { return nil }
            state.model.advance(to: now)
            if !bytes.isEmpty { state.replies += state.model.receive(bytes, at: now) }
            let due = state.replies.filter { $0.at <= now }
            state.replies.removeAll { $0.at <= now }
            return due.map(\.bytes)
        }
    }

    private func send(_ bytes: [UInt8]) {
        // Eight bytes into a line that nobody reads may not fit: lost, as on a real line.
        _ = unsafe bytes.withUnsafeBytes { unsafe write(master, $0.baseAddress, $0.count) }
    }
}
