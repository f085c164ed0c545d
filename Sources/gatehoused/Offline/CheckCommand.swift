// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseConfig
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
        SiteVerdict(site: site, result: result).print(json: output.json)
        if result.issues.hasErrors { throw ExitCode(ExitStatus.configuration.rawValue) }
    }
}
