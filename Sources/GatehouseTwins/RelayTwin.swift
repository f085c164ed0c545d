// SPDX-License-Identifier: Apache-2.0

internal import CGatehouseSystem
internal import Foundation
internal import GatehouseCore
package import GatehouseSimulation
internal import Glibc
internal import Synchronization

/// A lane's relay board on a real pseudo-terminal: a thread carries bytes between the tty and the model and
/// lets the model's time pass. It shares no code with the driver at the other end. Like an adapter that udev
/// names it can be pulled and plugged in again under the same path.
package final class RelayTwin: Sendable {
    /// What a site file names: a link to the end that the gateway opens.
    package let path: String
    private let state: Mutex<State>

    private struct State: Sendable {
        var model: LaneTwinModel
        var replies: [RelayBoardModel.Reply] = []
        var line: Line?
        var isPulled = false
        var isStopped = false
        var starts = 0
    }

    private struct Line: Sendable {
        var master: Int32
        /// Keeps the gateway's end open, so that the master does not read an error while nobody is attached.
        var keeper: Int32

        func end() {
            close(master)
            close(keeper)
        }
    }

    private static let tick: Int32 = 5
    private static let count = Atomic<Int>(0)

    package init(
        wiring: LaneTwinModel.Wiring = LaneTwinModel.Wiring(),
        barrier: BarrierModel.Settings = BarrierModel.Settings()
    ) throws {
        let number = Self.count.add(1, ordering: .relaxed).newValue
        path = "\(FileManager.default.temporaryDirectory.path)/gatehouse-board-\(getpid())-\(number)"
        let model = LaneTwinModel(wiring: wiring, barrier: barrier, at: TwinClock.uptime())
        state = Mutex(State(model: model))
        try plugIn()
    }

    /// Opens a terminal and gives it the board's name.
    package func plugIn() throws {
        var name = [CChar](repeating: 0, count: 128)
        let capacity = name.count
        let opened = unsafe gh_pty_open(&name, capacity)
        guard opened >= 0 else { throw TwinError.system("no pseudo-terminal", -opened) }
        let end = name.firstIndex(of: 0) ?? name.endIndex
        let terminal = String(decoding: name[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let kept = unsafe gh_open_raw(terminal)
        guard kept >= 0 else {
            close(opened)
            throw TwinError.system("cannot open \(terminal)", -kept)
        }
        state.withLock { state in
            state.line = Line(master: opened, keeper: kept)
            state.isPulled = false
        }
        unsafe unlink(path)
        guard unsafe symlink(terminal, path) == 0 else { throw TwinError.system("cannot link \(path)") }
    }

    /// The adapter is pulled: its name is gone, and within a tick the line hangs up.
    package func pull() {
        unsafe unlink(path)
        state.withLock { $0.isPulled = true }
    }

    /// How often somebody at the other end began by writing all relays at once, as one does who opened the line.
    package var starts: Int { state.withLock { $0.starts } }

    package func start() {
        Thread.detachNewThread { [self] in run() }
    }

    /// The thread ends within a tick and closes both ends.
    package func stop() {
        unsafe unlink(path)
        state.withLock { $0.isStopped = true }
    }

    /// Looks at the lane or does something in it, at this instant.
    package func with<Answer: Sendable>(_ body: (inout LaneTwinModel) throws -> Answer) rethrows -> Answer {
        try state.withLock { state in
            state.model.advance(to: TwinClock.uptime())
            return try body(&state.model)
        }
    }

    /// A program that was killed leaves its exclusive use on a terminal that others still hold open. On a real
    /// port the last close ends it.
    package func freeLine() {
        guard let line = state.withLock({ $0.line }) else { return }
        _ = ioctl(line.keeper, UInt(TIOCNXCL))
    }

    private func run() {
        var buffer = [UInt8](repeating: 0, count: 256)
        while !state.withLock({ $0.isStopped }) {
            let line = state.withLock { state -> Line? in
                guard state.isPulled else { return state.line }
                state.line?.end()
                state.line = nil
                return nil
            }
            // A negative descriptor only waits.
            let master = line?.master ?? -1
            var wanted = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&wanted, 1, Self.tick)
            var received: [UInt8] = []
            if wanted.revents & Int16(POLLIN) != 0 {
                let count = unsafe buffer.withUnsafeMutableBytes {
                    unsafe read(master, $0.baseAddress, $0.count)
                }
                if count > 0 { received = Array(buffer[..<count]) }
            }
            for reply in turn(received, at: TwinClock.uptime()) { send(reply, to: master) }
        }
        state.withLock { state in
            state.line?.end()
            state.line = nil
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

    private func send(_ bytes: [UInt8], to master: Int32) {
        // Eight bytes into a line that nobody reads may not fit: lost, as on a real line.
        _ = unsafe bytes.withUnsafeBytes { unsafe write(master, $0.baseAddress, $0.count) }
    }
}
