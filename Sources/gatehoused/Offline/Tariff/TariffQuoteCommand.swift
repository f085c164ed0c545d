// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseConfig
import GatehouseCore

struct TariffQuoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quote", abstract: "What a stay costs under a tariff, line by line.",
        discussion: """
            The stay is a mapping of its facts, as the cases of `gatehouse tariff test` have them: entry, exit, vehicle, \
            permits, coupons, payments; versions and version_rule are passed over, for --tariff decides. Times without \
            an offset are those of the tariff's time zone.
            """)

    @Option(help: ArgumentHelp("Tariff file, YAML or JSON.", valueName: "file"), completion: .file())
    var tariff: String
    @Option(help: ArgumentHelp("File with the facts of a stay.", valueName: "file"), completion: .file())
    var stay: String
    @OptionGroup var output: JSONOption

    func run() throws {
        let (tariff, zone) = try TariffArgument.load(tariff)
        let (facts, mistakes) = StayFile.load(path: stay, zone: zone)
        mistakes.printedLines.forEach(Output.error)
        guard let facts else { throw ExitCode(ExitStatus.data.rawValue) }
        let charge: Charge
        do {
            charge = try tariff.price(facts, in: zone)
        } catch {
            throw CommandFailure(.data, "\(stay): \(error.message)")
        }
        if output.json { return Output.json(FieldWriter.object { charge.write(to: &$0, in: zone) }) }
        show(charge, ChargeWords(currency: tariff.currency, zone: zone))
    }

    private func show(_ charge: Charge, _ words: ChargeWords) {
        for line in charge.lines {
            let text = words.text(line)
            Output.line("\(text.chinese)  |  \(text.english)")
        }
        for (chinese, english, amount) in [
            ("计费", "gross", charge.gross), ("应收", "fee", charge.fee), ("应付", "due", charge.due),
        ] {
            guard let amount else { continue }
            let text = words.amount(amount)
            Output.line("\(chinese) \(text.chinese)  |  \(english) \(text.english)")
        }
        let flags = charge.flags.map(\.rawValue).joined(separator: ", ")
        Output.line("\(charge.status.rawValue)\(flags.isEmpty ? "" : ": \(flags)")")
    }
}
