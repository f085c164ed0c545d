// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser

package enum CommandRun {
    /// Reads the arguments, does what they say, and ends as gatehouse(1) promises.
    package static func run<Root: AsyncParsableCommand>(_ root: Root.Type, _ arguments: [String]) async {
        do {
            var command = try root.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            failure.exit(as: root.configuration.commandName ?? "gatehouse")
        } catch {
            root.exit(withError: error)
        }
    }
}
