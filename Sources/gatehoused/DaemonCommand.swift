// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import GatehouseDaemon

/// `gatehoused`: started by systemd, stopped by SIGTERM, reloaded by SIGHUP.
struct DaemonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehoused",
        abstract: "The gate daemon: cameras and loops in, barrier relays out, a durable record of why.",
        discussion: """
            Started by systemd, reloaded by SIGHUP, stopped by SIGTERM. Ends with 0 after an orderly stop, 70 \
            after a fault of its own, 71 when another gatehoused answers at the socket or writes the journal or \
            the system gives no event descriptor, 75 when the journal opened at last but is not the one it \
            began with, 78 when the site file has errors.
            """,
        version: Version.text)

    @Option(help: ArgumentHelp("Site file: what is where.", valueName: "file"), completion: .file())
    var site = Paths.site
    @Option(
        help: ArgumentHelp("Folder of hardware profiles: what each model is.", valueName: "folder"),
        completion: .directory)
    var profiles = Paths.profiles
    @Option(
        help: ArgumentHelp("Folder of journal and pictures instead of the site file's.", valueName: "folder"),
        completion: .directory)
    var state: String?
    @Option(
        help: ArgumentHelp("Diagnostics socket instead of the site file's.", valueName: "path"),
        completion: .file())
    var socket: String?
    @Option(help: ArgumentHelp("trace, debug, info, notice, warning or error.", valueName: "level"))
    var logLevel = "info"

    func validate() throws {
        let levels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]
        guard levels.contains(logLevel) else {
            throw ValidationError("--log-level: \"\(logLevel)\" is none of \(levels.joined(separator: ", "))")
        }
    }

    func run() async throws {
        let options = DaemonOptions(
            site: site, profiles: profiles, stateFolder: state, socket: socket, logLevel: logLevel)
        throw ExitCode(await Daemon.run(options))
    }
}
