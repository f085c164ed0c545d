// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// One program under two names: called as `gatehouse` it is the command line, otherwise the daemon.
@main
struct Program {
    static func main() async {
        let name = CommandLine.arguments.first?.split(separator: "/").last ?? "gatehoused"
        let arguments = Array(CommandLine.arguments.dropFirst())
        if name == "gatehouse" {
            await run(GatehouseCommand.self, arguments)
        } else {
            await run(DaemonCommand.self, arguments)
        }
    }

    private static func run<Root: AsyncParsableCommand>(_ root: Root.Type, _ arguments: [String]) async {
        do {
            var command = try root.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            failure.exit()
        } catch {
            root.exit(withError: error)
        }
    }
}
