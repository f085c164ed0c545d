// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseBooth
import GatehouseCommandLine
import Glibc

struct PasswordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Make a line for the guards' credential from a password.",
        discussion: """
            Reads the password from standard input and prints NAME:scrypt:…
              gatehouse-booth password li >> /etc/gatehouse/booth-guards
            """)

    @Argument(help: "The guard's name, as recorded with every order.") var name: String

    func run() throws {
        if isatty(STDIN_FILENO) == 1 { Output.error("password, and Enter:") }
        let password = Self.withoutEcho { readLine() } ?? ""
        guard password.count >= 8 else {
            throw CommandFailure(.usage, "\(password.count) characters are too few", hint: "at least 8")
        }
        guard let hash = PasswordHash(of: password), let line = Guards.line(name, hash) else {
            throw CommandFailure(
                .usage, "\"\(name)\" is no name", hint: "at most 64 bytes, without : and controls")
        }
        Output.line(line)
    }

    private static func withoutEcho<Value>(_ body: () -> Value) -> Value {
        var before = termios()
        guard isatty(STDIN_FILENO) == 1, unsafe tcgetattr(STDIN_FILENO, &before) == 0 else {
            return body()
        }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer { _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
        return body()
    }
}
