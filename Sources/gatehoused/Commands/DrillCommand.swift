// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCore
import GatehouseDiagnostics

/// `gatehouse drill`: fire release moves as ever and is recorded as drill.
struct DrillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill", abstract: "Record what fire release does as a drill; it moves as ever.",
        subcommands: [Start.self, End.self])

    struct Start: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "From now on it is a drill, until its time is over or it is ended.")
        @Option(
            name: .customLong("for"),
            help: ArgumentHelp("Minutes, 1 to \(Drill.longestMinutes).", valueName: "minutes"))
        var minutes = 60
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func validate() throws {
            guard (1...Drill.longestMinutes).contains(minutes) else {
                throw ValidationError("--for is 1 to \(Drill.longestMinutes) minutes, not \(minutes)")
            }
        }

        func run() throws {
            let request = DrillOrder.start(minutes: minutes, reason: try reason.text())
            try options.order(.drill(request), done: "drill for \(minutes) minutes")
        }
    }

    struct End: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Fire is fire again.")
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func run() throws {
            try options.order(.drill(.end(reason: try reason.text())), done: "drill ended")
        }
    }
}
