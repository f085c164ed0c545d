// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseSimulation
import GatehouseTwins

/// The demonstration's site for a test: the real programs from the folder that the tests were built into.
enum TestSite {
    /// `GATEHOUSE_BIN` names another folder.
    static let programs: TwinSite.Programs = {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent()
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let given = ProcessInfo.processInfo.environment["GATEHOUSE_BIN"]
        return TwinSite.Programs(
            folder: given ?? tests.path, siteFile: root.path + "/hardware-profiles/demo/site.yaml",
            profiles: root.path + "/hardware-profiles")
    }()

    static let directory = """
        kind,plate,household,spaces
        household,,3-2-501,2
        permit,沪A12345,3-2-501,

        """

    /// Gives a site to play on and removes it, whatever happens.
    static func with(
        change: (String) -> String = { $0 }, _ body: (TwinSite) throws -> Void
    ) throws {
        var barrier = BarrierModel.Settings()
        barrier.raise = .milliseconds(800)
        barrier.lower = .milliseconds(800)
        barrier.closesAfter = .milliseconds(1000)
        let site = try TwinSite(programs, barrier: barrier)
        defer { site.close() }
        try site.siteFile.write(change(site.siteText))
        do {
            try body(site)
        } catch {
            throw TwinError("\(error)\ngatehoused said:\n\(site.daemonLog.lastLines(20))")
        }
    }

    static func importDirectory(_ site: TwinSite) throws {
        let file = TextFile("\(site.folder)/directory.csv")
        try file.write(directory)
        let answer = try site.gatehouse("directory", "import", file.path)
        guard answer.isSuccess else { throw TwinError("directory import: \(answer.status) \(answer.errors)") }
    }
}
