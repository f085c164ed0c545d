// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GatehouseCommandLine
import GatehouseCore
import Testing

@testable import gatehouse_booth
@testable import gatehoused

@Suite struct ManPageTests {
    private struct Command {
        /// `lane open`.
        var words: String
        var type: any ParsableCommand.Type
    }

    private static func leaves(of type: any ParsableCommand.Type, words: [String] = []) -> [Command] {
        let children = type.configuration.subcommands
        guard !children.isEmpty else { return [Command(words: words.joined(separator: " "), type: type)] }
        return children.flatMap { leaves(of: $0, words: words + [$0._commandName]) }
    }

    /// As the pages write them: `--for <minutes>` is `Fl -for Ar minutes` there.
    private static func options(in usage: String) -> [String] {
        usage.matches(of: /--([a-z-]+)(?: <([a-z-]+)>)?/).map { option in
            "Fl -\(option.1)\(option.2.map { " Ar \($0)" } ?? "")"
        }
    }

    @Test func `gatehouse(1) names every command with every option and what it takes`() throws {
        let page = try Repository.text("docs/man/gatehouse.1")
        let commands = Self.leaves(of: GatehouseCommand.self)
        #expect(commands.count >= 30)
        for command in commands {
            #expect(page.contains(".It Cm \(command.words)"), "\(command.words) is not in gatehouse(1)")
            let usage = GatehouseCommand.usageString(for: command.type)
            for option in Self.options(in: usage) {
                #expect(page.contains(option), "\(command.words): \(option) is not in gatehouse(1)")
            }
        }
    }

    @Test func `gatehouse(1) names nothing that is not there`() throws {
        let page = try Repository.text("docs/man/gatehouse.1")
        let commands = Self.leaves(of: GatehouseCommand.self).map(\.words)
        for line in page.components(separatedBy: "\n") where line.hasPrefix(".It Cm ") {
            let named = line.dropFirst(7)
            #expect(commands.contains { named == $0 || named.hasPrefix("\($0) ") }, "\(line)")
        }
    }

    @Test func `gatehouse(1) says which commands take no --json`() throws {
        let page = try Repository.text("docs/man/gatehouse.1")
        let after = try #require(page.components(separatedBy: "\nEvery command but\n").dropFirst().first)
        let sentence = try #require(after.components(separatedBy: "\ntakes it.\n").first)
        let named = sentence.split { " ,\n".contains($0) }.map { String($0) }
            .filter { ![".Cm", "and"].contains($0) }
        let others = Self.leaves(of: GatehouseCommand.self).filter {
            !GatehouseCommand.helpMessage(for: $0.type).contains("  --json ")
        }
        #expect(named.sorted() == others.map(\.words).sorted())
    }

    @Test func `gatehoused(8) names every option`() throws {
        let page = try Repository.text("docs/man/gatehoused.8")
        for option in Self.options(in: DaemonCommand.usageString()) {
            #expect(page.contains(option), "\(option) is not in gatehoused(8)")
        }
    }

    @Test func `gatehouse-booth(8) names every command with every option`() throws {
        let page = try Repository.text("docs/man/gatehouse-booth.8")
        let commands = Self.leaves(of: BoothRoot.self)
        #expect(commands.count == 2)
        for command in commands {
            #expect(page.contains(".It Cm \(command.words)"), "\(command.words)")
            for option in Self.options(in: BoothRoot.usageString(for: command.type)) {
                #expect(page.contains(option), "\(command.words): \(option) is not in gatehouse-booth(8)")
            }
        }
    }

    @Test func `gatehouse(1) has every exit code and reason`() throws {
        let page = try Repository.text("docs/man/gatehouse.1")
        for status in ExitStatus.allCases { #expect(page.contains("\n.It \(status.rawValue)\n")) }
        for reason in OperatorReason.allCases {
            #expect(page.contains(reason.rawValue), "\(reason.rawValue)")
        }
    }

    @Test(arguments: [CompletionShell.bash, .zsh, .fish].map(\.rawValue))
    func `completion knows the commands`(_ shell: String) throws {
        let script = GatehouseCommand.completionScript(for: try #require(CompletionShell(rawValue: shell)))
        for word in ["explain", "seen-empty", "RESIDENT_VERIFIED"] { #expect(script.contains(word)) }
    }
}
