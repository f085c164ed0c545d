// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseConfig
import GatehouseCore

struct TariffCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "All mistakes of a tariff in one go, and the sign that must hang at the gate.",
        discussion: """
            The sign (明码标价) is made from the tariff itself, Chinese first, so that board and bill cannot differ. Ends \
            with 78 when anything is an error.
            """)

    @Argument(help: "Tariff file, YAML or JSON.", completion: .file(extensions: ["yaml", "json"]))
    var file: String
    @Option(help: ArgumentHelp("Operator and telephone, for the sign.", valueName: "text")) var contact:
        String?
    @OptionGroup var output: JSONOption

    func run() throws {
        let loaded = TariffReader.load(path: file)
        let tariff = loaded.tariff?.tariff
        let sign = tariff.map { TariffSign($0).lines(contact: contact) } ?? []
        if output.json {
            Output.json(
                FieldWriter.object { fields in
                    fields.put("file", file)
                    fields.put("ok", tariff != nil)
                    fields.put("issues", objects: loaded.issues) { $0.write(to: &$1) }
                    fields.put("sign", objects: sign) {
                        $1.put("zh", $0.chinese)
                        $1.put("en", $0.english)
                    }
                })
        } else {
            for line in loaded.issues.printedLines { Output.line(line) }
            for line in sign { Output.line("\(line.chinese)  |  \(line.english)") }
            if tariff != nil { Output.line("\(file): good") }
        }
        if tariff == nil { throw ExitCode(ExitStatus.configuration.rawValue) }
    }
}
