// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseConfig
import GatehouseCore
import GatehouseDiagnostics
import GatehouseDrivers

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "All mistakes of a site file in one go; needs no daemon.",
        discussion: """
            Then what each lane can know with its sensors, how long a command may wait on its bus, and which \
            persons' statements the plan rests on. Ends with 78 when anything is an error.
            """)

    @Argument(help: "Site file.", completion: .file(extensions: ["yaml"])) var site = Paths.site
    @Option(help: ArgumentHelp("Folder of hardware profiles.", valueName: "folder"), completion: .directory)
    var profiles = Paths.profiles
    @OptionGroup var output: JSONOption

    func run() throws {
        let result = SiteLoader.load(
            path: site, profilesFolder: profiles, drivers: DriverCatalog.descriptions)
        if output.json { Output.json(json(result)) } else { text(result) }
        if result.issues.hasErrors { throw ExitCode(ExitStatus.configuration.rawValue) }
    }

    private func text(_ result: LoadResult) {
        for issue in result.issues { Output.line(issue.text) }
        for line in result.report?.lines ?? [] { Output.line(line) }
        let errors = result.issues.count { $0.severity == .error }
        let warnings = Self.counted(result.issues.count { $0.severity == .warning }, "warning")
        Output.line("\(site): \(errors == 0 ? "good" : Self.counted(errors, "error")), \(warnings)")
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    private func json(_ result: LoadResult) -> [UInt8] {
        FieldWriter.object { fields in
            fields.put("file", site)
            fields.put("ok", !result.issues.hasErrors)
            fields.put("issues", objects: result.issues) { issue, fields in
                fields.put("severity", issue.severity.rawValue)
                fields.put("file", issue.file)
                fields.put("line", issue.line)
                fields.put("column", issue.column)
                fields.put("path", issue.path)
                fields.put("found", ifPresent: issue.found)
                fields.put("message", issue.message)
                fields.put("try", ifPresent: issue.hint)
            }
            fields.put("report", strings: result.report?.lines ?? [])
        }
    }
}
