// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Process, lanes, areas and faults at one look.")

    @OptionGroup var options: SocketOptions

    func run() throws {
        try options.ask(.status, as: StatusResult.self) { StatusText.text($0, zone: LocalTime.zone) }
    }
}

struct FaultsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults", abstract: "What is wrong now, and what the installer accepted.")

    @OptionGroup var options: SocketOptions

    func run() throws {
        try options.ask(.faults, as: FaultsResult.self) { FaultsText.text($0, zone: LocalTime.zone) }
    }
}

struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Records as they are made, one line each, until Ctrl-C.",
        discussion: """
            The first column is the record's number, which gatehouse explain takes. Times are in this \
            terminal's zone.
            """)

    @OptionGroup var options: SocketOptions

    func run() throws {
        var session = try Session(path: options.socket)
        let zone = LocalTime.zone
        if !options.output.json, Output.isTerminal { Output.line(WatchLine.heading) }
        _ = try session.ask(.watch, isPatient: true) { bytes in
            if options.output.json { return Output.json(bytes) }
            switch try Session.read(bytes, as: WatchItem.self) {
            case .record(let line): Output.line(WatchLine.text(line.record, zone: zone))
            case .missed(let count):
                Output.line("        … \(count) lines missed: this terminal was too slow")
            }
        }
    }
}

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Why it opened, or why it did not.",
        discussion: """
            From the camera's bytes to the relay: reads and votes, candidates, every rule tried and its \
            answer, commands with their times, passage and stay. Of a stay, a quote, a payment or what a stay cost: the \
            charge interval by interval, what decided, and what was paid, in Chinese by --lang zh. Takes the number of any \
            of these records; a stay's is that of its entry.
            """)

    @Argument(help: "Number of a record, the first column of watch and events.") var record: Int64
    @Option(help: LanguageArgument.help) var lang: LanguageArgument?
    @OptionGroup var options: SocketOptions

    func run() throws {
        try options.ask(.explain(record), as: Explanation.self) {
            ExplanationText.text($0, zone: LocalTime.zone, language: lang?.language ?? .english)
        }
    }
}
