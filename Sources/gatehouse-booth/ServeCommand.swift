// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GatehouseBooth
import GatehouseCommandLine
import GatehouseConfig
import GatehouseCore
import GatehouseDrivers
import Glibc
import Logging

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the page as `booth:` of the site file says, until SIGTERM.",
        discussion: """
            Prints the address it listens at. Passwords come from the credential that booth.guards names. Ends \
            with 78 when the site file or the credential has errors, and with 75 when the interface has no \
            address or loses it.
            """)

    @Option(help: ArgumentHelp("Site file.", valueName: "file"), completion: .file())
    var site = Paths.site
    @Option(
        help: ArgumentHelp("Folder of hardware profiles.", valueName: "folder"), completion: .directory)
    var profiles = Paths.profiles
    @Option(
        help: ArgumentHelp("The daemon's socket instead of the site file's.", valueName: "path"),
        completion: .file())
    var socket: String?
    @Option(
        help: ArgumentHelp("Port instead of the site file's; 0: any that is free.", valueName: "number"))
    var port: Int?

    func run() async throws {
        let (plan, booth) = try load()
        let settings = try settings(plan, booth)
        var logger = Logger(label: "booth")
        logger.logLevel = .notice
        if case .interface(let name) = booth.listener { leaveWhenGone(name, settings.address) }
        do {
            try await Booth.run(settings, logger: logger) { Output.line("gatehouse-booth: \($0)") }
        } catch {
            throw CommandFailure(
                .tryAgain, "the page cannot listen at \(settings.address):\(settings.port): \(error)",
                hint: "ss -ltnp shows who has the port")
        }
    }

    private func load() throws -> (SitePlan, BoothPlan) {
        let result = SiteLoader.load(
            path: site, profilesFolder: profiles, drivers: DriverCatalog.descriptions)
        guard let plan = result.plan else {
            let texts = result.issues.inReadingOrder.map(\.text).joined(separator: "\n")
            throw CommandFailure(.configuration, texts, hint: "gatehouse check \(site)")
        }
        guard let booth = plan.booth else {
            throw CommandFailure(
                .configuration, "\(site): there is no booth: section",
                hint: "booth: {} serves the page on 127.0.0.1:\(BoothPlan().port)")
        }
        return (plan, booth)
    }

    private func settings(_ plan: SitePlan, _ booth: BoothPlan) throws -> BoothSettings {
        let address: String
        switch booth.listener {
        case .address(let text): address = text
        case .everywhere: address = "0.0.0.0"
        case .interface(let name):
            guard let found = NetworkAddresses.of(name) else {
                throw CommandFailure(
                    .tryAgain, "interface \(name) has no IPv4 address", hint: "ip -4 address show \(name)"
                )
            }
            address = found
        }
        let credentials = Credentials()
        do {
            return BoothSettings(
                address: address, port: port ?? booth.port, names: booth.names,
                socket: socket ?? plan.network.diagnosticsSocket,
                guards: try Guards(credentials.text(booth.guards)),
                metricsToken: try booth.metricsToken.map(credentials.text), zone: plan.zone)
        } catch let missing as Credentials.Missing {
            throw CommandFailure(.configuration, missing.text)
        } catch let mistake as Guards.Mistake {
            throw CommandFailure(.configuration, "credential \(booth.guards): \(mistake.text)")
        }
    }

    /// An address that moved is looked for anew by the next start.
    private func leaveWhenGone(_ interface: String, _ address: String) {
        Thread.detachNewThread {
            while NetworkAddresses.of(interface) == address { sleep(5) }
            Output.error("gatehouse-booth: interface \(interface) has lost the address \(address)")
            Glibc.exit(ExitStatus.tryAgain.rawValue)
        }
    }
}
