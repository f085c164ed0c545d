// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GatehouseTwins
import Glibc

/// Plays a compressed morning at two gates against the real gateway. Not packaged.
@main
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehouse-demo",
        abstract: "A compressed morning at two gates: the real gateway, twins of its devices, real bytes.")

    @Option(help: "Folder with the programs gatehoused, gatehouse and gatehouse-booth.")
    var bin: String

    @Option(help: "The site file to play on.")
    var site: String

    @Option(help: "Folder with the hardware profiles.")
    var profiles: String

    @Flag(help: "End after the summary: 0 when everything agrees, else 1.")
    var once = false

    func run() throws {
        let programs = TwinSite.Programs(
            folder: absolute(bin), siteFile: absolute(site), profiles: absolute(profiles))
        let stage = try Stage(programs)
        Interruption.watch { stage.close() }
        if once {
            // Far beyond a healthy run: whatever hangs, this ends.
            Thread.detachNewThread {
                Thread.sleep(forTimeInterval: 235)
                say("the demonstration took too long")
                stage.close()
                Glibc.exit(1)
            }
        }
        let agrees = play(stage)
        if once || !agrees {
            stage.close()
            throw ExitCode(agrees ? 0 : 1)
        }
        stage.invite()
        while let line = readLine() {
            do {
                try Morning(stage: stage).visit(line)
            } catch {
                say("  \(error)")
            }
        }
        while true { sleep(3600) }
    }

    private func play(_ stage: Stage) -> Bool {
        do {
            try stage.open()
            let sales = try Morning(stage: stage).play()
            return try Reckoning(stage: stage, sales: sales).report()
        } catch {
            say("\nFAIL 失败: \(error)")
            say("the gateway's last words:\n\(stage.site.daemonLog.lastLines(30))")
            return false
        }
    }

    private func absolute(_ path: String) -> String { URL(fileURLWithPath: path).path }
}
