// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseConfig
import GatehouseCore

struct TariffTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Worked cases: what is expected beside what comes out.",
        discussion: """
            The file holds tariffs by name and cases: stays, households of stays, renewals. Status, gross, fee and due \
            must be as expected, the flags expected must be there, and the lines must add up to what is due. With \
            --json one line {"id", "got"} for each case, expected or not. Ends with 1 when a case differs.
            """)

    @Argument(help: "File of cases, YAML or JSON.", completion: .file(extensions: ["yaml", "json"]))
    var file: String
    @OptionGroup var output: JSONOption

    func run() throws {
        let cases = TariffCasesFile.load(path: file)
        cases.issues.printedLines.forEach(Output.error)
        if cases.issues.hasErrors { throw ExitCode(ExitStatus.data.rawValue) }
        var tally = CaseTally()
        for one in cases.cases {
            let outcome = CaseOutcome(of: one)
            let differences = outcome.differences(from: one.expected)
            tally.count(isExpected: one.expected != nil, isGood: differences.isEmpty)
            if output.json {
                Output.line(
                    FieldWriter.object {
                        $0.put("id", one.id)
                        $0.put("got", object: outcome.write)
                    })
            } else {
                for difference in differences { Output.line("\(one.id): \(difference)") }
            }
        }
        if !output.json { Output.line(tally.text) }
        if tally.hasFailures { throw ExitCode.failure }
    }
}

/// How many cases came out as they should. One without an expectation fails too, when it has no price.
struct CaseTally {
    private var expected = (good: 0, bad: 0)
    private var others = (good: 0, bad: 0)

    mutating func count(isExpected: Bool, isGood: Bool) {
        switch (isExpected, isGood) {
        case (true, true): expected.good += 1
        case (true, false): expected.bad += 1
        case (false, true): others.good += 1
        case (false, false): others.bad += 1
        }
    }

    var hasFailures: Bool { expected.bad + others.bad > 0 }

    var text: String {
        let with = expected.good + expected.bad
        let all = with + others.good + others.bad
        let good = expected.bad == 0 ? "all" : "\(expected.good)"
        let failed = others.bad == 0 ? "" : "; \(others.bad) without one failed"
        return
            "\(all) \(all == 1 ? "case" : "cases"), \(with) with an expectation, \(good) as expected\(failed)"
    }
}
