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
        for issue in cases.issues { Output.error(issue.text) }
        if cases.issues.hasErrors { throw ExitCode(ExitStatus.data.rawValue) }
        var failed = 0
        for one in cases.cases {
            let outcome = CaseOutcome(of: one)
            let differences = outcome.differences(from: one.expected)
            failed += differences.isEmpty ? 0 : 1
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
        if !output.json {
            let expected = cases.cases.count { $0.expected != nil }
            Output.line(
                "\(cases.cases.count) cases, \(expected) with an expectation, \(failed == 0 ? "all" : "\(expected - failed)") as expected"
            )
        }
        if failed > 0 { throw ExitCode.failure }
    }
}
