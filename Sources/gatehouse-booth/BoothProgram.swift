// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore

/// The guard's page: what its libraries take of memory is not the daemon's.
@main
struct BoothProgram {
    static func main() async {
        await CommandRun.run(BoothRoot.self, Array(CommandLine.arguments.dropFirst()))
    }
}

struct BoothRoot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehouse-booth", abstract: "The guard's page.", version: Version.text,
        subcommands: [ServeCommand.self, PasswordCommand.self], defaultSubcommand: ServeCommand.self)
}
