// SPDX-License-Identifier: Apache-2.0

import GatehouseEngine
import Glibc
import Synchronization

/// Keeps two processes from writing one journal: `flock` on the folder's lock file, given up by the kernel
/// when the process ends, however it ends. The daemon holds it alone; programs that only read a stopped
/// journal share it, and hold up a daemon's journal, never the daemon.
final class StoreLock: Sendable {
    enum Mode: Sendable { case alone, shared }

    private let descriptor: Int32
    private let isReleased = Atomic<Bool>(false)
    /// The file named a process before us: this folder had a journal.
    let hasTraces: Bool
    /// And that process gave the journal up without a word in it, see `excuse`.
    let isExcused: Bool

    init(_ folder: StoreFolder, _ mode: Mode) throws(StoreFault) {
        let flags = mode == .alone ? O_RDWR | O_CREAT : O_RDONLY
        descriptor = unsafe open(folder.lock, flags | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw errno == EROFS || errno == EACCES
                ? .readOnly
                : .failed("\(folder.lock): \(Self.words(errno))")
        }
        guard flock(descriptor, (mode == .alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 else {
            let fault = Self.holder(of: descriptor, folder, mode)
            close(descriptor)
            throw fault
        }
        let text = Self.contents(descriptor)
        hasTraces = !text.isEmpty
        isExcused = text.hasPrefix(Self.excused)
    }

    deinit { release() }

    /// Once; then the folder is free for the next process. Unlocks by name: a child process being started
    /// at this moment holds a copy of the descriptor until it has become its own program.
    func release() {
        guard !isReleased.exchange(true, ordering: .relaxed) else { return }
        _ = flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Names this process, once it has a journal here.
    func sign() {
        guard ftruncate(descriptor, 0) == 0 else { return }
        write("\(Self.signed) \(getpid())\n")
    }

    /// A database was here before the lock: the next process must not take it for one that it began.
    func noteFound() { write("found\n") }

    /// From now on the log may be missing though the journal does not say that it was closed: SQLite empties the log
    /// into the database when a connection ends, also one that could not write that word. Needs no room on the disk.
    func excuse() {
        if Self.contents(descriptor).hasPrefix(Self.signed) { write(Self.excused) }
    }

    private static let signed = "process"
    /// As long as the other.
    private static let excused = "stopped"

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    /// Who is in the way of a lock that was refused: a writer, or readers, which end.
    private static func holder(of descriptor: Int32, _ folder: StoreFolder, _ mode: Mode) -> StoreFault {
        if mode == .alone, flock(descriptor, LOCK_SH | LOCK_NB) == 0 {
            _ = flock(descriptor, LOCK_UN)
            return .failed("\(folder.path) is being read by another process and opens when that has ended")
        }
        let writer = contents(descriptor)
        return .inUse(
            "\(folder.path) is in use by another process\(writer.isEmpty ? "" : " (\(writer))"). "
                + "Stop it first: two writers would break the journal.")
    }

    /// A backup on a medium that cannot be written needs no lock and could hold none.
    static func isReadOnlyMedium(_ folder: StoreFolder) -> Bool {
        unsafe access(folder.path, W_OK) != 0 && errno == EROFS
    }

    private static func contents(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
        }
        let text = bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }
        return String(decoding: text, as: UTF8.self)
    }

    private static func words(_ code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
