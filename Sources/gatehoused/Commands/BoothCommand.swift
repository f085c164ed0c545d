// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GatehouseCommandLine
import Glibc

/// `gatehouse booth …` is `gatehouse-booth …`: the page is a program of its own, and whoever types the blank gets it too.
struct BoothCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "booth", abstract: "The guard's page: what gatehouse-booth does.")

    @Argument(parsing: .captureForPassthrough, help: "See gatehouse-booth --help.")
    var words: [String] = []

    /// Beside this program, wherever that is.
    static var program: String {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
            + "/gatehouse-booth"
    }

    func run() throws {
        let path = Self.program
        var arguments = unsafe ([path] + words).map { unsafe strdup($0) } + [nil]
        unsafe execv(path, &arguments)
        throw CommandFailure(
            .configuration, "cannot start \(path): \(unsafe String(cString: strerror(errno)))",
            hint: "make install brings it with the daemon")
    }
}
