// SPDX-License-Identifier: Apache-2.0

internal import CGatehouseSystem
internal import Foundation
package import GatehouseCore
internal import Glibc
internal import Synchronization

/// The far end of a serial line on a real pseudo-terminal: a thread carries bytes between the tty and whatever
/// model stands there. Like an adapter that udev names it can be pulled and plugged in again under the same path.
package final class TtyTwin: Sendable {
    /// What a site file names: a link to the end that the gateway opens.
    package let path: String
    private let state = Mutex(State())

    private struct State: Sendable {
        var line: Line?
        var isPulled = false
        var isStopped = false
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

    package init(_ what: String) throws {
        let number = Self.count.add(1, ordering: .relaxed).newValue
        path = "\(FileManager.default.temporaryDirectory.path)/gatehouse-\(what)-\(getpid())-\(number)"
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

    /// What came since the last tick, perhaps nothing, and what is said now.
    package func start(_ turn: @escaping @Sendable ([UInt8], Uptime) -> [[UInt8]]) {
        Thread.detachNewThread { [self] in run(turn) }
    }

    /// The thread ends within a tick and closes both ends.
    package func stop() {
        unsafe unlink(path)
        state.withLock { $0.isStopped = true }
    }

    /// A program that was killed leaves its exclusive use on a terminal that others still hold open. On a real
    /// port the last close ends it.
    package func freeLine() {
        guard let line = state.withLock({ $0.line }) else { return }
        _ = ioctl(line.keeper, UInt(TIOCNXCL))
    }

    private func run(_ turn: ([UInt8], Uptime) -> [[UInt8]]) {
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
            for reply in turn(received, TwinClock.uptime()) { send(reply, to: master) }
        }
        state.withLock { state in
            state.line?.end()
            state.line = nil
        }
    }

    private func send(_ bytes: [UInt8], to master: Int32) {
        // Eight bytes into a line that nobody reads may not fit: lost, as on a real line.
        _ = unsafe bytes.withUnsafeBytes { unsafe write(master, $0.baseAddress, $0.count) }
    }
}
