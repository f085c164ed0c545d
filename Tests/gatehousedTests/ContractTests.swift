// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import Testing

@testable import gatehoused

@Suite struct ContractTests {
    private static func leaves(of type: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        let children = type.configuration.subcommands
        return children.isEmpty ? [type] : children.flatMap { leaves(of: $0) }
    }

    @Test func `every command that answers takes --json`() {
        // A script for the shell, a server, a line for a file, and lines for a table of one's own.
        let others: [any ParsableCommand.Type] = [
            CompletionCommand.self, BoothCommand.self, ExportCommand.self,
        ]
        for command in Self.leaves(of: GatehouseCommand.self) where !others.contains(where: { $0 == command })
        {
            // A usage line with many options names none of them.
            let help = GatehouseCommand.helpMessage(for: command)
            #expect(help.contains("  --json "), "\(command._commandName)")
        }
    }

    @Test func `a kind of record that is none is refused with those there are`() throws {
        #expect(Set(Fact.kinds).count == Fact.kinds.count && Fact.kinds.contains("accessDenied"))
        #expect(throws: Never.self) {
            try GatehouseCommand.parseAsRoot(["events", "--kind", "accessDenied", "--kind", "armStuck"])
        }
        do {
            _ = try GatehouseCommand.parseAsRoot(["events", "--kind", "nonsense"])
            Issue.record("nonsense was taken")
        } catch {
            let text = GatehouseCommand.message(for: error)
            #expect(
                text.contains("\"nonsense\"") && text.contains("accessDenied") && text.contains("stayOpened"))
            #expect(GatehouseCommand.exitCode(for: error).rawValue == ExitStatus.usage.rawValue)
        }
    }

    @Test func `an object begins with the version of its keys`() throws {
        #expect(Output.versioned(Array(#"{"a":1}"#.utf8)) == Array(#"{"v":1,"a":1}"#.utf8))
        #expect(Output.versioned(Array("{}".utf8)) == Array(#"{"v":1}"#.utf8))
    }

    @Test func `decode is asked for JSON like the others`() throws {
        let words = ["decode", "hikvision-isapi", "-", "--json"]
        #expect(throws: Never.self) { try GatehouseCommand.parseAsRoot(words) }
    }

    @Test func `a stay is named by number, plate or code`() throws {
        #expect(StayArgument(argument: "4711") == .number(4711))
        #expect(StayArgument(argument: "tmp-004711") == Plate.temporaryCode(4711).map { .plate($0) })
        #expect(StayArgument(argument: "沪A·12345") == Plate("沪A12345").map { .plate($0) })
        for wrong in ["0", "-3", "TMP-47", "TMP-0047111", "", "无牌"] {
            #expect(StayArgument(argument: wrong) == nil, "\(wrong)")
        }
        for words in [
            ["stay", "show", "TMP-004711"], ["stay", "close", "TMP-004711", "--reason", "TEST"],
            ["stay", "match", "TMP-004711", "4800", "--reason", "TEST"],
            ["stay", "claim", "TMP-004711", "沪A12345", "--reason", "TEST"],
        ] {
            #expect(throws: Never.self, "\(words)") { try GatehouseCommand.parseAsRoot(words) }
        }
    }
}
