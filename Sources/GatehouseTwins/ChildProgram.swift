// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import Glibc
internal import Synchronization

/// A program started by a twin: dies with its parent where `setpriv` can ask the kernel for that, lives in a
/// process group of its own so that Ctrl-C reaches it only through us.
package final class ChildProgram: Sendable {
    package let pid: Int32
    /// Exit status as `waitpid` gave it; nil while it runs.
    private let ended = Mutex<Int32?>(nil)

    private init(pid: Int32) { self.pid = pid }

    /// Its standard output and errors go to these descriptors.
    package static func start(
        _ program: String, _ arguments: [String], output: Int32, errors: Int32
    ) throws -> ChildProgram {
        let guardian = "/usr/bin/setpriv"
        let isGuarded = unsafe access(guardian, X_OK) == 0
        let words = (isGuarded ? [guardian, "--pdeathsig", "KILL", "--"] : []) + [program] + arguments
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors, 2)
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        // The threads of a pool block signals, and a program would inherit that.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        var names = unsafe words.map { unsafe strdup($0) } + [nil]
        defer {
            unsafe names.forEach { unsafe free($0) }
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        var pid: Int32 = 0
        let answer = unsafe posix_spawn(&pid, words[0], &actions, &attributes, &names, environ)
        guard answer == 0 else { throw TwinError.system("cannot start \(program)", answer) }
        return ChildProgram(pid: pid)
    }

    package struct Finished: Hashable, Sendable {
        package var status: Int32
        package var output: String
        package var errors: String

        package var isSuccess: Bool { status == 0 }
    }

    /// Runs it to its end; `scratch` is a folder for what it prints.
    package static func run(
        _ program: String, _ arguments: [String], scratch: String, within limit: Duration = .seconds(20)
    ) throws -> Finished {
        let stem = "\(scratch)/run-\(TwinClock.uptime().nanoseconds)"
        let (output, errors) = (TextFile(stem + ".out"), TextFile(stem + ".err"))
        defer {
            output.remove()
            errors.remove()
        }
        let child = try output.appending { out in
            try errors.appending { err in try start(program, arguments, output: out, errors: err) }
        }
        guard let status = child.wait(within: limit) else {
            child.kill(SIGKILL)
            throw TwinError("\(program) \(arguments.joined(separator: " ")) did not end within \(limit)")
        }
        return Finished(status: status, output: output.text, errors: errors.text)
    }

    package var isRunning: Bool { status == nil }

    /// Exit code, or 128 and the signal's number; nil while it runs.
    package var status: Int32? {
        ended.withLock { ended in
            if let ended { return ended }
            var raw: Int32 = 0
            guard unsafe waitpid(pid, &raw, WNOHANG) == pid else { return nil }
            ended = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + (raw & 0x7F)
            return ended
        }
    }

    package func kill(_ signal: Int32) {
        guard isRunning else { return }
        _ = Glibc.kill(pid, signal)
    }

    package func wait(within limit: Duration) -> Int32? {
        try? waiting(for: "the end of \(pid)", within: limit) { status }
    }
}
