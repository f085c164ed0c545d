// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseDiagnostics
import Testing

@testable import gatehoused

@Suite struct ExitStatusTests {
    @Test(
        arguments: [
            ("bad_request", 64), ("not_allowed", 77), ("not_found", 2), ("refused", 1), ("busy", 75),
            ("store", 75),
            ("internal", 1), ("unheard_of", 1),
        ] as [(String, Int32)])
    func `the daemon's word decides how the command ends`(_ code: String, _ status: Int32) {
        let failure = CommandFailure(DiagnosticProtocol.Failure(code: code, message: "m", hint: "h"))
        #expect(failure.status.rawValue == status)
        #expect(failure.hint == "h")
    }

    @Test(
        arguments: [
            "lane open north", "lane hold north sideways --reason TEST", "events --limit 0",
            "events --after -1",
            "area recount main -3 --reason TEST", "drill start --for 481 --reason TEST", "drill start",
            "explain soon", "completion tcsh", "unheard-of",
        ])
    func `mistyped commands end with 64`(_ line: String) {
        let words = line.split(separator: " ").map { String($0) }
        do {
            _ = try GatehouseCommand.parseAsRoot(words)
            Issue.record("\(line) was understood")
        } catch {
            #expect(GatehouseCommand.exitCode(for: error).rawValue == ExitStatus.usage.rawValue)
        }
    }

    @Test(arguments: [("--entries", 0), ("--entries", 100), ("--minutes", 0), ("--minutes", 10_081)])
    func `a visit gives something, and not without end`(_ option: String, _ value: Int) throws {
        let words = ["permit", "visit", "沪B88888", "--household", "3-1-502", "--until", "4h"]
        let command = try #require(
            try GatehouseCommand.parseAsRoot(words + [option, "\(value)"]) as? PermitCommand.Guest)
        do {
            try command.run()
            Issue.record("\(option) \(value) was taken")
        } catch let failure as CommandFailure {
            #expect(failure.status == .usage)
        }
    }

    @Test(arguments: [("FOO", nil), ("OTHER", nil), ("OTHER", "")] as [(String, String?)])
    func `a reason must say something`(_ code: String, _ note: String?) throws {
        var words = ["lane", "open", "north", "--reason", code]
        if let note { words += ["--note", note] }
        let command = try #require(try GatehouseCommand.parseAsRoot(words) as? LaneCommand.Open)
        #expect(throws: CommandFailure.self) { try command.common.reason.validated() }
    }
}
