// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics

struct JSONOption: ParsableArguments {
    @Flag(help: "Print the result as one line of JSON: a contract, its version in the key v.") var json =
        false
}

/// Of every command that asks the daemon.
struct SocketOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The daemon's socket.", valueName: "path"), completion: .file())
    var socket = Paths.socket
    @OptionGroup var output: JSONOption

    /// Asks, prints the result's bytes with `--json` and else what `text` makes of it.
    func ask<Result: ResultValue>(
        _ request: DiagnosticRequest, as type: Result.Type, text: (Result) -> String
    ) throws {
        var session = try Session(path: socket)
        let bytes = try session.ask(request)
        if output.json { return Output.json(bytes) }
        // Nothing to say is no line either: what is printed may be a file for another command.
        let words = text(try Session.read(bytes, as: type))
        if !words.isEmpty { Output.line(words) }
    }

    /// An order or a change in the books: answered when it is on disk.
    func order(_ request: DiagnosticRequest, done: String) throws { try order(request) { _ in done } }

    /// About an amount, which is said in the currency that the answer names.
    func order(_ order: MoneyOrder, done: (MoneyWords) -> String) throws {
        try self.order(.money(order)) {
            done(MoneyWords(currency: $0.currency ?? PricingPlan.usualCurrency))
        }
    }

    private func order(_ request: DiagnosticRequest, done: (OrderResult) -> String) throws {
        try ask(request, as: OrderResult.self) { result in
            let from = result.first.map { $0 == result.record ? "" : "\($0) to " } ?? ""
            return "\(done(result)), record \(from)\(result.record)"
        }
    }
}

/// Why a person does it; recorded with the person's name.
struct ReasonOptions: ParsableArguments {
    static let codes = OperatorReason.allCases.map(\.rawValue).joined(separator: ", ")

    @Option(
        help: ArgumentHelp("One of \(ReasonOptions.codes).", valueName: "code"),
        completion: .list(OperatorReason.allCases.map(\.rawValue)))
    var reason: String

    @Option(help: ArgumentHelp("In your own words; OTHER needs it.", valueName: "text"))
    var note: String?

    func validated() throws -> OperatorReason {
        guard let code = OperatorReason(rawValue: reason.uppercased()) else {
            throw CommandFailure(.usage, "--reason: \"\(reason)\" is none", hint: Self.codes)
        }
        if code == .other, note?.isEmpty ?? true {
            throw CommandFailure(.usage, "--reason OTHER says nothing", hint: "--note \"what happened\"")
        }
        return code
    }

    /// Code and note in one, for records with one field for both.
    func text() throws -> String { try validated().text(note: note) }
}
