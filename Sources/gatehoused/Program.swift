// SPDX-License-Identifier: Apache-2.0

import GatehouseCommandLine

/// One program under two names: called as `gatehouse` it is the command line, otherwise the daemon.
@main
struct Program {
    static func main() async {
        let name = CommandLine.arguments.first?.split(separator: "/").last ?? "gatehoused"
        let arguments = Array(CommandLine.arguments.dropFirst())
        if name == "gatehouse" {
            await CommandRun.run(GatehouseCommand.self, arguments)
        } else {
            await CommandRun.run(DaemonCommand.self, arguments)
        }
    }
}
